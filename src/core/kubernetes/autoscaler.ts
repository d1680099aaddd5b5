import type { Located, Span } from '../text/span.ts';
import { fieldAt, knownInteger, knownItems, knownText } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import { entry } from '../yaml/read.ts';
import type { KubernetesFile, KubernetesObject, NeighbourObject, PlacedObject } from './model.ts';
import { findTarget } from './references.ts';

/** A metric that is measured in percent of the requests of the pods. */
export interface UtilizationMetric {
  readonly resource: 'cpu' | 'memory';
  /** Of this container alone. */
  readonly container: Located<string> | undefined;
  /** Use in percent of the request that it holds; undefined where it is not known. */
  readonly target: number | undefined;
  /** Where it is written. */
  readonly span: Span;
}

/** What an autoscaler without a metric goes by (kubernetes pkg/apis/autoscaling/v2/defaults.go). */
const unsetTarget = 80;

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
  const written = knownInteger(spec, 'targetCPUUtilizationPercentage')?.value;
  return [{ resource: 'cpu', container: undefined, target: old === undefined ? unsetTarget : written, span }];
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
  const written =
    knownInteger(node, key, 'target', 'averageUtilization') ?? knownInteger(node, key, 'targetAverageUtilization');
  return of(name, container, written?.value);
}

function trigger(node: YamlNode): readonly UtilizationMetric[] {
  const type = knownText(node, 'type');
  const kind = knownText(node, 'metricType') ?? knownText(node, 'metadata', 'type');
  if (type === undefined || kind?.value !== 'Utilization') return [];
  if (fieldAt(node, 'metadata', 'containerName') === 'unknown') return [];
  const value = Number(knownText(node, 'metadata', 'value')?.value ?? '');
  return of(type, knownText(node, 'metadata', 'containerName'), value > 0 ? value : undefined);
}

function of(
  { value, span }: Located<string>,
  container: Located<string> | undefined,
  target: number | undefined,
): readonly UtilizationMetric[] {
  return value === 'cpu' || value === 'memory' ? [{ resource: value, container, target, span }] : [];
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
