import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { readService, type Service } from '../../kubernetes/service.ts';
import { type Field, fieldAt, knownInteger, knownItems, knownText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

const manifest = (name: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: web
spec:
  parentRefs:
    - name: edge
  rules:
    - backendRefs:
        - name: ${name}
          port: 80
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/route-backend-unknown',
    rows: ['K714'],
    summary: 'A route of the Gateway API should send to a Service that exists, on a port that it has.',
    why: 'A route whose backend does not exist is accepted: its status says `ResolvedRefs: False`, and the gateway answers 500 for what it matches. One whose Gateway does not exist is served by nobody. Compared are the files that are deployed together, and only where others of that kind are written there.',
    severity: 'warning',
    topic: 'network',
    messages: {
      missing: 'No {kind} here is called `{name}`',
      elsewhere: '{kind} `{name}` is in namespace `{namespace}`: the reference has to say so',
      port: 'Service `{name}` has no port {port}: it has {ports}',
      defined: '`{name}` is defined here',
    },
    titles: { name: 'Refer to `{meant}`', port: 'Send to port {meant}' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('wbe'), good: manifest('web') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (!/^(?:HTTP|GRPC|TLS|TCP|UDP)Route$/.test(object.kind.value) || object.context === 'patch') continue;
      if (!object.apiVersion.value.startsWith('gateway.networking.k8s.io/')) continue;
      for (const { node, path, kind } of referencesIn(object)) {
        const name = knownText(node, 'name');
        if (name === undefined || !isOf(node, kind) || fieldAt(node, 'namespace') !== undefined) continue;
        const set = (title: 'name' | 'port', value: string | number) =>
          patchFix(object.document, {
            title,
            data: { meant: value },
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...path, title], value }],
          });
        const target = findTarget(file, object, kind, name.value);
        const data = { kind, name: name.value };
        if (target.kind === 'missing') {
          const meant = closest(name.value, target.names);
          yield {
            message: 'missing',
            data,
            severity: meant === undefined ? 'information' : 'warning',
            span: name.span,
            offset: start,
            fixes: meant === undefined ? [] : set('name', meant),
          };
        }
        if (target.kind === 'elsewhere') {
          const namespace = target.object.object.namespace?.value ?? '';
          yield { message: 'elsewhere', data: { ...data, namespace }, span: name.span, offset: start };
        }
        const service = target.kind === 'found' ? readService(target.object.object) : undefined;
        const port = knownInteger(node, 'port');
        const ports = service && portsOf(service);
        if (target.kind !== 'found' || port === undefined || ports === undefined || ports.includes(port.value))
          continue;
        const [only] = ports.length === 1 ? ports : [];
        const { object: defined } = target.object;
        yield {
          message: 'port',
          data: { ...data, port: port.value, ports: ports.join(', ') },
          span: port.span,
          offset: start,
          fixes: only === undefined ? [] : set('port', only),
          related: [{ message: 'defined', span: defined.name?.span ?? defined.kind.span, neighbour: target.object }],
        };
      }
    }
  },
});

interface Reference {
  readonly node: Exclude<Field, undefined | 'unknown'>;
  readonly path: YamlPath;
  readonly kind: 'Gateway' | 'Service';
}

/** Every place of a route that names a Gateway or a backend. */
function referencesIn({ root, path }: KubernetesObject): readonly Reference[] {
  const spec = [...path, 'spec'];
  const found: Reference[] = knownItems(root, 'spec', 'parentRefs').map(({ index, node }) => ({
    node,
    path: [...spec, 'parentRefs', index],
    kind: 'Gateway',
  }));
  for (const { index, node: rule } of knownItems(root, 'spec', 'rules')) {
    const here = [...spec, 'rules', index];
    for (const { index: at, node } of knownItems(rule, 'backendRefs'))
      found.push({ node, path: [...here, 'backendRefs', at], kind: 'Service' });
    for (const { index: at, node: filter } of knownItems(rule, 'filters')) {
      const node = fieldAt(filter, 'requestMirror', 'backendRef');
      if (node !== undefined && node !== 'unknown')
        found.push({ node, path: [...here, 'filters', at, 'requestMirror', 'backendRef'], kind: 'Service' });
    }
  }
  return found;
}

/** Whether the reference means that kind: where it says nothing, a parent is a Gateway and a backend a Service. */
function isOf(node: Reference['node'], kind: Reference['kind']): boolean {
  const group = kind === 'Service' ? '' : 'gateway.networking.k8s.io';
  const [ofKind, ofGroup] = [fieldAt(node, 'kind'), fieldAt(node, 'group')];
  return (
    (ofKind === undefined || knownText(node, 'kind')?.value === kind) &&
    (ofGroup === undefined || knownText(node, 'group')?.value === group)
  );
}

/** The numbers of a Service's ports; undefined where they are not all known. */
function portsOf({ object, ports, type }: Service): readonly number[] | undefined {
  if (type === 'ExternalName' || object.context !== 'manifest' || ports.length === 0) return undefined;
  const numbers = ports.flatMap(({ port }) => (port === undefined ? [] : [port.value]));
  return numbers.length === ports.length ? numbers : undefined;
}
