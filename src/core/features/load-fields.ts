import type { ComposeService } from '../compose/model.ts';
import { podResourceField, resourceField, resourcePath } from '../kubernetes/container.ts';
import type { Container, KubernetesFile, Workload } from '../kubernetes/model.ts';
import type { Parsed } from '../parsed.ts';
import { onceFor } from '../text/once-for.ts';
import { type Located, shiftSpan } from '../text/span.ts';
import { fieldAt, knownMapping } from '../yaml/field.ts';
import type { YamlDocument, YamlPath } from '../yaml/node.ts';
import type { Draft, Place } from './load-view.ts';
import { type ProcessFields, processFields } from './process-fields.ts';

/**
 * What a field takes: a Kubernetes quantity, Docker's sizes or fractions of CPUs, a count, or what a process is told:
 * `512m` of the JVM, a percentage, whole MiB, `512MiB` of Go, `256mb` of Redis.
 */
export type FieldForm =
  | 'kubernetes'
  | 'docker-cpus'
  | 'docker-memory'
  | 'count'
  | 'java-size'
  | 'percentage'
  | 'mebibytes'
  | 'go-size'
  | 'redis-size';

export type Resource = 'cpu' | 'memory';

/** A value of the file that a draft can change. */
export interface LoadField {
  /** Names the document, the object and the path. */
  readonly id: string;
  readonly label: string;
  readonly form: FieldForm;
  readonly resource: Resource | 'replicas' | 'heap' | 'cache' | 'other';
  readonly part: 'request' | 'limit' | 'count' | 'setting';
  readonly document: YamlDocument;
  /** The document's offset in the file. */
  readonly start: number;
  readonly path: YamlPath;
  /** As it stands in the file. */
  readonly written: { readonly value: string; readonly span: Place } | undefined;
  /** A template decides it, so that neither its value nor its absence is known. */
  readonly templated: boolean;
  /** A second place that Compose wants to say the same: what is drafted is written to both. */
  readonly twin?: { readonly key: string; readonly path: YamlPath; readonly text: string };
  /** The value is a part of the text at the path. */
  readonly inside?: {
    /** The whole text, as it is meant. */
    readonly text: string;
    /** Of the value in it. */
    readonly start: number;
    readonly end: number;
    /** It is written letter by letter, so that the part can be replaced. */
    readonly exact: boolean;
  };
}

export interface RequestAndLimit {
  readonly request: LoadField;
  readonly limit: LoadField;
}

/** Request and limit of each resource. */
export interface ResourceFields {
  readonly cpu: RequestAndLimit;
  readonly memory: RequestAndLimit;
}

export interface ContainerFields extends ResourceFields {
  readonly name: string;
  readonly role: Container['role'];
  /** Of the file. */
  readonly span: Place;
  /** How its process is started, with heap and cache sizes as fields. */
  readonly process: ProcessFields;
  /** The other resources that are written: GPUs, huge pages, ephemeral storage. */
  readonly others: readonly OtherFields[];
}

/** Request and limit of a resource besides CPU and memory. */
export interface OtherFields extends RequestAndLimit {
  /** `nvidia.com/gpu` */
  readonly name: string;
}

export interface WorkloadFields {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** What to show when the workload is chosen: its name, else its kind. Of the file. */
  readonly span: Place;
  readonly replicas: LoadField | undefined;
  /** The pod's own `spec.resources`; undefined where none are written. */
  readonly ownResources: ResourceFields | undefined;
  readonly containers: readonly ContainerFields[];
  readonly source:
    | {
        readonly kind: 'kubernetes';
        readonly workload: Workload;
        readonly start: number;
        readonly file: KubernetesFile;
      }
    | { readonly kind: 'compose'; readonly service: ComposeService; readonly start: number };
}

/** All workloads of a file with the fields that the panel shows. Empty for files that run nothing. */
export const loadFields = onceFor((parsed: Parsed): readonly WorkloadFields[] => {
  if (parsed.kind === 'compose') {
    return parsed.compose.services.map((service) => serviceFields(service, parsed.start));
  }
  if (parsed.kind !== 'kubernetes') return [];
  return parsed.kubernetes.objects.flatMap(({ object, start }, index) =>
    object.workload === undefined ? [] : [workloadFields(object.workload, start, index, parsed.kubernetes)],
  );
});

/** Between the path of a file and the id of a field in it. */
const separator = '|';

/** The workloads of a file beside the followed one: ids and places name the file, so that nothing is mistaken. */
export const loadFieldsOf = onceFor((parsed: Parsed): readonly WorkloadFields[] => {
  const file = parsed.file.path;
  const idIn = (id: string) => fieldOfFile(file, id);
  const placeIn = (span: Place): Place => ({ ...span, file });
  const field = (own: LoadField): LoadField => ({
    ...own,
    id: idIn(own.id),
    written: own.written && { ...own.written, span: placeIn(own.written.span) },
  });
  const resources = ({ cpu, memory }: ResourceFields): ResourceFields => ({
    cpu: { request: field(cpu.request), limit: field(cpu.limit) },
    memory: { request: field(memory.request), limit: field(memory.limit) },
  });
  return loadFields(parsed).map((workload) => ({
    ...workload,
    id: idIn(workload.id),
    span: placeIn(workload.span),
    replicas: workload.replicas && field(workload.replicas),
    ownResources: workload.ownResources && resources(workload.ownResources),
    containers: workload.containers.map((container) => ({
      ...container,
      span: placeIn(container.span),
      ...resources(container),
      others: container.others.map(({ name, request, limit }) => ({
        name,
        request: field(request),
        limit: field(limit),
      })),
      process: { ...container.process, fields: container.process.fields.map(field) },
    })),
  }));
});

/** The id, among those of all files in view, of a field that its own file calls `field`. */
export function fieldOfFile(file: string, field: string): string {
  return `${file}${separator}${field}`;
}

/** Splits the id of a field into the path of its file, empty for the followed one, and its id there. */
export function fileOfField(id: string): { readonly file: string; readonly field: string } {
  const at = id.indexOf(separator);
  return at < 0 ? { file: '', field: id } : { file: id.slice(0, at), field: id.slice(at + 1) };
}

/** All fields of a workload, the order that they are shown in. */
export function fieldsOf(workload: WorkloadFields): readonly LoadField[] {
  const { replicas, ownResources, containers } = workload;
  return [
    ...(replicas === undefined ? [] : [replicas]),
    ...(ownResources === undefined ? [] : resourceFieldsOf(ownResources)),
    ...containers.flatMap((container) => [
      ...resourceFieldsOf(container),
      ...container.others.flatMap(({ request, limit }) => [request, limit]),
      ...container.process.fields,
    ]),
  ];
}

function resourceFieldsOf({ cpu, memory }: ResourceFields): readonly LoadField[] {
  return [cpu.request, cpu.limit, memory.request, memory.limit];
}

/** The field's text with the draft applied; empty where there is none. */
export function fieldText(field: LoadField, draft: Draft): string {
  return (Object.hasOwn(draft, field.id) ? draft[field.id] : field.written?.value)?.trim() ?? '';
}

/** Whether the draft says something else than the file. */
export function isChanged(field: LoadField, draft: Draft): boolean {
  return fieldText(field, draft) !== (field.written?.value.trim() ?? '');
}

function workloadFields(workload: Workload, start: number, index: number, file: KubernetesFile): WorkloadFields {
  const { object } = workload;
  const id = `${index}/${object.kind.value}/${object.name?.value ?? ''}`;
  const replicaPath: YamlPath = [...object.path, 'spec', 'replicas'];
  const replicas = fieldAt(object.root, 'spec', 'replicas');
  return {
    id,
    kind: object.kind.value || 'object of a template',
    name:
      object.name?.value ??
      (fieldAt(object.root, 'metadata', 'name') === 'unknown' ? 'named by a template' : 'unnamed'),
    namespace: object.namespace?.value,
    span: shiftSpan((object.name ?? object.kind).span, start),
    replicas: workload.scales
      ? {
          id: `${id}:${replicaPath.join('/')}`,
          label: 'replicas',
          form: 'count',
          resource: 'replicas',
          part: 'count',
          document: object.document,
          start,
          path: replicaPath,
          written:
            replicas === undefined || replicas === 'unknown'
              ? undefined
              : placed(written(object.root, ['spec', 'replicas']), start),
          templated: replicas === 'unknown',
        }
      : undefined,
    ownResources: ownResources(workload, start, id),
    containers: workload.containers
      .filter(({ role }) => role !== 'ephemeral')
      .map((container) => containerFields(container, start, id)),
    source: { kind: 'kubernetes', workload, start, file },
  };
}

/** The fields of `spec.resources`, offered once it is written: most pods have none, and clusters before 1.34 refuse them. */
function ownResources(workload: Workload, start: number, id: string): ResourceFields | undefined {
  if (knownMapping(workload.spec, 'resources') === undefined) return undefined;
  return quantityFields(workload, start, id, (part, resource) => [
    [...workload.specPath, 'resources', part, resource],
    podResourceField(workload, part, resource),
  ]);
}

type FoundQuantity = readonly [path: YamlPath, text: Located<string> | undefined | 'unknown'];
type Find = (part: 'requests' | 'limits', resource: string) => FoundQuantity;

function requestAndLimit(
  { object }: Workload,
  start: number,
  workloadId: string,
  find: Find,
  name: string,
): RequestAndLimit {
  const field = (part: 'request' | 'limit'): LoadField => {
    const [path, text] = find(part === 'request' ? 'requests' : 'limits', name);
    return {
      id: `${workloadId}:${path.join('/')}`,
      label: `${name} ${part}`,
      form: 'kubernetes',
      resource: name === 'cpu' || name === 'memory' ? name : 'other',
      part,
      document: object.document,
      start,
      path,
      written: text === 'unknown' ? undefined : placed(text, start),
      templated: text === 'unknown',
    };
  };
  return { request: field('request'), limit: field('limit') };
}

function quantityFields(workload: Workload, start: number, workloadId: string, find: Find): ResourceFields {
  return {
    cpu: requestAndLimit(workload, start, workloadId, find, 'cpu'),
    memory: requestAndLimit(workload, start, workloadId, find, 'memory'),
  };
}

function containerFields(container: Container, start: number, workloadId: string): ContainerFields {
  const find: Find = (part, resource) => [
    resourcePath(container, part, resource),
    resourceField(container, part, resource),
  ];
  const others = [...new Set([...container.requests.keys(), ...container.limits.keys()])].filter(
    (name) => name !== 'cpu' && name !== 'memory',
  );
  return {
    name: container.name?.value ?? 'unnamed',
    role: container.role,
    span: shiftSpan(container.label, start),
    ...quantityFields(container.workload, start, workloadId, find),
    others: others.map((name) => ({ name, ...requestAndLimit(container.workload, start, workloadId, find, name) })),
    process: processFields(
      {
        id: workloadId,
        document: container.workload.object.document,
        start,
        path: container.path,
        node: container.node,
        image: container.image?.value,
      },
      'kubernetes',
    ),
  };
}

function serviceFields(service: ComposeService, start: number): WorkloadFields {
  const { resources } = service;
  const id = `service/${service.name.value}`;
  const field = (resource: Resource, part: 'request' | 'limit', candidates: readonly Candidate[]): LoadField => {
    const found = candidates.find(([text]) => text !== undefined) ?? candidates[0];
    const [text, ...below] = found ?? [undefined];
    const twin = twinOf(service, found, candidates);
    return {
      id: `${id}:${below.join('/')}`,
      label: `${resource} ${part === 'request' ? 'reservation' : 'limit'}`,
      form: resource === 'cpu' ? 'docker-cpus' : 'docker-memory',
      resource,
      part,
      document: service.file.document,
      start,
      path: [...service.path, ...below],
      written: placed(text, start),
      // What it extends, or the file that it is laid over, may say so.
      templated: text === undefined ? service.partial : text.value.includes('$'),
      ...(twin && { twin }),
    };
  };
  const { deployLimits, deployReservations } = resources;
  const deploy = (part: string, key: string): YamlPath => ['deploy', 'resources', part, key];
  return {
    id,
    kind: 'service',
    name: service.name.value,
    namespace: undefined,
    span: shiftSpan(service.name.span, start),
    replicas: {
      id: `${id}:replicas`,
      label: 'replicas',
      form: 'count',
      resource: 'replicas',
      part: 'count',
      document: service.file.document,
      start,
      path: [...service.path, ...replicaPath(service)],
      written: placed(resources.replicas, start),
      templated: resources.replicas?.value.includes('$') === true,
    },
    ownResources: undefined,
    containers: [
      {
        name: service.name.value,
        role: 'app',
        span: shiftSpan(service.name.span, start),
        cpu: {
          request: field('cpu', 'request', [[deployReservations.cpus, ...deploy('reservations', 'cpus')]]),
          limit: field('cpu', 'limit', [
            [deployLimits.cpus, ...deploy('limits', 'cpus')],
            [resources.cpus, 'cpus'],
          ]),
        },
        memory: {
          request: field('memory', 'request', [
            [deployReservations.memory, ...deploy('reservations', 'memory')],
            [resources.memoryReservation, 'mem_reservation'],
          ]),
          limit: field('memory', 'limit', [
            [deployLimits.memory, ...deploy('limits', 'memory')],
            [resources.memoryLimit, 'mem_limit'],
          ]),
        },
        process: processFields(
          {
            id,
            document: service.file.document,
            start,
            path: service.path,
            node: service.node,
            image: service.image?.value,
          },
          'compose',
        ),
        others: [],
      },
    ],
    source: { kind: 'compose', service, start },
  };
}

type Candidate = readonly [text: Located<string> | undefined, ...path: YamlPath];

/**
 * The other place of a field that has two. Compose refuses a key of the service beside a block of `deploy.resources` that
 * says something else, or nothing (compose-go v2 loader/validate.go).
 */
function twinOf(
  service: ComposeService,
  found: Candidate | undefined,
  [first, second]: readonly Candidate[],
): LoadField['twin'] {
  const [deploy, ...deployPath] = first ?? [undefined];
  const [own, ...ownPath] = second ?? [undefined];
  const block = deployPath.slice(0, -1);
  if (own === undefined || block.length === 0 || knownMapping(service.node, ...block) === undefined) return undefined;
  const [text, path] = found === first ? [own, ownPath] : [deploy, deployPath];
  if (text?.value.includes('$')) return undefined;
  return { key: path.join('.'), path: [...service.path, ...path], text: text?.value ?? '' };
}

function replicaPath(service: ComposeService): YamlPath {
  const deployed = fieldAt(service.node, 'deploy', 'replicas');
  const scale = fieldAt(service.node, 'scale');
  return deployed === undefined && scale !== undefined ? ['scale'] : ['deploy', 'replicas'];
}

function written(root: Workload['spec'], path: YamlPath): Located<string> | undefined {
  const field = fieldAt(root, ...path);
  if (field === undefined || field === 'unknown' || field.kind !== 'scalar') return undefined;
  return { value: field.text, span: field.span };
}

function placed(text: Located<string> | undefined, start: number): Located<string> | undefined {
  return text === undefined ? undefined : { value: text.value, span: shiftSpan(text.span, start) };
}
