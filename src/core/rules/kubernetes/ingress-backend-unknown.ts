import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { readService, type Service } from '../../kubernetes/service.ts';
import { type Field, fieldAt, knownInteger, knownItems, knownText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

interface Backend {
  readonly node: Field;
  readonly path: YamlPath;
}

const service = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - name: http
      port: 80
`;

const ingress = (name: string) => `${service}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: ${name}
      port:
        name: http
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/ingress-backend-unknown',
    rows: ['K708'],
    summary: 'An Ingress should send to a Service that exists, on a port that it has.',
    why: 'Where the Service or its port does not exist, the ingress controller answers 503 for that path and nothing refuses the manifest. Compared are the files that are deployed together, and only where Services are written there.',
    severity: 'warning',
    topic: 'network',
    messages: {
      service: 'No Service here is called `{name}`',
      elsewhere: 'Service `{name}` is in namespace `{namespace}`, where an Ingress cannot send',
      port: 'Service `{name}` has no port {port}: it has {ports}',
      defined: '`{name}` is defined here',
    },
    titles: { service: 'Send to `{meant}`', port: 'Send to port {meant}' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: ingress('wbe'), good: ingress('web') }],
    options: {},
    sources: [
      'kube-linter dangling-ingress',
      'kube-score ingress-targets-service',
      'kubescape C-0298',
      'popeye 1401',
      'popeye 1402',
      'monokle LNK',
    ],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (object.kind.value !== 'Ingress' || object.context === 'patch') continue;
      for (const { node, path } of backendsOf(object)) {
        if (node === undefined || node === 'unknown') continue;
        // `serviceName` is how v1beta1 writes it.
        const old = knownText(node, 'serviceName');
        const name = old ?? knownText(node, 'service', 'name');
        if (name === undefined) continue;
        const namePath = old === undefined ? [...path, 'service', 'name'] : [...path, 'serviceName'];
        const target = findTarget(file, object, 'Service', name.value);
        if (target.kind === 'missing') {
          const meant = closest(name.value, target.names);
          yield {
            message: 'service',
            data: { name: name.value },
            severity: meant === undefined ? 'information' : 'warning',
            span: name.span,
            offset: start,
            fixes: meant === undefined ? [] : setTo(object, namePath, 'service', meant),
          };
        }
        if (target.kind === 'elsewhere') {
          const namespace = target.object.object.namespace?.value ?? '';
          yield { message: 'elsewhere', data: { name: name.value, namespace }, span: name.span, offset: start };
        }
        const found = target.kind === 'found' ? readService(target.object.object) : undefined;
        if (found === undefined || target.kind !== 'found') continue;
        const wrong = wrongPort(found, node, path);
        if (wrong === undefined) continue;
        yield {
          message: 'port',
          data: { name: name.value, port: wrong.text, ports: portsOf(found).join(', ') },
          span: wrong.span,
          offset: start,
          fixes: wrong.meant === undefined ? [] : setTo(object, wrong.path, 'port', wrong.meant),
          related: [
            { message: 'defined', span: found.object.name?.span ?? found.object.kind.span, neighbour: target.object },
          ],
        };
      }
    }
  },
});

/** Every place of an Ingress that names a Service. */
function backendsOf({ root, path }: KubernetesObject): readonly Backend[] {
  const spec = [...path, 'spec'];
  const backends: Backend[] = ['defaultBackend', 'backend'].map((key) => ({
    node: fieldAt(root, 'spec', key),
    path: [...spec, key],
  }));
  for (const { index, node: rule } of knownItems(root, 'spec', 'rules')) {
    for (const { index: at, node } of knownItems(rule, 'http', 'paths')) {
      const here = [...spec, 'rules', index, 'http', 'paths', at, 'backend'];
      backends.push({ node: fieldAt(node, 'backend'), path: here });
    }
  }
  return backends;
}

function wrongPort(target: Service, backend: Exclude<Field, undefined | 'unknown'>, path: YamlPath) {
  // An ExternalName has no ports of its own; actions of a template may add some.
  if (target.type === 'ExternalName' || target.ports.length === 0) return undefined;
  if (fieldAt(target.object.root, 'spec', 'ports') === 'unknown' || target.object.context !== 'manifest')
    return undefined;
  if (target.ports.some(({ port }) => port === undefined)) return undefined;
  const names = target.ports.flatMap(({ name }) => (name === undefined ? [] : [name.value]));
  const numbers = target.ports.flatMap(({ port }) => (port === undefined ? [] : [port.value]));
  const name = knownText(backend, 'service', 'port', 'name');
  const number = knownInteger(backend, 'service', 'port', 'number') ?? knownInteger(backend, 'servicePort');
  const [only] = numbers;
  if (name !== undefined && !names.includes(name.value))
    return {
      text: `\`${name.value}\``,
      span: name.span,
      path: [...path, 'service', 'port', 'name'],
      meant: closest(name.value, names),
    };
  if (number !== undefined && !numbers.includes(number.value)) {
    const at =
      fieldAt(backend, 'servicePort') === undefined ? [...path, 'service', 'port', 'number'] : [...path, 'servicePort'];
    return { text: String(number.value), span: number.span, path: at, meant: numbers.length === 1 ? only : undefined };
  }
  return undefined;
}

function portsOf({ ports }: Service): readonly string[] {
  return ports.map(({ name, port }) => (name === undefined ? String(port?.value) : `${name.value} (${port?.value})`));
}

function setTo(object: KubernetesObject, path: YamlPath, title: 'service' | 'port', meant: string | number) {
  const patches = [{ kind: 'set', path, value: meant }] as const;
  return patchFix(object.document, { title, data: { meant }, safety: 'suggested', patches });
}
