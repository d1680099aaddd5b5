import { defineRule } from '../../engine/rule.ts';
import { insert } from '../../text/edit.ts';
import { asMapping } from '../../yaml/read.ts';

const two = (between: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
${between}apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
`;

export default defineRule('yaml-document', {
  meta: {
    id: 'kubernetes/document-separator',
    rows: ['K821'],
    summary: 'Each object of a file needs a document of its own.',
    why: 'Without a line `---` between them two objects are one mapping with keys that come twice. Tools take the last of each, so that the first object is silently never made, or refuse the file.',
    severity: 'error',
    topic: 'correctness',
    messages: { missing: 'Another object begins here: a line with --- is missing before it' },
    titles: { insert: 'Insert ---' },
    fix: 'sometimes',
    examples: [{ file: 'shop.yaml', bad: two(''), good: two('---\n') }],
    options: {},
    sources: [],
  },
  *check({ root, text, actions }) {
    const mapping = asMapping(root);
    // Of two branches of a template only one is taken.
    if (mapping === undefined || mapping.flow || actions.length > 0) return;
    const seen = new Set<string>();
    const heads = mapping.pairs.filter(({ key }) => key.text === 'apiVersion' || key.text === 'kind');
    for (const { key } of heads) {
      // A key that is only written twice begins no object of its own.
      const whole = seen.size === 2;
      const rest = new Set(heads.filter((pair) => pair.key.span.start >= key.span.start).map((pair) => pair.key.text));
      if (!seen.has(key.text) || !whole || rest.size < 2) {
        seen.add(key.text);
        continue;
      }
      seen.clear();
      seen.add(key.text);
      const start = beforeComments(text, key.span.start);
      const fixes =
        start === undefined
          ? []
          : [{ title: 'insert' as const, safety: 'suggested' as const, edits: [insert(start, '---\n')] }];
      yield { message: 'missing', span: key.span, fixes };
    }
  },
});

/** The beginning of the comments right above a key that begins a line; undefined where it does not. */
function beforeComments(text: string, key: number): number | undefined {
  let start = key;
  if (start > 0 && text[start - 1] !== '\n') return undefined;
  while (start > 0) {
    const line = text.lastIndexOf('\n', start - 2) + 1;
    if (text[line] !== '#') break;
    start = line;
  }
  return start;
}
