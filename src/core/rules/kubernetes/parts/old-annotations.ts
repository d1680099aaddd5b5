import type { KubernetesObject } from '../../../kubernetes/model.ts';
import type { Located } from '../../../text/span.ts';
import { knownItems, knownMapping, scalarText } from '../../../yaml/field.ts';
import type { YamlNode, YamlPath, YamlScalar, YamlValue } from '../../../yaml/node.ts';
import { entries } from '../../../yaml/read.ts';

export interface Annotation {
  readonly key: YamlScalar;
  /** Undefined where a template decides it. */
  readonly value: Located<string> | undefined;
  readonly path: YamlPath;
  /** No other annotation stands beside it. */
  readonly only: boolean;
  /** Whose metadata it stands in; a `claim` is a template of a StatefulSet. */
  readonly of: 'object' | 'pod' | 'claim';
  /** The path of that one, to its `spec`. */
  readonly spec: YamlPath;
  readonly keys: ReadonlySet<string>;
}

/** An annotation that Kubernetes gave up, and what came for it. Versions are minor ones. */
export interface OldAnnotation {
  readonly since: number;
  /** From here on nothing reads it. */
  readonly gone?: number;
  /** The field or annotation to write. */
  readonly use: string;
  readonly rename?: { readonly key: string; readonly taken: boolean };
  readonly move?: { readonly path: YamlPath; readonly value: YamlValue };
  /** It may stand beside the field where both say the same. */
  readonly same?: true;
}

/** The annotations of an object, of its pods and of its claim templates. */
export function* annotationsIn(object: KubernetesObject): Generator<Annotation> {
  const { root, path, workload } = object;
  const ofPod = object.kind.value === 'Pod' ? 'pod' : 'object';
  yield* below(root, path, ofPod, [...path, 'spec']);
  if (workload !== undefined && workload.podMetadata !== undefined && ofPod === 'object') {
    const { podMetadata, podMetadataPath, specPath } = workload;
    yield* inMetadata(podMetadata, podMetadataPath, 'pod', specPath);
  }
  if (object.kind.value === 'StatefulSet')
    for (const { index, node } of knownItems(root, 'spec', 'volumeClaimTemplates')) {
      const at = [...path, 'spec', 'volumeClaimTemplates', index];
      yield* below(node, at, 'claim', [...at, 'spec']);
    }
}

function below(node: YamlNode, path: YamlPath, of: Annotation['of'], spec: YamlPath): Iterable<Annotation> {
  const metadata = knownMapping(node, 'metadata');
  return metadata === undefined ? [] : inMetadata(metadata, [...path, 'metadata'], of, spec);
}

function* inMetadata(metadata: YamlNode, path: YamlPath, of: Annotation['of'], spec: YamlPath): Generator<Annotation> {
  const mapping = knownMapping(metadata, 'annotations');
  if (mapping === undefined) return;
  const all = [...entries(mapping)];
  const keys = new Set(all.map(({ key }) => key.text));
  for (const { key, value } of all) {
    if (key.unknown) continue;
    const only = all.length === 1 && !mapping.open;
    const text = value === null ? undefined : scalarText(value);
    yield { key, value: text, path: [...path, 'annotations', key.text], only, of, spec, keys };
  }
}

const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const containerSeccomp = 'container.seccomp.security.alpha.kubernetes.io/';
const containerAppArmor = 'container.apparmor.security.beta.kubernetes.io/';
const defaultClass = 'storageclass.beta.kubernetes.io/is-default-class';
const hints = 'service.kubernetes.io/topology-aware-hints';

/** Gone before the fields that replaced them were ten releases old; nothing of the value is the same. */
const longGone: ReadonlyMap<string, { readonly gone: number; readonly use: string }> = new Map([
  ['scheduler.alpha.kubernetes.io/critical-pod', { gone: 16, use: 'priorityClassName' }],
  ['scheduler.alpha.kubernetes.io/affinity', { gone: 6, use: 'affinity' }],
  ['scheduler.alpha.kubernetes.io/tolerations', { gone: 6, use: 'tolerations' }],
  ['pod.alpha.kubernetes.io/init-containers', { gone: 8, use: 'initContainers' }],
  ['pod.beta.kubernetes.io/init-containers', { gone: 8, use: 'initContainers' }],
  ['security.alpha.kubernetes.io/sysctls', { gone: 11, use: 'securityContext.sysctls' }],
  ['security.alpha.kubernetes.io/unsafe-sysctls', { gone: 11, use: 'securityContext.sysctls' }],
]);

/**
 * What is known of an annotation that has become a field (kubernetes pkg/api/{pod,service,persistentvolume}/warnings,
 * pkg/apis/networking/validation); undefined for all others.
 */
export function oldAnnotation(object: KubernetesObject, annotation: Annotation): OldAnnotation | undefined {
  const { key, value, of, spec, keys } = annotation;
  const kind = object.kind.value;
  if (of === 'pod') return ofPods(object, annotation);
  const text = value?.value;
  if (kind === 'Ingress' && key.text === 'kubernetes.io/ingress.class') {
    // GKE's own controller reads nothing else.
    if (text === undefined || /^gce(?:-|$)/.test(text) || !object.apiVersion.value.startsWith('networking.k8s.io/'))
      return undefined;
    const move = { path: [...spec, 'ingressClassName'], value: text };
    return { since: 18, use: 'ingressClassName', move, same: true };
  }
  if (key.text === 'volume.beta.kubernetes.io/storage-class' && /^PersistentVolume|^StatefulSet$/.test(kind)) {
    const move = text === undefined ? undefined : { path: [...spec, 'storageClassName'], value: text };
    return { since: 8, use: 'storageClassName', ...(move && { move }) };
  }
  if (kind === 'StorageClass' && key.text === defaultClass)
    return renamed(6, 'storageclass.kubernetes.io/is-default-class', keys);
  if (kind === 'Service' && key.text === hints) return renamed(27, 'service.kubernetes.io/topology-mode', keys);
  return undefined;
}

function ofPods({ workload }: KubernetesObject, { key, value, spec }: Annotation): OldAnnotation | undefined {
  const old = longGone.get(key.text);
  if (old !== undefined) return { since: old.gone, ...old };
  const container = (prefix: string) =>
    workload?.containers.find(({ name }) => name?.value === key.text.slice(prefix.length));
  if (key.text === seccomp || key.text.startsWith(containerSeccomp)) {
    const holder = key.text === seccomp ? spec : container(containerSeccomp)?.path;
    return { since: 19, gone: 27, use: 'securityContext.seccompProfile', ...profile(holder, 'seccompProfile', value) };
  }
  if (key.text.startsWith(containerAppArmor)) {
    const holder = container(containerAppArmor)?.path;
    return { since: 30, use: 'securityContext.appArmorProfile', ...profile(holder, 'appArmorProfile', value) };
  }
  return undefined;
}

/** The field that says what the annotation says. */
function profile(
  holder: YamlPath | undefined,
  field: string,
  value: Located<string> | undefined,
): Pick<OldAnnotation, 'move'> {
  const type = /^(?:runtime|docker)\/default$/.test(value?.value ?? '') ? 'RuntimeDefault' : undefined;
  const [, local] = /^localhost\/(.+)$/.exec(value?.value ?? '') ?? [];
  const made =
    type !== undefined
      ? { type }
      : local !== undefined
        ? { type: 'Localhost', localhostProfile: local }
        : value?.value === 'unconfined'
          ? { type: 'Unconfined' }
          : undefined;
  return holder === undefined || made === undefined
    ? {}
    : { move: { path: [...holder, 'securityContext', field], value: made } };
}

function renamed(since: number, key: string, keys: ReadonlySet<string>): OldAnnotation {
  return { since, use: key, rename: { key, taken: keys.has(key) } };
}
