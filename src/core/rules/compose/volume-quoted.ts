import { defineRule } from '../../engine/rule.ts';
import { remove } from '../../text/edit.ts';
import { knownItems } from '../../yaml/field.ts';
import type { YamlScalar } from '../../yaml/node.ts';
import { needsQuotes } from '../../yaml/scalars.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/volume-quoted',
    rows: ['C116'],
    summary: 'A volume should be written without quotes that it does not need.',
    why: 'A path or a name with colons is a text to YAML as it stands. Quotes around some of them only make readers wonder what is different about these.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: { quoted: 'Quotes that {text} does not need' },
    titles: { unquote: 'Remove the quotes' },
    fix: 'always',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    volumes:\n      - "./data:/data"\n',
        good: 'services:\n  web:\n    image: web:1.4\n    volumes:\n      - ./data:/data\n',
      },
    ],
    options: {},
    sources: ['dclint no-quotes-in-volumes'],
  },
  *check({ node, file: { document } }) {
    for (const { node: item } of knownItems(node, 'volumes')) {
      if (item.kind !== 'scalar' || item.tag !== undefined || !isNeedless(item, document.text)) continue;
      const { span } = item;
      yield {
        message: 'quoted',
        data: { text: document.text.slice(span.start + 1, span.end - 1) },
        span,
        fixes: [
          {
            title: 'unquote',
            safety: 'safe',
            edits: [remove({ start: span.start, end: span.start + 1 }), remove({ start: span.end - 1, end: span.end })],
          },
        ],
      };
    }
  },
});

/** Whether the text between the quotes means the same without them: no escapes, nothing that a list in brackets would end at. */
function isNeedless({ style, span, text, interpolated }: YamlScalar, source: string): boolean {
  if (style !== 'single' && style !== 'double') return false;
  const written = source.slice(span.start + 1, span.end - 1);
  return (interpolated || written === text) && !/[\\'"]/.test(written) && !needsQuotes(written, true);
}
