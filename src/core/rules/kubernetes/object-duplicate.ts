import { defineRule } from '../../engine/rule.ts';
import type { PlacedObject } from '../../kubernetes/model.ts';

const map = (name: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  level: info
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/object-duplicate',
    rows: ['K811'],
    summary: 'An object should be in a file once.',
    why: 'Objects are told apart by group, kind, namespace and name. Of two in one file the second is applied over the first, so that the first is only there for a moment; Kustomize refuses them. Most often a copy was not renamed.',
    severity: 'warning',
    topic: 'configuration',
    messages: {
      again: '{kind} `{name}` is in this file already',
      first: 'The first {kind} of that name',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'shop.yaml', bad: `${map('a')}---\n${map('a')}`, good: `${map('a')}---\n${map('b')}` }],
    options: {},
    sources: [],
  },
  *check(file) {
    const seen = new Map<string, PlacedObject>();
    for (const placed of file.objects) {
      const { object, start } = placed;
      const { name, namespace, kind, apiVersion, context } = object;
      // Of two branches of a template only one is taken.
      if (context !== 'manifest' || name === undefined || apiVersion.value === '') continue;
      const group = apiVersion.value.replace(/\/?[^/]*$/, '');
      const key = [group, kind.value, namespace?.value ?? '', name.value].join('\n');
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, placed);
        continue;
      }
      const span = first.object.name?.span ?? first.object.kind.span;
      yield {
        message: 'again',
        data: { kind: kind.value, name: name.value },
        span: name.span,
        offset: start,
        related: [{ message: 'first', span, neighbour: first }],
      };
    }
  },
});
