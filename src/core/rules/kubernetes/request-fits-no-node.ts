import { saidOfNodes } from '../../engine/node-assumptions.ts';
import { defineRule } from '../../engine/rule.ts';
import { defaultSettings, type Settings } from '../../engine/settings.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { limitRangesIn, podResources } from '../../kubernetes/pod-resources.ts';
import { formatCpu, formatHumanBytes } from '../../quantity/display.ts';
import { nanoPerUnit, parseKubernetesQuantity } from '../../quantity/kubernetes.ts';
import { applyDefaults } from '../../sizing/defaulting.ts';
import { ownNode, ownNodeName, presetNode, shapeNamed } from '../../sizing/node-choice.ts';
import { isHugePages } from '../../sizing/resources.ts';
import { podAmounts, type SchedulerAmounts } from '../../sizing/scheduler-units.ts';
import type { Span } from '../../text/span.ts';

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
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        settings: 'assumptions: {nodeShape: m7g.large}\n',
        bad: pod('2'),
        good: pod('1500m'),
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
    yield {
      message: isDevice ? 'device' : 'size',
      data: {
        resource: resource === 'cpu' ? 'CPU' : resource,
        request: amountText(resource, amount),
        node: most.name,
        allocatable: amountText(resource, most.amounts.get(resource) ?? 0),
      },
      span: placeOf(workload, resource),
    };
  },
});

interface ChosenNode {
  readonly name: string;
  /** Of the resources that somebody has said, or that are published. */
  readonly amounts: SchedulerAmounts;
}

const devices = ['nvidia.com/gpu', 'amd.com/gpu', 'aws.amazon.com/neuron'];

/** The nodes that the settings name; none where they only have what they have by default. */
function chosenNodes({ assumptions, node, kubernetesVersion }: Settings): readonly ChosenNode[] {
  const texts: Readonly<Record<string, string | undefined>> = assumptions;
  const said = saidOfNodes((name) => texts[name], kubernetesVersion.minor);
  const names = [assumptions.nodeShape ?? ownNodeName, ...(assumptions.moreNodeShapes ?? '').split(',')]
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Set(names)].flatMap((name): readonly ChosenNode[] => {
    if (name !== ownNodeName) {
      const shape = shapeNamed(name);
      if (shape === undefined) return [];
      const { allocatable } = presetNode(shape, said).template;
      return [{ name, amounts: new Map([...devices.map((device) => [device, 0] as const), ...allocatable]) }];
    }
    const cpu = assumptions.nodeCpu ?? (node.cpu === defaultSettings.node.cpu ? undefined : node.cpu);
    const memory = assumptions.nodeMemory ?? (node.memory === defaultSettings.node.memory ? undefined : node.memory);
    const [cores, bytes] = [cpu ?? node.cpu, memory ?? node.memory].map(parseKubernetesQuantity);
    if ((cpu === undefined && memory === undefined) || !cores?.ok || !bytes?.ok) return [];
    const { allocatable } = ownNode(cores.quantity, bytes.quantity, said).template;
    const known = new Map([
      ['cpu', cpu !== undefined],
      ['memory', memory !== undefined],
    ]);
    return [
      {
        name: 'the node',
        amounts: new Map([...allocatable].filter(([resource]) => resource !== 'pods' && known.get(resource) !== false)),
      },
    ];
  });
}

function amountText(resource: string, amount: number): string {
  if (resource === 'cpu') return formatCpu(BigInt(amount) * 1_000_000n);
  return isSize(resource) ? formatHumanBytes(BigInt(amount) * nanoPerUnit) : `${amount}`;
}

function isSize(resource: string): boolean {
  return resource === 'memory' || resource === 'ephemeral-storage' || isHugePages(resource);
}

/** The largest request of the resource, or the limit that it comes from; the first container where none is written. */
function placeOf({ containers, object }: Workload, resource: string): Span {
  const texts = containers.flatMap(({ requests, limits }) => requests.get(resource) ?? limits.get(resource) ?? []);
  const amount = (text: string) => {
    const parsed = parseKubernetesQuantity(text);
    return parsed.ok ? parsed.quantity.nano : 0n;
  };
  const [first, ...others] = texts;
  if (first === undefined) return containers[0]?.label ?? object.name?.span ?? object.kind.span;
  return others.reduce((best, next) => (amount(next.value) > amount(best.value) ? next : best), first).span;
}
