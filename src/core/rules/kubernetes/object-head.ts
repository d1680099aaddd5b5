import { defineRule } from '../../engine/rule.ts';
import { hasPatchDirective, isPatchPath } from '../../kubernetes/recognise.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { asMapping, entry, mayHave } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { versionOf } from './parts/current-versions.ts';

const file = (head: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
${head}kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
`;

export default defineRule('yaml-document', {
  meta: {
    id: 'kubernetes/object-head',
    rows: ['K803'],
    summary: 'An object says its `apiVersion` and its `kind`.',
    why: 'Without them nobody can tell what an object is: `kubectl` refuses it, and editors and checks pass it over.',
    severity: 'error',
    topic: 'correctness',
    messages: { version: '{kind} has no apiVersion', kind: 'The object has no kind' },
    titles: { version: 'Add apiVersion: {version}', complete: 'Add the kind' },
    fix: 'sometimes',
    examples: [{ file: 'shop.yaml', bad: file(''), good: file('apiVersion: v1\n') }],
    options: {},
    sources: ['monokle K8S001', 'kube-linter schema-validation'],
  },
  *check(document, { file: { path } }) {
    const root = asMapping(document.root);
    if (root === undefined) return;
    const hasVersion = mayHave(root, 'apiVersion');
    if (hasVersion === mayHave(root, 'kind')) return;
    // Only with metadata is it certain that an object is meant.
    const metadata = fieldAt(root, 'metadata');
    const name = metadata === undefined || metadata === 'unknown' ? undefined : knownText(metadata, 'name');
    if (name === undefined || isPatchPath(path) || hasPatchDirective(document)) return;
    if (hasVersion) {
      const patches = [{ kind: 'set', path: ['kind'], value: '<kind>' }] as const;
      const span = entry(root, 'apiVersion')?.key.span ?? name.span;
      yield { message: 'kind', span, fixes: patchFix(document, { title: 'complete', safety: 'manual', patches }) };
      return;
    }
    const kind = knownText(root, 'kind');
    if (kind === undefined || !/^[A-Z][A-Za-z]+$/.test(kind.value)) return;
    const version = versionOf(kind.value);
    const span = entry(root, 'kind')?.key.span;
    const start = span?.start;
    yield {
      message: 'version',
      data: { kind: kind.value },
      span: kind.span,
      fixes:
        version === undefined || start === undefined || root.flow || document.actions.length > 0
          ? []
          : [
              {
                title: 'version',
                data: { version },
                safety: 'suggested',
                edits: [{ span: { start, end: start }, newText: `apiVersion: ${version}\n` }],
              },
            ],
    };
  },
});
