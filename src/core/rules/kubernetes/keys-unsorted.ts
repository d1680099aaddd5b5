import { defineRule } from '../../engine/rule.ts';
import type { YamlMapping, YamlPair } from '../../yaml/node.ts';
import { isMergeKey, walk } from '../../yaml/read.ts';

const manifest = (metadata: string) => `apiVersion: v1
kind: ConfigMap
metadata:
${metadata}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/keys-unsorted',
    rows: ['K817'],
    summary: 'Keys stand in the order of the alphabet.',
    why: 'Where the keys of all manifests are in one order, two of them can be compared line by line, and nobody moves a key in passing. Off by default: most people write `name` first, and what belongs together side by side.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: { before: '`{key}` comes before `{after}` in the alphabet' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'settings.yaml',
        bad: manifest('  namespace: shop\n  name: settings\n'),
        good: manifest('  name: settings\n  namespace: shop\n'),
      },
    ],
    options: {},
    sources: ['kube-linter sorted-keys'],
  },
  *check({ root }) {
    for (const { node } of walk({ root })) {
      if (node?.kind !== 'mapping') continue;
      const found = firstMisplaced(node);
      if (found !== undefined)
        yield {
          message: 'before',
          data: { key: found.pair.key.text, after: found.after.key.text },
          span: found.pair.key.span,
        };
    }
  },
});

/** The first key that comes before the one above it. */
function firstMisplaced({ pairs }: YamlMapping): { readonly pair: YamlPair; readonly after: YamlPair } | undefined {
  const told = pairs.filter((pair) => !pair.key.unknown && !isMergeKey(pair));
  for (const [index, pair] of told.entries()) {
    const after = told[index - 1];
    if (after !== undefined && pair.key.text < after.key.text) return { pair, after };
  }
  return undefined;
}
