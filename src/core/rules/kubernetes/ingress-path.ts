import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { asMapping } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { type IngressPath, ingressRules, isIngress } from './parts/ingress.ts';

const ingress = (type: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - path: /
            backend:
              service:
                name: web
                port:
                  name: http
${type}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/ingress-path',
    rows: ['K710'],
    summary: 'A path of an Ingress needs a type, and has to fit it.',
    why: 'Since networking.k8s.io/v1 every path says how it is compared, and the API server refuses one without `pathType`. `Prefix` compares whole segments, `Exact` all of it; both want a path that begins with `/` and has no `//`, `/./` or `/../` in it. `ImplementationSpecific` is what earlier versions took.',
    severity: 'error',
    topic: 'network',
    messages: {
      type: 'The path has no `pathType`: the API server refuses it',
      missing: 'With `pathType: {type}` a path is needed',
      relative: 'The path has to begin with /',
      segments: 'With `pathType: {type}` a path has no `{part}` in it',
    },
    titles: { prefix: 'Set pathType: {type}', slash: 'Write {path}' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: ingress(''), good: ingress('            pathType: Prefix\n') }],
    options: {},
    sources: ['kube-linter schema-validation', 'monokle K8S002'],
  },
  *check(object) {
    if (!isIngress(object) || object.context === 'patch') return;
    const needed = object.apiVersion.value === 'networking.k8s.io/v1';
    for (const { paths } of ingressRules(object)) for (const item of paths) yield* inPath(object, item, needed);
  },
});

function* inPath(object: KubernetesObject, { node, path }: IngressPath, needed: boolean) {
  const label = asMapping(node)?.pairs[0]?.key.span ?? node.span;
  const written = fieldAt(node, 'pathType');
  const type = knownText(node, 'pathType')?.value;
  const value = knownText(node, 'path');
  if (written === undefined && needed) {
    const types = value?.value.startsWith('/') ? ['Prefix', 'ImplementationSpecific'] : ['ImplementationSpecific'];
    yield {
      message: 'type' as const,
      span: value?.span ?? label,
      fixes: types.flatMap((one) =>
        patchFix(object.document, {
          title: 'prefix',
          data: { type: one },
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...path, 'pathType'], value: one }],
        }),
      ),
    };
  }
  const compared = type === 'Prefix' || type === 'Exact';
  if (value === undefined || value.value === '') {
    if (!compared || fieldAt(node, 'path') === 'unknown') return;
    yield {
      message: 'missing' as const,
      data: { type },
      span: value?.span ?? label,
      fixes: type === 'Prefix' ? write(object, path, '/') : [],
    };
    return;
  }
  if (/[${}<]/.test(value.value)) return;
  if (!value.value.startsWith('/')) {
    const fixes = compared || /^\w/.test(value.value) ? write(object, path, `/${value.value}`) : [];
    yield { message: 'relative' as const, span: value.span, fixes };
    return;
  }
  const part = compared ? /\/\/|\/\.\.?(?=\/|$)|%2f/i.exec(value.value)?.[0] : undefined;
  if (part === undefined || type === undefined) return;
  const fixes = part === '//' ? write(object, path, value.value.replace(/\/{2,}/g, '/')) : [];
  yield { message: 'segments' as const, data: { type, part }, span: value.span, fixes };
}

function write(object: KubernetesObject, path: IngressPath['path'], value: string) {
  const patches = [{ kind: 'set', path: [...path, 'path'], value }] as const;
  return patchFix(object.document, { title: 'slash', data: { path: value }, safety: 'suggested', patches });
}
