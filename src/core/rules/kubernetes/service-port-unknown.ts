import { defineRule } from '../../engine/rule.ts';
import { mayHaveMoreContainers } from '../../kubernetes/container.ts';
import type { ContainerPort, Workload } from '../../kubernetes/model.ts';
import type { Service, ServicePort } from '../../kubernetes/service.ts';
import { onceFor } from '../../text/once-for.ts';
import type { Span } from '../../text/span.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import type { YamlNode, YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';
import { podsOfFile, type ServedPods } from './parts/served-pods.ts';

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/service-port-unknown',
    rows: ['K704'],
    summary: 'A Service should send to a port that its pods have.',
    why: 'The `targetPort` of a Service is a port of its pods, by number or by the name that a container gives it. A name that no container has leaves the Service without endpoints; a number that none listens on gets every connection refused. Only pods in the same file that list their ports are compared.',
    severity: 'warning',
    topic: 'network',
    messages: {
      number: 'No container lists port {port}: the pods of this Service have {ports}',
      name: 'No container has a port named `{port}`: the pods of this Service have {ports}',
      protocol: 'Port {port} of the pods is {actual}, not {protocol}',
      invalidName: '`{port}` is no port name: at most 15 of a-z, 0-9 and -, with a letter',
      invalidNumber: '{port} is no port: ports are 1 to 65535',
    },
    titles: { target: 'Send to port {target}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: htpt
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - name: http
          containerPort: 8080
`,
        good: `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: http
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - name: http
          containerPort: 8080
`,
      },
    ],
    options: {},
    sources: ['kube-linter invalid-target-ports', 'popeye 1106'],
  },
  *check(file) {
    for (const served of podsOfFile(file).services) {
      const { service, start, own } = served;
      if (!own || service.type === 'ExternalName' || service.object.context === 'patch') continue;
      for (const port of service.ports) {
        const target = targetOf(port);
        if (target === undefined) continue;
        const invalid = invalidity(target);
        if (invalid !== undefined) {
          yield { message: invalid, severity: 'error', data: { port: target.text }, span: target.span, offset: start };
          continue;
        }
        yield* compare(served, port, target);
      }
    }
  },
});

interface Target {
  readonly text: string;
  readonly number: number | undefined;
  readonly span: Span;
}

/** `targetPort`, else `port`; undefined where a template decides. */
function targetOf({ targetPort, targetUnknown, port }: ServicePort): Target | undefined {
  if (targetUnknown) return undefined;
  if (targetPort === undefined) return port && { text: String(port.value), number: port.value, span: port.span };
  const { value, span } = targetPort;
  return { text: value, number: /^\d+$/.test(value) ? Number(value) : undefined, span };
}

function invalidity({ text, number }: Target): 'invalidName' | 'invalidNumber' | undefined {
  if (/[${}<>]/.test(text)) return undefined;
  if (number !== undefined) return number >= 1 && number <= 65535 ? undefined : 'invalidNumber';
  const valid = /^[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/.test(text) && /[a-z]/.test(text) && !text.includes('--');
  return valid ? undefined : 'invalidName';
}

function* compare({ service, start, targets }: ServedPods, port: ServicePort, target: Target) {
  // Nothing translates the ports of a headless Service: clients dial what they like.
  const headless = knownText(service.object.root, 'spec', 'clusterIP')?.value === 'None';
  if (headless && target.number !== undefined) return;
  const ports: ContainerPort[] = [];
  if (targets.length === 0) return;
  for (const { pods, verdict } of targets) {
    const own = verdict === 'unknown' ? undefined : portsOf(pods.workload);
    if (own === undefined) return;
    ports.push(...own);
  }
  const found = ports.filter(({ name, number }) =>
    target.number === undefined ? name?.value === target.text : number?.value === target.number,
  );
  if (found.some(({ protocol }) => protocol === port.protocol)) return;
  const [other] = found;
  if (other !== undefined) {
    const data = { port: target.text, actual: other.protocol, protocol: port.protocol };
    yield { message: 'protocol' as const, data, span: target.span, offset: start };
    return;
  }
  yield {
    message: target.number === undefined ? ('name' as const) : ('number' as const),
    data: { port: target.text, ports: ports.map(describe).join(', ') },
    // A container may listen on what it does not list; a name has to be listed.
    severity: target.number === undefined ? ('warning' as const) : ('information' as const),
    span: target.span,
    offset: start,
    fixes: fixesOf(service, port, target, ports),
  };
}

/** Ports of what listens in a pod; undefined where none is listed, so that they can be any, or a template may list more. */
const portsOf = onceFor((workload: Workload): readonly ContainerPort[] | undefined => {
  if (workload.object.context === 'patch' || mayHaveMoreContainers(workload)) return undefined;
  const listening = workload.containers.filter(({ role }) => role === 'app' || role === 'sidecar');
  if (listening.some(({ node }) => mayHide(node, 'ports') || knownItems(node, 'ports').some(templated)))
    return undefined;
  const ports = listening.flatMap((container) => container.ports);
  if (ports.length === 0 || ports.some(({ name, number }) => name === undefined && number === undefined))
    return undefined;
  return ports;
});

function templated({ node }: { readonly node: YamlNode }): boolean {
  return ['name', 'containerPort', 'protocol'].some((key) => fieldAt(node, key) === 'unknown');
}

function describe({ name, number }: ContainerPort): string {
  return name === undefined
    ? String(number?.value)
    : number === undefined
      ? name.value
      : `${name.value} (${number.value})`;
}

/** The port that was meant: the nearest name, else the only port there is. */
function fixesOf({ object }: Service, { path, protocol }: ServicePort, target: Target, all: readonly ContainerPort[]) {
  const ports = all.filter((port) => port.protocol === protocol);
  const names = ports.flatMap(({ name }) => (name === undefined ? [] : [name.value]));
  const [only] = ports;
  const meant =
    (target.number === undefined ? closest(target.text, names) : undefined) ??
    (ports.length === 1 ? (only?.name?.value ?? only?.number?.value) : undefined);
  if (meant === undefined) return [];
  const at: YamlPath = [...path, 'targetPort'];
  return patchFix(object.document, {
    title: 'target',
    data: { target: meant },
    safety: 'suggested',
    patches: [{ kind: 'set', path: at, value: meant }],
  });
}
