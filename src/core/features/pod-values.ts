import { mayHaveMoreContainers } from '../kubernetes/container.ts';
import type { PlacedObject } from '../kubernetes/model.ts';
import { limitRangesIn, podLevel, quantities } from '../kubernetes/pod-resources.ts';
import type { KubernetesQuantity } from '../quantity/kubernetes.ts';
import { applyDefaults, type Defaulted, type FilledValue } from '../sizing/defaulting.ts';
import { jobActivePods } from '../sizing/jobs.ts';
import type { LimitRangeItem } from '../sizing/limit-range.ts';
import type {
  ContainerRef,
  InitContainerResources,
  PodResources,
  ResourceList,
  ResourcePart,
  ResourceRequirements,
} from '../sizing/resources.ts';
import { fieldAt, knownInteger, knownMapping, knownText, textMap } from '../yaml/field.ts';
import { amountText } from './explain.ts';
import { readField } from './field-values.ts';
import type { ContainerFields, LoadField, Resource, ResourceFields, WorkloadFields } from './load-fields.ts';
import type { Draft } from './load-view.ts';

/** A container of the panel and what sizing calls it. */
export interface PlacedFields {
  readonly fields: ContainerFields;
  readonly ref: ContainerRef;
}

/** How many pods a workload runs, and why. */
export interface Copies {
  /** Undefined where it is not known. */
  readonly count: bigint | undefined;
  readonly explanation: string;
  /** Where an autoscaler decides. */
  readonly range?: CopiesRange;
}

/** What an autoscaler keeps a workload in; undefined where it is not known. */
export interface CopiesRange {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

/** What other objects say of a workload. */
export interface Bounds {
  /** Of its autoscaler. */
  readonly range?: CopiesRange | undefined;
  /** Those that may be of its namespace; those of its own file where nothing is said. */
  readonly limitRanges?: readonly PlacedObject[] | undefined;
}

/** A workload's pod as numbers, the draft applied. */
export interface PodValues {
  /** As the API server stores it; Docker defaults nothing. */
  readonly defaulted: Defaulted;
  /** Those of its namespace, which may refuse it. */
  readonly limitRanges: readonly LimitRangeItem[];
  readonly containers: readonly PlacedFields[];
  readonly copies: Copies;
  readonly priorityClassName: string | undefined;
  /** Why amounts are not known; empty where all are. */
  readonly doubts: readonly Doubt[];
}

interface Doubt {
  readonly resource: Resource;
  readonly part: ResourcePart;
  /** Undefined where all containers are in doubt. */
  readonly container: ContainerFields | undefined;
  readonly text: string;
}

/** Why an amount of a resource is not known, of one container or of all; empty where it is. */
export function doubtsOf(
  { doubts }: PodValues,
  resource: Resource,
  part: ResourcePart,
  container?: ContainerFields,
): readonly string[] {
  const texts = doubts
    .filter((one) => one.resource === resource && one.part === part)
    .filter((one) => container === undefined || one.container === undefined || one.container === container)
    .map(({ text }) => text);
  return [...new Set(texts)];
}

/** Reads a workload's fields, with the draft over them, into what sizing takes. */
export function podValues(workload: WorkloadFields, draft: Draft, { range, limitRanges }: Bounds = {}): PodValues {
  const doubts: Doubt[] = [];
  const known = (fields: ResourceFields, part: ResourcePart, container: ContainerFields | undefined) => {
    const amounts = new Map<string, KubernetesQuantity>();
    const name = container?.name ?? 'the pod';
    for (const resource of ['cpu', 'memory'] as const) {
      const field = fields[resource][part === 'requests' ? 'request' : 'limit'];
      const reading = readField(field, draft);
      if (reading.kind === 'value') amounts.set(resource, reading.quantity);
      const doubt = (text: string) => doubts.push({ resource, part, container, text });
      if (reading.kind === 'invalid') doubt(`${name}: ${reading.problem}`);
      if (reading.kind === 'decided elsewhere') {
        const by = field.form === 'kubernetes' ? 'A template' : 'A variable';
        doubt(`${by} decides the ${field.label} of ${name}.`);
      }
    }
    return amounts;
  };
  const list = (container: ContainerFields, part: ResourcePart): ResourceList => {
    const amounts = known(container, part, container);
    for (const { name, request, limit } of container.others) {
      const reading = readField(part === 'requests' ? request : limit, draft);
      if (reading.kind === 'value') amounts.set(name, reading.quantity);
    }
    return amounts;
  };
  const placed: PlacedFields[] = [];
  const read = (container: ContainerFields, index: number): InitContainerResources => {
    const name = container.name;
    placed.push({ fields: container, ref: { list: isApp(container) ? 'containers' : 'initContainers', index, name } });
    const [requests, limits] = [list(container, 'requests'), list(container, 'limits')];
    return { name, requests, limits, sidecar: container.role === 'sidecar' };
  };
  // What stands in the manifest's order is what counts, and init containers come first when a pod starts.
  const initContainers = workload.containers.filter((one) => !isApp(one)).map(read);
  const containers = workload.containers.filter(isApp).map(read);
  const { source } = workload;
  if (source.kind === 'compose') {
    const pod: PodResources = { containers, initContainers, podLevel: undefined, overhead: new Map() };
    const defaulted: Defaulted = { pod, filled: [] };
    return {
      defaulted,
      limitRanges: [],
      containers: placed,
      copies: scaled(copiesOf(workload, draft), range),
      priorityClassName: undefined,
      doubts,
    };
  }
  const { spec } = source.workload;
  const { ownResources } = workload;
  /** The pod's own with the draft over them; what the panel has no field for stays. */
  const own = (written: ResourceRequirements | undefined, fields: ResourceFields): ResourceRequirements => {
    const part = (name: ResourcePart): ResourceList => {
      const others = [...(written?.[name] ?? [])].filter(([resource]) => resource !== 'cpu' && resource !== 'memory');
      return new Map([...known(fields, name, undefined), ...others]);
    };
    return { requests: part('requests'), limits: part('limits') };
  };
  if (mayHaveMoreContainers(source.workload) || fieldAt(spec, 'resources') === 'unknown') {
    const text = 'A template may add containers or resources.';
    for (const resource of ['cpu', 'memory'] as const) {
      for (const part of ['requests', 'limits'] as const) doubts.push({ resource, part, container: undefined, text });
    }
  }
  const pod: PodResources = {
    containers,
    initContainers,
    podLevel: ownResources && own(podLevel(source.workload), ownResources),
    overhead: quantities(textMap(knownMapping(spec, 'overhead'))),
  };
  const items = limitRangesIn(limitRanges ?? source.file.objects, source.workload.object);
  return {
    defaulted: applyDefaults(pod, items),
    limitRanges: items,
    containers: placed,
    copies: scaled(copiesOf(workload, draft), range),
    priorityClassName: knownText(spec, 'priorityClassName')?.value,
    doubts,
  };
}

/** What the API server puts into an unset field, or `unset`. @param ref undefined for the pod's own */
export function placeholder(
  field: LoadField,
  ref: ContainerRef | undefined,
  { defaulted: { filled } }: PodValues,
): { readonly text: string; readonly nano: bigint | undefined } {
  if (field.templated) {
    const elsewhere = field.written === undefined ? 'from elsewhere' : 'from a variable';
    return { text: field.form === 'kubernetes' ? 'from a template' : elsewhere, nano: undefined };
  }
  const part = field.part === 'request' ? 'requests' : 'limits';
  const value = filled.find(
    (one) =>
      one.container?.list === ref?.list &&
      one.container?.index === ref?.index &&
      one.part === part &&
      one.resource === field.resource,
  );
  if (value === undefined || (field.resource !== 'cpu' && field.resource !== 'memory'))
    return { text: 'unset', nano: undefined };
  const from = origins[value.from];
  return { text: `${amountText(field.resource, value.quantity.nano)} (${from})`, nano: value.quantity.nano };
}

const origins: Readonly<Record<FilledValue['from'], string>> = {
  limit: 'from the limit',
  'limit-range-default': 'from the LimitRange',
  'limit-range-default-request': 'from the LimitRange',
  containers: 'of all containers',
  'pod-limit': 'from the limit',
};

function isApp({ role }: ContainerFields): boolean {
  return role === 'app';
}

/** With an autoscaler, the file's count holds only until it has looked: how many there are is known as a range alone. */
function scaled(copies: Copies, range: CopiesRange | undefined): Copies {
  if (range === undefined) return copies;
  const { least, most } = range;
  if (least === undefined || most === undefined || least > most) {
    return { count: undefined, explanation: 'The range of the autoscaler is not known.', range };
  }
  const [low, high] = [BigInt(least), BigInt(most)];
  const written = copies.count ?? low;
  const count = written < low ? low : written > high ? high : written;
  return {
    count,
    range,
    explanation:
      `An autoscaler keeps ${least} to ${most}, and how many run now is in no file: counted for ${count}. ` +
      'The file’s own number counts only when the workload is created.',
  };
}

function copiesOf({ replicas, source, kind }: WorkloadFields, draft: Draft): Copies {
  if (replicas !== undefined) {
    const reading = readField(replicas, draft);
    if (reading.kind === 'value') {
      const count = reading.quantity.nano / 1_000_000_000n;
      return { count, explanation: `${count} ${count === 1n ? 'replica' : 'replicas'}` };
    }
    if (reading.kind === 'unset') return { count: 1n, explanation: 'replicas is not written: 1' };
    return { count: undefined, explanation: 'The number of replicas is not known.' };
  }
  if (source.kind === 'compose') return { count: 1n, explanation: 'one container' };
  if (kind === 'DaemonSet') return { count: 1n, explanation: 'one pod on each node: counted for one node' };
  if (!source.workload.runsToCompletion || kind === 'Pod') return { count: 1n, explanation: 'one pod' };
  const { root } = source.workload.object;
  const job = kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : ['spec'];
  if (knownText(root, 'spec', 'suspend')?.value === 'true') return { count: 0n, explanation: 'suspended: none runs' };
  const parallelism = knownInteger(root, ...job, 'parallelism')?.value ?? 1;
  const completions = knownInteger(root, ...job, 'completions')?.value;
  const count = BigInt(jobActivePods(parallelism, completions));
  const of = completions === undefined ? 'parallelism' : 'the smaller of parallelism and completions';
  return { count, explanation: count === 1n ? 'one pod at a time' : `${count} pods at a time (${of})` };
}
