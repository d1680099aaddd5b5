import { defineRule } from '../../engine/rule.ts';
import type { YamlPair } from '../../yaml/node.ts';
import { isMergeKey, valueAt, walk } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/duplicate-key',
    rows: ['C113'],
    summary: 'A key should be written once.',
    why: 'Compose refuses a file in which a mapping has a key twice. Other readers of YAML take the last one and say nothing, so that the first is read by people only.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      twice: '`{key}` is written twice here: Compose refuses the file',
      merge: '`<<` is written twice here: Compose refuses the file; write `<<: [*a, *b]`',
      first: 'It is here first',
    },
    titles: { remove: 'Remove it here, where it says the same again' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    init: true\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\n    init: true\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ document }) {
    // Of two keys in the branches of a template, one is left.
    if (document.actions.length > 0) return;
    for (const { node, path } of walk(document)) {
      if (node?.kind !== 'mapping') continue;
      const seen = new Map<string, YamlPair>();
      for (const pair of node.pairs) {
        const { key } = pair;
        const first = seen.get(key.text);
        if (first === undefined) {
          if (!key.unknown) seen.set(key.text, pair);
          continue;
        }
        const text = (one: YamlPair) => document.text.slice(one.span.start, one.span.end);
        // A patch goes to the last one of each key.
        const last =
          node.pairs.findLast((other) => other.key.text === key.text) === pair &&
          valueAt(document.root, ...path) === node;
        yield {
          message: isMergeKey(pair) ? 'merge' : 'twice',
          data: { key: key.text },
          span: key.span,
          related: [{ message: 'first', span: first.key.span }],
          fixes:
            last && text(first) === text(pair)
              ? patchFix(document, {
                  title: 'remove',
                  safety: 'suggested',
                  patches: [{ kind: 'remove', path: [...path, key.text] }],
                })
              : [],
        };
      }
    }
  },
});
