import type { ComposeService } from '../compose/model.ts';
import { sizesOf } from '../compose/sizes.ts';
import { type KubernetesQuantity, parseKubernetesQuantity, wholeValue } from '../quantity/kubernetes.ts';
import { type ContainerCpu, containerCpu } from '../sizing/cgroup-cpu.ts';
import { containerMemory } from '../sizing/cgroup-memory.ts';
import { dockerResources } from '../sizing/compose.ts';
import { type DockerCgroup, type DockerResources, dockerCgroup, withDefaultSwap } from '../sizing/docker.ts';
import { type OomScore, oomScore } from '../sizing/oom-score.ts';
import { resourceProblems } from '../sizing/resource-validation.ts';
import { type ContainerResources, containerAt, isExtendedResource, isHugePages } from '../sizing/resources.ts';
import { bytes, decimal, grouped, nano } from './explain.ts';
import type { WorkloadFields } from './load-fields.ts';
import { located } from './load-figures.ts';
import type { Figure, LoadContainer } from './load-view.ts';
import { doubtsOf, type PlacedFields, type PodValues } from './pod-values.ts';

type Kernel = LoadContainer['kernel'];
type KernelFigure = Kernel[number];

/** What the kernel is told of a container: the files of its cgroup (v2), and how readily it is killed. */
export function kernelFigures(
  workload: WorkloadFields,
  values: PodValues,
  placed: PlacedFields,
  nodeMemory: string,
): Kernel {
  return workload.source.kind === 'compose'
    ? dockerFigures(workload.source.service, values, placed)
    : kubernetesFigures(values, placed, nodeMemory);
}

function kubernetesFigures(values: PodValues, { fields, ref }: PlacedFields, nodeMemory: string): Kernel {
  const { pod } = values.defaulted;
  const container = containerAt(pod, ref)?.container;
  if (container === undefined) return [];
  const cpu = containerCpu(container, pod.podLevel);
  const memory = containerMemory(container, pod.podLevel);
  const cpuFields = located([fields.cpu.request, fields.cpu.limit]);
  const weight = figure('cpu.weight', `${cpu.weightQuadratic}`, weightLines(cpu), cpuFields);
  const quota = figure(
    'cpu.max',
    quotaText(cpu.quotaMicros, cpu.periodMicros),
    quotaLines(cpu),
    located([fields.cpu.limit]),
  );
  const inherited = memory.from === 'pod-limit' ? ["The pod's own limit counts: the container has none."] : [];
  const most = memoryMax(memory.maxBytes, fields, inherited);
  const cpuLimit = doubtsOf(values, 'cpu', 'limits', fields);
  return [
    doubtful(weight, [...doubtsOf(values, 'cpu', 'requests', fields), ...cpuLimit]),
    doubtful(quota, cpuLimit),
    doubtful(most, doubtsOf(values, 'memory', 'limits', fields)),
    oomFigure(values, { fields, ref }, nodeMemory),
    ...otherFigures(container),
  ];
}

/** Huge pages, devices and local storage: what the container has of them, and what the API server refuses. */
function otherFigures(container: ContainerResources): Kernel {
  const problems = resourceProblems(container);
  const names = new Set([...container.requests.keys(), ...container.limits.keys()]);
  return [...names].flatMap((resource): readonly KernelFigure[] => {
    const quantity = container.limits.get(resource) ?? container.requests.get(resource);
    if (quantity === undefined || resource === 'cpu' || resource === 'memory') return [];
    const refused = problems.find((one) => one.resource === resource);
    const isBytes = isHugePages(resource) || resource === 'ephemeral-storage';
    const text = isBytes ? bytes(quantity.nano) : grouped(quantity.nano);
    return [
      figure(
        resource,
        text,
        [
          ...otherLines(resource, text, container.limits.has(resource)),
          ...(refused === undefined ? [] : [`The API server refuses it: ${resource} ${refused.rule}.`]),
        ],
        [],
      ),
    ];
  });
}

function otherLines(resource: string, text: string, isLimited: boolean): readonly string[] {
  if (isHugePages(resource)) {
    const page = resource.slice('hugepages-'.length);
    return [`hugetlb.${page.replace(/i$/, 'B')}.max: ${text} of pages of ${page}, set aside on the node beforehand.`];
  }
  if (isExtendedResource(resource)) {
    return [`${text} whole ${text === '1' ? 'piece' : 'pieces'} from a device plugin: request and limit are the same.`];
  }
  if (resource !== 'ephemeral-storage') return [`${text} requested.`];
  return isLimited
    ? [
        `Above ${text} of logs, writable layer and emptyDir volumes the kubelet evicts the pod; the kernel does not know.`,
      ]
    : [`${text} requested, and nothing bounds it before the node’s disk is short.`];
}

function dockerFigures(service: ComposeService, values: PodValues, { fields, ref }: PlacedFields): Kernel {
  const container = containerAt(values.defaulted.pod, ref)?.container;
  const whole = (quantity: KubernetesQuantity | undefined) => (quantity === undefined ? 0n : wholeValue(quantity));
  const { sizes, written } = sizesOf(service);
  const said = dockerResources(sizes);
  const cgroup = dockerCgroup(
    withDefaultSwap({
      ...said,
      nanoCpus: container?.limits.get('cpu')?.nano ?? 0n,
      memoryBytes: whole(container?.limits.get('memory')),
      memoryReservationBytes: whole(container?.requests.get('memory')),
    }),
  );
  const limit = located([fields.cpu.limit]);
  const quota = figure(
    'cpu.max',
    quotaText(cgroup.quotaMicros, cgroup.periodMicros),
    quotaSentences(cgroup.quotaMicros, cgroup.periodMicros, cgroup.cpuMax),
    limit,
  );
  const most = memoryMax(cgroup.memoryMax === 'max' ? 0n : cgroup.memoryMax, fields, []);
  const low = figure(
    'memory.low',
    bytes(cgroup.memoryLow * nano),
    ['The memory reservation: under pressure the kernel takes from others first. Nothing is set aside.'],
    located([fields.memory.request]),
  );
  const memoryLimit = doubtsOf(values, 'memory', 'limits', fields);
  return [
    doubtful(quota, doubtsOf(values, 'cpu', 'limits', fields)),
    doubtful(most, memoryLimit),
    doubtful(low, doubtsOf(values, 'memory', 'requests', fields)),
    ...(written.has('cpu_shares')
      ? [figure('cpu.weight', `${cgroup.weightQuadratic}`, shareLines(said, cgroup), [])]
      : []),
    ...(written.has('memswap_limit') ? [doubtful(swapFigure(said, cgroup), memoryLimit)] : []),
    ...(said.pidsLimit === 0n
      ? []
      : [figure('pids.max', `${cgroup.pidsMax}`, ['Processes and threads together; a fork beyond them fails.'], [])]),
  ];
}

function shareLines(
  { cpuShares }: DockerResources,
  { weightQuadratic, weightLinear }: DockerCgroup,
): readonly string[] {
  return [
    `cpu_shares ${cpuShares}; 100 is what a container has where it is not set`,
    `${weightQuadratic}: quadratic conversion, runc ≥ 1.3.2 and crun ≥ 1.23`,
    `${weightLinear}: linear conversion, older runtimes`,
  ];
}

function swapFigure({ memorySwapBytes }: DockerResources, { memorySwapMax }: DockerCgroup): KernelFigure {
  if (memorySwapMax === 'max') return figure('memory.swap.max', 'max', ['As much swap as the host has.'], []);
  return figure(
    'memory.swap.max',
    bytes(memorySwapMax * nano),
    [`memswap_limit ${bytes(memorySwapBytes * nano)} counts memory and swap together: this is what is left for swap.`],
    [],
  );
}

function weightLines(cpu: ContainerCpu): readonly string[] {
  const from = {
    request: 'the CPU request',
    limit: 'the CPU limit',
    'pod-limit': "the pod's CPU limit",
    nothing: 'nothing: there is no request',
  }[cpu.sharesFrom];
  return [
    `${cpu.shares} shares from ${from} (millicores × 1024 ÷ 1000, at least 2)`,
    `${cpu.weightQuadratic}: quadratic conversion, runc ≥ 1.3.2 and crun ≥ 1.23`,
    `${cpu.weightLinear}: linear conversion, older runtimes; the kubelet's own for pods`,
    'When the CPU is contended, siblings get time in proportion to their weights.',
  ];
}

function quotaLines(cpu: ContainerCpu): readonly string[] {
  const inherited = cpu.quotaFrom === 'pod-limit' ? ["The pod's own limit counts: the container has none."] : [];
  const raised = cpu.quotaRaised ? ['The limit is less than the smallest quota, 1 ms: it is raised to that.'] : [];
  return [...inherited, ...raised, ...quotaSentences(cpu.quotaMicros, cpu.periodMicros, cpu.cpuMax)];
}

function quotaSentences(quotaMicros: bigint, periodMicros: bigint, written: string): readonly string[] {
  if (quotaMicros <= 0n) return [`cpu.max is “${written}”: no limit, as much as is idle.`];
  const each = milliseconds(quotaMicros);
  return [
    `cpu.max is “${written}”: ${each} ms of every ${milliseconds(periodMicros)} ms, for all threads together.`,
    `Four busy threads use that up in ${milliseconds(quotaMicros / 4n)} ms and then wait.`,
  ];
}

/** `50 ms / 100 ms`, or `max`. */
export function quotaText(quotaMicros: bigint, periodMicros: bigint): string {
  return quotaMicros <= 0n ? 'max' : `${milliseconds(quotaMicros)} ms / ${milliseconds(periodMicros)} ms`;
}

function memoryMax(maxBytes: bigint, fields: PlacedFields['fields'], before: readonly string[]): KernelFigure {
  const at = located([fields.memory.limit]);
  if (maxBytes === 0n) {
    return figure(
      'memory.max',
      'max',
      [...before, 'No limit: it grows until the node runs out, and others with it.'],
      at,
    );
  }
  const exact = `memory.max is ${grouped(maxBytes * nano)} bytes: beyond it the kernel kills the container.`;
  return figure('memory.max', bytes(maxBytes * nano), [...before, exact], at);
}

function oomFigure(values: PodValues, { fields, ref }: PlacedFields, nodeMemory: string): KernelFigure {
  const label = 'oom_score_adj';
  const at = located([fields.memory.request, fields.memory.limit]);
  // The class of the pod decides, and so does every container.
  if (values.doubts.length > 0)
    return doubtful(
      figure(label, '', [], at),
      values.doubts.map(({ text }) => text),
    );
  const node = parseKubernetesQuantity(nodeMemory);
  if (!node.ok || node.quantity.nano < nano) return figure(label, 'unknown', ['It needs the memory of the node.'], at);
  const { priorityClassName } = values;
  const score = oomScore(values.defaulted.pod, ref, { nodeMemoryBytes: wholeValue(node.quantity), priorityClassName });
  if (score === undefined) return figure(label, 'unknown', ['It needs the memory of the node.'], at);
  const lines = [...oomLines(score, bytes(node.quantity.nano)), '1000 is killed first, −1000 never.'];
  // Only a Burstable pod's depends on the node.
  const certainty = score.kind === 'burstable' ? 'estimate' : 'exact';
  return { label, figure: { text: `${score.adj}`.replace('-', '−'), certainty, explanation: lines, fields: at } };
}

function oomLines(score: OomScore, node: string): readonly string[] {
  if (score.kind !== 'burstable') {
    const why = { 'node-critical': 'system-node-critical', guaranteed: 'Guaranteed', 'best-effort': 'BestEffort' }[
      score.kind
    ];
    return [`${why}: always ${score.adj}.`.replace('-9', '−9')];
  }
  const own = bytes(score.requestBytes * nano);
  const sum = score.shareOfPodBytes === 0n ? own : `(${own} + ${bytes(score.shareOfPodBytes * nano)} of the pod's own)`;
  const bounds = {
    sidecar: 'A sidecar is killed no sooner than the app container with the smallest request.',
    'at-least-3': 'Less than 3 is raised to 3.',
    'below-best-effort': 'Exactly 1000 becomes 999.',
  };
  return [
    `On a node with ${node} of memory, which is assumed:`,
    `1000 − ⌊1000 × ${sum} ÷ ${node}⌋ = ${score.formula}`,
    ...(score.boundedBy === undefined ? [] : [bounds[score.boundedBy]]),
  ];
}

/** The figure, or that it is not known where there are doubts. */
function doubtful(known: KernelFigure, doubts: readonly string[]): KernelFigure {
  return doubts.length === 0 ? known : figure(known.label, 'unknown', [...new Set(doubts)], known.figure.fields);
}

function figure(label: string, text: string, explanation: readonly string[], fields: Figure['fields']): KernelFigure {
  return { label, figure: { text, certainty: 'exact', explanation, fields } };
}

function milliseconds(micros: bigint): string {
  return decimal(micros, 1000n, 3);
}
