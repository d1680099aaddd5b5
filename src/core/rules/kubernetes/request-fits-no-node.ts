import { defineRule } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import type { Container, Workload } from '../../kubernetes/model.ts';
import { limitRangesIn, podResources } from '../../kubernetes/pod-resources.ts';
import { formatCpu, formatHumanBytes } from '../../quantity/display.ts';
import { nanoPerUnit, parseKubernetesQuantity } from '../../quantity/kubernetes.ts';
import { applyDefaults } from '../../sizing/defaulting.ts';
import { type ContainerResources, isHugePages, type PodResources } from '../../sizing/resources.ts';
import { podAmounts, schedulerAmount } from '../../sizing/scheduler-units.ts';
import type { Span } from '../../text/span.ts';
import { patchFix } from '../patch-fix.ts';
import { chosenNodes, fits } from './parts/chosen-nodes.ts';

const pod = (cpu: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        requests:
          cpu: ${cpu}
          memory: 1Gi
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/request-fits-no-node',
    rows: [],
    summary: 'A pod should request no more than one of the chosen nodes has for pods.',
    why: 'The scheduler only looks at requests. A pod that asks for more than an empty node has left after its own reservations stays Pending, and no autoscaler helps, since each new node is as large as the others. Compared is with `nodeShape` and `moreNodeShapes` of the assumptions, or with `node` of the settings; what a cloud keeps for itself is an estimate. Without a chosen node this rule is silent.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      size: 'No chosen node fits: {request} {resource} is requested, and {node} has about {allocatable} for pods',
      device: 'No chosen node fits: {request} × {resource} is requested, and {node} has {allocatable}',
    },
    titles: { lower: 'Request {value}, which {node} has room for' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        settings: 'assumptions: {nodeShape: m7g.large}\n',
        bad: pod('2'),
        good: pod('1930m'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(workload, { settings, file }) {
    const chosen = chosenNodes(settings);
    const written = chosen.length === 0 || workload.object.context === 'patch' ? undefined : podResources(workload);
    if (written === undefined) return;
    const ranges = limitRangesIn(file.kubernetes.objects, workload.object);
    const asked = podAmounts(applyDefaults(written, ranges).pod);
    const short = chosen.map(({ amounts }) =>
      [...asked].filter(([resource, amount]) => amount > (amounts.get(resource) ?? Number.POSITIVE_INFINITY)),
    );
    if (short.some((resources) => resources.length === 0)) return;
    // What the first node is short of; of the others the one that has most of it is named.
    const [resource, amount] = short[0]?.[0] ?? ['', 0];
    const most = chosen.reduce((best, next) =>
      (next.amounts.get(resource) ?? 0) > (best.amounts.get(resource) ?? 0) ? next : best,
    );
    const isDevice = resource !== 'cpu' && !isSize(resource);
    const { span, request } = placeOf(workload, resource);
    const value = request && lowered(resource, request, amount - (most.amounts.get(resource) ?? 0));
    yield {
      message: isDevice ? 'device' : 'size',
      data: {
        resource: resource === 'cpu' ? 'CPU' : resource,
        request: amountText(resource, amount),
        node: most.name,
        allocatable: amountText(resource, most.amounts.get(resource) ?? 0),
      },
      span,
      ...(request &&
        value !== undefined &&
        fits(applyDefaults(withRequest(written, request, resource, value), ranges).pod, most) && {
          fixes: patchFix(workload.object.document, {
            title: 'lower',
            safety: 'suggested',
            data: { value, node: most.name },
            patches: [{ kind: 'set', path: resourcePath(request.container, 'requests', resource), value }],
          }),
        }),
    };
  },
});

function amountText(resource: string, amount: number): string {
  if (resource === 'cpu') return formatCpu(BigInt(amount) * 1_000_000n);
  return isSize(resource) ? formatHumanBytes(BigInt(amount) * nanoPerUnit) : `${amount}`;
}

function isSize(resource: string): boolean {
  return resource === 'memory' || resource === 'ephemeral-storage' || isHugePages(resource);
}

interface Request {
  readonly container: Container;
  readonly text: string;
}

/** The largest request of the resource, or the limit that it comes from; the first container where none is written. */
function placeOf(
  { containers, object }: Workload,
  resource: string,
): { readonly span: Span; readonly request?: Request | undefined } {
  const places = containers.flatMap((container) => {
    const request = container.requests.get(resource);
    const text = request ?? container.limits.get(resource);
    if (text === undefined) return [];
    const parsed = parseKubernetesQuantity(text.value);
    const amount = parsed.ok ? parsed.quantity.nano : 0n;
    return [{ span: text.span, request: request && { container, text: request.value }, amount }];
  });
  const [first, ...others] = places;
  if (first === undefined) return { span: containers[0]?.label ?? object.name?.span ?? object.kind.span };
  return others.reduce((best, next) => (next.amount > best.amount ? next : best), first);
}

/** The request without what the pod has too much, in whole thousandths or MiB; undefined where nothing is left of it. */
function lowered(resource: string, { text }: Request, excess: number): string | undefined {
  const parsed = parseKubernetesQuantity(text);
  if (!parsed.ok || (resource !== 'cpu' && !isSize(resource))) return undefined;
  const left = schedulerAmount(resource, parsed.quantity) - excess;
  const whole = resource === 'cpu' ? left : Math.floor(left / 2 ** 20);
  if (whole < 1) return undefined;
  return resource === 'cpu' ? `${whole}m` : `${whole}Mi`;
}

function withRequest(pod: PodResources, { container }: Request, resource: string, value: string): PodResources {
  const parsed = parseKubernetesQuantity(value);
  const changed = <One extends ContainerResources>(one: One): One =>
    parsed.ok && one.name === container.name?.value
      ? { ...one, requests: new Map([...one.requests, [resource, parsed.quantity]]) }
      : one;
  return { ...pod, containers: pod.containers.map(changed), initContainers: pod.initContainers.map(changed) };
}
