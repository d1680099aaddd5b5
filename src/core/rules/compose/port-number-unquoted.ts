import { defineRule } from '../../engine/rule.ts';
import { insert } from '../../text/edit.ts';
import { knownItems } from '../../yaml/field.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/port-number-unquoted',
    rows: ['C106'],
    summary: 'A port should be a text, even where it is one number only.',
    why: 'A lone number in `ports` or `expose` is read as a number and does no harm. Where all ports are quoted nobody has to know which of them need it: a colon makes the difference, and is soon added.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: { number: 'Unquoted port {text}' },
    titles: { quote: 'Quote the port' },
    fix: 'always',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    expose:\n      - 8080\n',
        good: 'services:\n  web:\n    image: web:1.4\n    expose:\n      - "8080"\n',
      },
    ],
    options: {},
    sources: ['dclint require-quotes-in-ports'],
  },
  *check({ node }) {
    for (const key of ['ports', 'expose']) {
      for (const { node: item } of knownItems(node, key)) {
        // An alias is quoted where its anchor is; with a colon in it, it is another rule's.
        if (item.kind !== 'scalar' || item.style !== 'plain' || item.tag !== undefined || item.text.includes(':'))
          continue;
        const { text, span } = item;
        yield {
          message: 'number',
          data: { text },
          span,
          fixes: [{ title: 'quote', safety: 'safe', edits: [insert(span.start, '"'), insert(span.end, '"')] }],
        };
      }
    }
  },
});
