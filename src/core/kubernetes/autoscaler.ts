import type { Located, Span } from '../text/span.ts';
import { fieldAt, knownItems, knownText } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import { entry } from '../yaml/read.ts';
import type { KubernetesFile, KubernetesObject, NeighbourObject, PlacedObject } from './model.ts';
import { findTarget } from './references.ts';

/** A metric that is measured in percent of the requests of the pods. */
export interface UtilizationMetric {
  readonly resource: 'cpu' | 'memory';
  /** Of this container alone. */
  readonly container: Located<string> | undefined;
  /** Where it is written. */
  readonly span: Span;
}

/**
 * What a HorizontalPodAutoscaler, or a ScaledObject of KEDA, measures in percent of requests. One without any metric goes by
 * 80 % of the CPU. Empty where the object is something else, or a template decides.
 */
export function utilizationMetrics(object: KubernetesObject): readonly UtilizationMetric[] {
  if (object.context === 'patch') return [];
  if (object.kind.value === 'ScaledObject') {
    return knownItems(object.root, 'spec', 'triggers').flatMap(({ node }) => trigger(node));
  }
  if (object.kind.value !== 'HorizontalPodAutoscaler') return [];
  const metrics = fieldAt(object.root, 'spec', 'metrics');
  if (metrics !== undefined) return knownItems(object.root, 'spec', 'metrics').flatMap(({ node }) => metric(node));
  const old = fieldAt(object.root, 'spec', 'targetCPUUtilizationPercentage');
  if (old === 'unknown') return [];
  const spec = fieldAt(object.root, 'spec');
  if (spec === undefined || spec === 'unknown' || spec.kind !== 'mapping') return [];
  const span = entry(spec, 'targetCPUUtilizationPercentage')?.key.span ?? object.name?.span ?? object.kind.span;
  return [{ resource: 'cpu', container: undefined, span }];
}

function metric(node: YamlNode): readonly UtilizationMetric[] {
  const type = knownText(node, 'type')?.value;
  const key = type === 'Resource' ? 'resource' : type === 'ContainerResource' ? 'containerResource' : undefined;
  if (key === undefined) return [];
  const name = knownText(node, key, 'name');
  const target = knownText(node, key, 'target', 'type')?.value;
  const older = fieldAt(node, key, 'targetAverageUtilization');
  const percent = target === 'Utilization' || (older !== undefined && older !== 'unknown');
  if (name === undefined || !percent) return [];
  const container = key === 'containerResource' ? knownText(node, key, 'container') : undefined;
  // A template names the container.
  if (key === 'containerResource' && container === undefined) return [];
  return of(name, container);
}

function trigger(node: YamlNode): readonly UtilizationMetric[] {
  const type = knownText(node, 'type');
  const kind = knownText(node, 'metricType') ?? knownText(node, 'metadata', 'type');
  if (type === undefined || kind?.value !== 'Utilization') return [];
  if (fieldAt(node, 'metadata', 'containerName') === 'unknown') return [];
  return of(type, knownText(node, 'metadata', 'containerName'));
}

function of({ value, span }: Located<string>, container: Located<string> | undefined): readonly UtilizationMetric[] {
  return value === 'cpu' || value === 'memory' ? [{ resource: value, container, span }] : [];
}

/** What an autoscaler scales, where it is written here or beside the file. */
export function scalingTarget(
  file: KubernetesFile,
  scaler: KubernetesObject,
): PlacedObject | NeighbourObject | undefined {
  const name = knownText(scaler.root, 'spec', 'scaleTargetRef', 'name');
  const kind = knownText(scaler.root, 'spec', 'scaleTargetRef', 'kind')?.value ?? 'Deployment';
  const target = name && findTarget(file, scaler, kind, name.value);
  return target?.kind === 'found' ? target.object : undefined;
}
