import { onceFor } from '../text/once-for.ts';
import { fieldAt, knownInteger, knownMapping, knownText, textMap } from '../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../yaml/node.ts';
import { entry } from '../yaml/read.ts';
import { readContainers } from './container.ts';
import type { Container, KubernetesObject, Workload } from './model.ts';

interface PodKind {
  /** From the object to the mapping that holds `metadata` and `spec` of the pods. */
  readonly template: YamlPath;
  /** It has `spec.replicas`. */
  readonly scales?: true;
  readonly runsToCompletion?: true;
}

const template: YamlPath = ['spec', 'template'];

const podKinds: Readonly<Record<string, PodKind>> = {
  Pod: { template: [] },
  PodTemplate: { template: ['template'] },
  Deployment: { template, scales: true },
  StatefulSet: { template, scales: true },
  ReplicaSet: { template, scales: true },
  ReplicationController: { template, scales: true },
  DeploymentConfig: { template, scales: true },
  Rollout: { template, scales: true },
  DaemonSet: { template },
  Job: { template, runsToCompletion: true },
  CronJob: { template: ['spec', 'jobTemplate', 'spec', 'template'], runsToCompletion: true },
  ScaledJob: { template: ['spec', 'jobTargetRef', 'template'], runsToCompletion: true },
};

/** Of the Agent Sandbox project: one pod each, and what such pods are made from. */
const sandboxKind = /^Sandbox(?:Template)?$/;

/** The pods that an object runs; undefined where it runs none. */
export function readWorkload(object: KubernetesObject): Workload | undefined {
  const podKind = podKindOf(object);
  if (podKind === undefined) return undefined;
  const holder = knownMapping(object.root, ...podKind.template);
  if (holder === undefined) return undefined;
  const spec = knownMapping(holder, 'spec');
  if (spec === undefined) return undefined;
  const base: YamlPath = [...object.path, ...podKind.template];
  const podMetadata = knownMapping(holder, 'metadata');
  const containers: Container[] = [];
  const workload: Workload = {
    object,
    specPath: [...base, 'spec'],
    spec,
    podLabels: textMap(knownMapping(podMetadata, 'labels')),
    podMetadata,
    podMetadataPath: [...base, 'metadata'],
    replicas: podKind.scales ? knownInteger(object.root, 'spec', 'replicas') : undefined,
    scales: podKind.scales === true,
    runsToCompletion: podKind.runsToCompletion === true || (holder === object.root && endsByItself(spec)),
    windows: knownText(spec, 'os', 'name')?.value === 'windows',
    containers,
  };
  containers.push(...readContainers(workload));
  return workload;
}

/** Whether the object is of a kind that has `spec.replicas`. */
export function hasScale(object: KubernetesObject): boolean {
  return podKindOf(object)?.scales === true;
}

/** The `metadata` of the pods that an object makes, whether or not the rest of them is written. */
export function podMetadataOf(object: KubernetesObject): YamlMapping | undefined {
  const podKind = podKindOf(object);
  return podKind && knownMapping(object.root, ...podKind.template, 'metadata');
}

/** Whether the object is of a kind that makes pods, whether or not its template is written. */
export function makesPods(object: KubernetesObject): boolean {
  return podKindOf(object) !== undefined;
}

const podKindOf = onceFor((object: KubernetesObject): PodKind | undefined => {
  const kind = object.kind.value;
  const known = Object.hasOwn(podKinds, kind) ? podKinds[kind] : undefined;
  if (known !== undefined) return known;
  if (kind === 'CustomResourceDefinition') return undefined;
  if (sandboxKind.test(kind) && /^(?:extensions\.)?agents\.x-k8s\.io\//.test(object.apiVersion.value))
    return { template: ['spec', 'podTemplate'] };
  // Knative's Service, and every custom kind that is built the same way.
  const spec = knownMapping(object.root, ...template, 'spec');
  if (spec === undefined || fieldAt(spec, 'containers') === undefined) return undefined;
  return hasReplicas(object.root) ? { template, scales: true } : { template };
});

function hasReplicas(root: YamlMapping): boolean {
  const spec = knownMapping(root, 'spec');
  return spec !== undefined && entry(spec, 'replicas') !== undefined;
}

function endsByItself(spec: YamlMapping): boolean {
  const policy = knownText(spec, 'restartPolicy')?.value;
  return policy === 'Never' || policy === 'OnFailure';
}
