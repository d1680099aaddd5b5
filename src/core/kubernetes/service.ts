import { onceFor } from '../text/once-for.ts';
import type { Located, Span } from '../text/span.ts';
import { fieldAt, knownInteger, knownItems, knownText } from '../yaml/field.ts';
import type { YamlPath } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import type { KubernetesFile, KubernetesObject, PlacedObject, Workload } from './model.ts';
import { readMapSelector, readPodLabels, type Selector, selects, type Verdict } from './selector.ts';

export interface ServicePort {
  readonly span: Span;
  readonly path: YamlPath;
  readonly name: Located<string> | undefined;
  readonly port: Located<number> | undefined;
  /** A number or a port's name, as written; undefined where it is not, or a template decides: see `targetUnknown`. */
  readonly targetPort: Located<string> | undefined;
  readonly targetUnknown: boolean;
  readonly protocol: string;
}

/** A `v1` Service. */
export interface Service {
  readonly object: KubernetesObject;
  readonly type: string;
  /** Undefined where none is written: then somebody else makes its endpoints. */
  readonly selector: Selector | undefined;
  readonly ports: readonly ServicePort[];
}

/** A workload and the offset of its document. */
export interface PlacedWorkload {
  readonly workload: Workload;
  readonly start: number;
}

/** The object as a Service of the core group; undefined where it is something else. */
export const readService = onceFor((object: KubernetesObject): Service | undefined => {
  if (object.kind.value !== 'Service' || !/^v\d|^$/.test(object.apiVersion.value)) return undefined;
  const field = fieldAt(object.root, 'spec', 'selector');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  const unread: Selector = { span: object.kind.span, requirements: [], partial: true };
  return {
    object,
    type: knownText(object.root, 'spec', 'type')?.value ?? 'ClusterIP',
    selector: mapping !== undefined ? readMapSelector(mapping) : field === 'unknown' ? unread : undefined,
    ports: knownItems(object.root, 'spec', 'ports').map(({ index, node }) => ({
      span: node.span,
      path: [...object.path, 'spec', 'ports', index],
      name: knownText(node, 'name'),
      port: knownInteger(node, 'port'),
      targetPort: knownText(node, 'targetPort'),
      targetUnknown: fieldAt(node, 'targetPort') === 'unknown',
      protocol: knownText(node, 'protocol')?.value ?? 'TCP',
    })),
  };
});

/** Whether a Service sends to a workload's pods. One without a selector, or with an empty one, sends to none. */
export function serves(service: Service, workload: Workload): Verdict {
  const { selector } = service;
  if (selector === undefined || service.type === 'ExternalName') return 'no';
  if (selector.requirements.length === 0 && !selector.partial) return 'no';
  const place = sameNamespace(service.object, workload.object);
  if (place === 'no') return 'no';
  const verdict = selects(selector, readPodLabels(workload));
  return place === 'unknown' && verdict === 'yes' ? 'unknown' : verdict;
}

/** Whether two objects live in one namespace. Two that name none do; one that does and one that does not may. */
export function sameNamespace(a: KubernetesObject, b: KubernetesObject): Verdict {
  const [first, second] = [namespaceOf(a), namespaceOf(b)];
  if (first === 'unknown' || second === 'unknown') return 'unknown';
  if (first === second) return 'yes';
  return first === undefined || second === undefined ? 'unknown' : 'no';
}

/** Whether an object lives in a namespace. One that names none goes wherever it is applied. */
export function isInNamespace(object: KubernetesObject, namespace: string): Verdict {
  const own = namespaceOf(object);
  if (own === 'unknown' || own === undefined) return 'unknown';
  return own === namespace ? 'yes' : 'no';
}

/** All workloads of a file. */
export const workloadsOf = onceFor((file: KubernetesFile): readonly PlacedWorkload[] => {
  return file.objects.flatMap(({ object, start }) =>
    object.workload === undefined ? [] : [{ workload: object.workload, start }],
  );
});

/** All Services of a file with the offsets of their documents. */
export function servicesOf(file: KubernetesFile): readonly { readonly service: Service; readonly start: number }[] {
  return file.objects.flatMap(({ object, start }: PlacedObject) => {
    const service = readService(object);
    return service === undefined ? [] : [{ service, start }];
  });
}

const namespaceOf = onceFor((object: KubernetesObject): string | undefined | 'unknown' => {
  const field = fieldAt(object.root, 'metadata', 'namespace');
  if (field === 'unknown') return 'unknown';
  return object.namespace?.value;
});
