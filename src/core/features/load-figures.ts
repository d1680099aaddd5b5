import { quotaCpus } from '../compose/sizes.ts';
import {
  type EffectiveAmount,
  type EffectiveLimit,
  effectiveLimits,
  effectiveRequests,
  type Term,
} from '../sizing/pod-requests.ts';
import { podQos, type QosObstacle } from '../sizing/qos.ts';
import type { ContainerRef, ResourcePart } from '../sizing/resources.ts';
import { amountText, resourceName, withBefore } from './explain.ts';
import type { ContainerFields, LoadField, Resource, ResourceFields, WorkloadFields } from './load-fields.ts';
import type { Figure, ResourceFigures } from './load-view.ts';
import { type Copies, doubtsOf, type PodValues } from './pod-values.ts';

/** A figure and the number behind it, for sums and differences. */
export interface Measured {
  readonly figure: Figure;
  readonly value: bigint | 'unbounded' | 'unknown';
}

export interface PodMeasures {
  readonly cpuRequest: Measured;
  readonly memoryRequest: Measured;
  readonly cpuLimit: Measured;
  readonly memoryLimit: Measured;
}

export const measures = ['cpuRequest', 'memoryRequest', 'cpuLimit', 'memoryLimit'] as const;

/** The resource and the side that a measure is about. */
export const measured: { readonly [Name in keyof PodMeasures]: readonly [Resource, ResourcePart] } = {
  cpuRequest: ['cpu', 'requests'],
  memoryRequest: ['memory', 'requests'],
  cpuLimit: ['cpu', 'limits'],
  memoryLimit: ['memory', 'limits'],
};

/** What is shown where nothing is requested: a zero would look like a value that somebody chose. */
export const none = 'none';

/** Requests and limits of one pod, with the winning term named (component-helpers resource/helpers.go). */
export function podMeasures(workload: WorkloadFields, values: PodValues): PodMeasures {
  const requests = effectiveRequests(values.defaulted.pod);
  const limits = effectiveLimits(values.defaulted.pod);
  const request = (resource: Resource) => requestMeasure(workload, values, resource, requests.get(resource));
  const limit = (resource: Resource) => limitMeasure(workload, values, resource, limits.get(resource));
  return {
    cpuRequest: request('cpu'),
    memoryRequest: request('memory'),
    cpuLimit: limit('cpu'),
    memoryLimit: limit('memory'),
  };
}

/** One pod's measures times the number of pods. */
export function totalMeasures(workload: WorkloadFields, copies: Copies, pod: PodMeasures): PodMeasures {
  const times = (name: keyof PodMeasures): Measured => {
    const { figure, value } = pod[name];
    const [resource] = measured[name];
    const fields = [...figure.fields, ...located(workload.replicas === undefined ? [] : [workload.replicas])];
    if (typeof value !== 'bigint') return { value, figure: { ...figure, fields } };
    if (copies.count === undefined) return unknown([copies.explanation], fields);
    if (figure.text === none) return { value, figure: { ...figure, fields } };
    const total = value * copies.count;
    const line = `${copies.count} × ${amountText(resource, value)} = ${amountText(resource, total)} (${copies.explanation})`;
    return measure(total, amountText(resource, total), [line, ...figure.explanation], fields);
  };
  return {
    cpuRequest: times('cpuRequest'),
    memoryRequest: times('memoryRequest'),
    cpuLimit: times('cpuLimit'),
    memoryLimit: times('memoryLimit'),
  };
}

/** The figures, each with what it was. */
export function figuresOf(now: PodMeasures, before: PodMeasures): ResourceFigures {
  const one = (name: keyof PodMeasures) => withBefore(now[name].figure, before[name].figure);
  return {
    cpuRequest: one('cpuRequest'),
    memoryRequest: one('memoryRequest'),
    cpuLimit: one('cpuLimit'),
    memoryLimit: one('memoryLimit'),
  };
}

/** The QoS class with what stands in the way of the next better one. */
export function qosFigure(workload: WorkloadFields, values: PodValues): Figure {
  if (workload.source.kind === 'compose') {
    return exact('no QoS class', ['Docker has no quality-of-service classes: limits hold, reservations are soft.'], []);
  }
  const doubts = [...new Set(values.doubts.map(({ text }) => text))];
  if (doubts.length > 0) return unknown(doubts, []).figure;
  const { qosClass, level, obstacles } = podQos(values.defaulted.pod);
  const whose = level === 'pod' ? "the pod's own resources" : 'every container';
  const fields = locatedIn(workload.containers, ({ cpu, memory }) => [
    cpu.request,
    cpu.limit,
    memory.request,
    memory.limit,
  ]);
  if (qosClass === 'BestEffort') {
    return exact(qosClass, ['No container has a CPU or memory request or limit: its pods are evicted first.'], fields);
  }
  if (qosClass === 'Guaranteed') {
    const where = level === 'pod' ? `${whose} have` : `${whose} has`;
    return exact(qosClass, [`CPU and memory are limited, and requested as much: ${where} both. Evicted last.`], fields);
  }
  const shown = obstacles.slice(0, 4).map(obstacleText);
  const more = obstacles.length - shown.length;
  return exact(qosClass, ['Not Guaranteed, because:', ...shown, ...(more > 0 ? [`and ${more} more.`] : [])], fields);
}

function obstacleText(obstacle: QosObstacle): string {
  const name = resourceName(obstacle.resource);
  if (obstacle.kind === 'missing-limit') {
    return `${obstacle.container === undefined ? 'the pod' : obstacle.container.name} has no ${name} limit`;
  }
  const { requests, limits, resource } = obstacle;
  const asked = requests === undefined ? 'nothing' : amountText(resource, requests.nano);
  return `${name}: ${asked} requested, ${limits === undefined ? 'no limit' : `limit ${amountText(resource, limits.nano)}`}`;
}

function requestMeasure(
  workload: WorkloadFields,
  values: PodValues,
  resource: Resource,
  amount: EffectiveAmount | undefined,
): Measured {
  const fields = fieldsBehind(workload, values, resource, 'requests', amount);
  const doubts = doubtsOf(values, resource, 'requests');
  if (doubts.length > 0) return unknown(doubts, fields);
  const docker = workload.source.kind === 'compose';
  const swarm =
    docker && resource === 'cpu' && amount !== undefined
      ? ['Docker Compose ignores CPU reservations; Swarm reads them.']
      : [];
  if (amount === undefined) {
    const name = resourceName(resource);
    const nothing = docker ? `No ${name} is reserved.` : `No container requests ${name}: the scheduler counts nothing.`;
    return measure(0n, none, [nothing, ...swarm], fields);
  }
  const text = amountText(resource, amount.quantity.nano);
  const lines = [...fromDefaults(values, resource, 'requests'), ...swarm, ...termLines(resource, amount)];
  return measure(amount.quantity.nano, text, lines, fields);
}

function limitMeasure(
  workload: WorkloadFields,
  values: PodValues,
  resource: Resource,
  amount: EffectiveLimit | undefined,
): Measured {
  const fields = fieldsBehind(workload, values, resource, 'limits', amount);
  const doubts = doubtsOf(values, resource, 'limits');
  if (doubts.length > 0) return unknown(doubts, fields);
  const quota =
    workload.source.kind === 'compose' && resource === 'cpu' ? quotaCpus(workload.source.service) : undefined;
  if (quota !== undefined && (amount === undefined || amount.quantity.nano === 0n)) {
    const cores = amountText('cpu', quota);
    return measure(quota, cores, [`cpu_quota ÷ cpu_period = ${cores}`], fields);
  }
  if (amount === undefined || amount.quantity.nano === 0n) {
    return unbounded([`No container has a ${resourceName(resource)} limit: as much as there is.`], fields);
  }
  const text = amountText(resource, amount.quantity.nano);
  if (amount.unboundedBy.length > 0) {
    const names = [...new Set(amount.unboundedBy.map(({ name }) => name))].join(', ');
    return unbounded(
      [`No ${resourceName(resource)} limit: ${names}.`, `The others come to ${text}, which bounds nothing.`],
      fields,
    );
  }
  return measure(
    amount.quantity.nano,
    text,
    [...fromDefaults(values, resource, 'limits'), ...termLines(resource, amount)],
    fields,
  );
}

/** The candidates with their numbers; the last line says which of them counts and what it comes to. */
function termLines(resource: Resource, { term, terms, overhead, quantity }: EffectiveAmount): readonly string[] {
  const name = resourceName(resource);
  const lines = terms.length > 1 ? terms.map((one) => `${termName(one)}: ${termSum(resource, one)}`) : [];
  if (terms.length > 1) {
    const why = term.kind === 'pod-level' ? "the pod's own resources override the sum" : 'the greatest counts';
    lines.push(`${name}: ${why}: ${amountText(resource, term.quantity.nano)}, ${termName(term)}`);
  } else lines.push(`${name}: ${termSum(resource, term)}`);
  if (overhead !== undefined) {
    const sum = `${amountText(resource, term.quantity.nano)} + ${amountText(resource, overhead.nano)}`;
    lines.push(`${name}: ${sum} overhead of the RuntimeClass = ${amountText(resource, quantity.nano)}`);
  }
  return lines;
}

function termName(term: Term): string {
  if (term.kind === 'init') return `while ${term.container.name} starts`;
  return term.kind === 'pod-level' ? "the pod's own resources" : 'all that run together';
}

function termSum(resource: Resource, term: Term): string {
  const total = amountText(resource, term.quantity.nano);
  if (term.kind === 'pod-level' || term.parts.length === 0) return total;
  const parts = term.parts.map((part) => `${amountText(resource, part.quantity.nano)} (${part.container.name})`);
  return parts.length === 1 ? parts.join('') : `${parts.join(' + ')} = ${total}`;
}

function fromDefaults(values: PodValues, resource: Resource, part: ResourcePart): readonly string[] {
  return values.defaulted.filled
    .filter((value) => value.resource === resource && value.part === part && value.container !== undefined)
    .map(({ container, from }) => {
      const origin = from === 'limit' ? `its ${resourceName(resource)} limit` : 'the LimitRange';
      return `${container?.name}: nothing is written, so ${origin} counts.`;
    });
}

/** The written fields that the winning term is made of; all of the resource where there is none. */
function fieldsBehind(
  workload: WorkloadFields,
  values: PodValues,
  resource: Resource,
  part: ResourcePart,
  amount: EffectiveAmount | undefined,
): Figure['fields'] {
  const used = amount?.term.kind === 'containers' || amount?.term.kind === 'init' ? amount.term.parts : undefined;
  const chosen = values.containers.filter(
    ({ ref }) => used === undefined || used.some(({ container }) => same(container, ref)),
  );
  const behind = ({ request, limit }: ResourceFields['cpu']): readonly LoadField[] =>
    part === 'requests' && request.written !== undefined ? [request] : [limit];
  const { ownResources } = workload;
  if (amount?.term.kind === 'pod-level' && ownResources !== undefined) return located(behind(ownResources[resource]));
  return locatedIn(
    chosen.map(({ fields }) => fields),
    (fields) => behind(fields[resource]),
  );
}

/** Fields of containers, each with the container's name where there are several. */
function locatedIn(
  containers: readonly ContainerFields[],
  fieldsOf: (container: ContainerFields) => readonly LoadField[],
): Figure['fields'] {
  if (containers.length === 1) return located(containers.flatMap(fieldsOf));
  return containers.flatMap((container) =>
    located(fieldsOf(container)).map(({ label, span }) => ({ label: `${container.name}: ${label}`, span })),
  );
}

function same(a: ContainerRef, b: ContainerRef): boolean {
  return a.list === b.list && a.index === b.index;
}

/** The fields that stand in the file, to jump to. */
export function located(fields: readonly LoadField[]): Figure['fields'] {
  return fields.flatMap(({ label, written }) => (written === undefined ? [] : [{ label, span: written.span }]));
}

export function measure(
  value: bigint,
  text: string,
  explanation: readonly string[],
  fields: Figure['fields'],
): Measured {
  return { value, figure: exact(text, explanation, fields) };
}

export function unbounded(explanation: readonly string[], fields: Figure['fields']): Measured {
  return { value: 'unbounded', figure: exact('unbounded', explanation, fields) };
}

export function unknown(explanation: readonly string[], fields: Figure['fields']): Measured {
  return { value: 'unknown', figure: exact('unknown', explanation, fields) };
}

function exact(text: string, explanation: readonly string[], fields: Figure['fields']): Figure {
  return { text, certainty: 'exact', explanation, fields };
}
