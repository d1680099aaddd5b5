import { defineRule } from '../../engine/rule.ts';
import { insert } from '../../text/edit.ts';
import { knownItems } from '../../yaml/field.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/port-unquoted',
    rows: ['C106'],
    summary: 'A port mapping should be quoted.',
    why: 'YAML 1.1 reads two numbers with a colon between them as a number to the base of 60: `22:22` is 1342 there. Whether that happens depends on the ports and on the program that reads the file, so that one line works and the next does not. Quotes make every mapping a text.',
    severity: 'information',
    topic: 'style',
    messages: {
      sexagesimal: 'Unquoted port mapping: YAML 1.1 reads {text} as the number {number}',
      unquoted: 'Unquoted port mapping {text}: some YAML readers take such values for numbers',
    },
    titles: { quote: 'Quote the port mapping' },
    fix: 'always',
    examples: [
      {
        file: 'compose.yaml',
        bad: `services:
  git:
    image: gitea/gitea:1.24
    ports:
      - 22:22
`,
        good: `services:
  git:
    image: gitea/gitea:1.24
    ports:
      - "22:22"
`,
      },
    ],
    options: {},
    sources: ['dclint require-quotes-in-ports'],
  },
  *check({ node }) {
    for (const key of ['ports', 'expose']) {
      for (const item of knownItems(node, key)) {
        // An alias is quoted where its anchor is.
        if (item.node.kind !== 'scalar' || item.node.style !== 'plain' || item.node.tag !== undefined) continue;
        const { text, span, interpolated } = item.node;
        if (!text.includes(':')) continue;
        const number = interpolated ? undefined : sexagesimal(text);
        yield {
          message: number === undefined ? 'unquoted' : 'sexagesimal',
          severity: number === undefined ? 'information' : 'warning',
          data: { text, number: number ?? '' },
          span,
          fixes: [{ title: 'quote', safety: 'safe', edits: [insert(span.start, '"'), insert(span.end, '"')] }],
        };
      }
    }
  },
});

/** The integer that YAML 1.1 reads from digits with colons between them; undefined where it reads a text. */
function sexagesimal(text: string): number | undefined {
  if (!/^[1-9]\d*(?::[0-5]?\d)+$/.test(text)) return undefined;
  return text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
}
