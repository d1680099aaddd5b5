import { defineRule } from '../../engine/rule.ts';
import type { Container, KubernetesObject } from '../../kubernetes/model.ts';
import { readService, type Service } from '../../kubernetes/service.ts';
import type { Located, Span } from '../../text/span.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { asMapping } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

/** It judges names of containers' ports beside those that a Service asks for. */
const ofContainers = 'kube-linter invalid-target-ports';
const others = ['kube-score container-ports-check', 'popeye 1102'] as const;

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - name: ${name}
          containerPort: 8080
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/port-name',
    rows: ['K705'],
    summary: 'Ports need names that the API server takes, and a Service with several ports a name for each.',
    why: "The name of a container's port is at most 15 characters of a-z, 0-9 and -, with a letter in it; that of a Service's port at most 63. The API server refuses others, names that come twice, ports of a Service that have none beside others, and numbers that are no ports.",
    severity: 'error',
    topic: 'network',
    messages: {
      container: '`{name}` is no name of a port: at most 15 of a-z, 0-9 and -, with a letter',
      service: "`{name}` is no name of a Service's port: at most 63 of a-z, 0-9 and -",
      twice: 'Another port is called `{name}` too',
      missing: 'A Service with several ports needs a name for each',
      number: '{port} is no port: ports are 1 to 65535',
    },
    titles: {
      rename: 'Call it {meant}',
      target: 'Call it {meant}, as the port of its pods',
      complete: 'Give it a name',
    },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('HTTP_main'), good: pod('http-main') }],
    options: {},
    sources: [...others, ofContainers],
  },
  *check(object) {
    for (const container of object.workload?.containers ?? []) {
      for (const found of inContainer(object, container))
        yield found.message === 'container' ? found : { ...found, peers: others };
    }
    const service = readService(object);
    if (service === undefined) return;
    for (const found of inService(object, service)) yield { ...found, peers: others };
  },
});

interface Named {
  readonly name: Located<string>;
  readonly path: YamlPath;
}

function* inContainer(object: KubernetesObject, { node, path }: Container) {
  const named: Named[] = [];
  for (const { index, node: port } of knownItems(node, 'ports')) {
    const at = [...path, 'ports', index];
    for (const field of ['containerPort', 'hostPort']) yield* badNumber(knownText(port, field), field === 'hostPort');
    const name = knownText(port, 'name');
    if (name === undefined || name.value === '' || /[${}<>]/.test(name.value)) continue;
    named.push({ name, path: [...at, 'name'] });
    if (isPortName(name.value)) continue;
    const fixes = rename(object, [...at, 'name'], sanitised(name.value, 15), isPortName);
    yield { message: 'container' as const, data: { name: name.value }, span: name.span, fixes };
  }
  yield* repeated(object, named);
}

function* inService(object: KubernetesObject, service: Service) {
  const items = knownItems(object.root, 'spec', 'ports');
  const named: Named[] = [];
  for (const [at, { path, name, targetPort }] of service.ports.entries()) {
    const node = items[at]?.node;
    yield* badNumber(knownText(node, 'port'), false);
    yield* badNumber(knownText(node, 'nodePort'), true);
    const namePath = [...path, 'name'];
    if (name !== undefined && name.value !== '') {
      if (/[${}<>]/.test(name.value)) continue;
      named.push({ name, path: namePath });
      if (isLabel(name.value)) continue;
      const fixes = rename(object, namePath, sanitised(name.value, 63), isLabel);
      yield { message: 'service' as const, data: { name: name.value }, span: name.span, fixes };
      continue;
    }
    if (service.ports.length < 2 || fieldAt(node, 'name') === 'unknown' || object.context === 'patch') continue;
    const meant = targetPort !== undefined && isPortName(targetPort.value) ? targetPort.value : undefined;
    const free = meant !== undefined && service.ports.every((port) => port.name?.value !== meant);
    const set = (value: string) => [{ kind: 'set', path: namePath, value }] as const;
    yield {
      message: 'missing' as const,
      span: labelOf(node, service.ports[at]?.span ?? object.kind.span),
      fixes: free
        ? patchFix(object.document, { title: 'target', data: { meant }, safety: 'suggested', patches: set(meant) })
        : patchFix(object.document, { title: 'complete', safety: 'manual', patches: set('<name>') }),
    };
  }
  yield* repeated(object, named);
}

function labelOf(node: Parameters<typeof asMapping>[0], span: Span): Span {
  return asMapping(node)?.pairs[0]?.key.span ?? span;
}

function* badNumber(written: Located<string> | undefined, zero: boolean) {
  if (written === undefined || !/^-?\d+$/.test(written.value)) return;
  const port = Number(written.value);
  if ((port >= 1 && port <= 65535) || (zero && port === 0)) return;
  yield { message: 'number' as const, data: { port: written.value }, span: written.span };
}

function* repeated({ document }: KubernetesObject, named: readonly Named[]) {
  // Of two branches of a template only one is taken.
  if (document.actions.length > 0) return;
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name.value)) yield { message: 'twice' as const, data: { name: name.value }, span: name.span };
    seen.add(name.value);
  }
}

/** What the API server takes as the name of a container's port (RFC 6335). */
function isPortName(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/.test(name) && /[a-z]/.test(name) && !name.includes('--');
}

/** A DNS label, as the name of a Service's port is one. */
function isLabel(name: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
}

function sanitised(name: string, length: number): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-/, '').slice(0, length).replace(/-$/, '');
}

function rename(object: KubernetesObject, path: YamlPath, meant: string, valid: (name: string) => boolean) {
  if (!valid(meant)) return [];
  const patches = [{ kind: 'set', path, value: meant }] as const;
  return patchFix(object.document, { title: 'rename', data: { meant }, safety: 'suggested', patches });
}
