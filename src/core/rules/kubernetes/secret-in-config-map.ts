import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';
import { knownMapping, scalarText } from '../../yaml/field.ts';
import { asScalar, entries } from '../../yaml/read.ts';
import { isSecret, secretLines, secretShape } from './parts/secret-words.ts';

const manifest = (key: string) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
data:
  db_user: shop
  ${key}
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/secret-in-config-map',
    rows: ['K509'],
    summary: 'Passwords, keys and tokens should not be in a ConfigMap.',
    why: 'Whoever may look at a namespace may read its ConfigMaps, they are not encrypted where the cluster stores them, and their manifests are checked in. A Secret is mounted the same way and can be kept from all that.',
    severity: 'warning',
    topic: 'security',
    messages: {
      literal: '`{name}` is written out: everyone who may look at the namespace has it',
      shape: 'This is {what}: everyone who may look at the namespace has it',
    },
    titles: {},
    fix: 'never',
    examples: [
      { file: 'config.yaml', bad: manifest('db_password: hunter2'), good: manifest('db_password_file: /run/db') },
    ],
    options: {},
    sources: [
      'kube-linter configmap-with-credentials',
      'polaris sensitiveConfigmapContent',
      'trivy KSV-0109',
      'trivy KSV-01010',
      'kubescape C-0012',
      'semgrep secrets-in-config-file',
    ],
  },
  *check({ root, kind, apiVersion, document }) {
    if (kind.value !== 'ConfigMap' || apiVersion.value !== 'v1') return;
    const data = knownMapping(root, 'data');
    for (const { key, value } of data === undefined ? [] : entries(data)) {
      const scalar = value && asScalar(value);
      const text = value && scalarText(value);
      if (!scalar || !text || key.unknown) continue;
      if (!/\n./.test(text.value) && isSecret(key.text, text.value.trimEnd())) {
        yield { message: 'literal', data: { name: key.text }, span: text.span };
        continue;
      }
      if (value.kind === 'alias') continue;
      const source = document.text.slice(scalar.span.start, scalar.span.end);
      const lines = [...secretLines(source)];
      for (const { name, span } of lines)
        yield { message: 'literal', data: { name }, span: shifted(span, scalar.span.start) };
      const what = lines.length > 0 ? undefined : secretShape(text.value);
      // Text that a program brings along has addresses as examples.
      if (what !== undefined && what !== 'a URL with its password')
        yield { message: 'shape', data: { what }, span: key.span };
    }
  },
});

function shifted({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}
