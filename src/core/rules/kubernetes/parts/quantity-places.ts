import type { KubernetesObject } from '../../../kubernetes/model.ts';
import type { Located } from '../../../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, textMap } from '../../../yaml/field.ts';
import type { YamlMapping, YamlNode, YamlPath } from '../../../yaml/node.ts';
import { asMapping } from '../../../yaml/read.ts';
import { nanos } from './quantities.ts';

/** What a quantity counts: whole things (GPUs), anything (the ratio of a LimitRange), … */
export type Measure = 'cpu' | 'bytes' | 'whole' | 'plain';

/**
 * What sizes are likely: those of one container, pod or volume, of one that fills a machine, or any at all, as for all of
 * a namespace.
 */
export type Scale = 'one' | 'machine' | 'any';

export interface QuantityPlace {
  readonly resource: string;
  readonly measure: Measure;
  readonly text: Located<string>;
  readonly path: YamlPath;
  readonly scale: Scale;
}

/** 64 GiB, in billionths of a byte. */
const muchMemory = 64_000_000_000n << 30n;

/** Every quantity of an object that is written out. */
export function* quantityPlaces(object: KubernetesObject): Generator<QuantityPlace> {
  const { root, path, workload } = object;
  if (workload !== undefined) {
    yield* resourcePlaces(workload.spec, workload.specPath);
    for (const { node, path: at } of workload.containers) yield* resourcePlaces(node, at);
    for (const { index, node } of knownItems(workload.spec, 'volumes'))
      yield* volume(node, [...workload.specPath, 'volumes', index]);
  }
  for (const { index, node } of knownItems(root, 'spec', 'volumeClaimTemplates')) {
    yield* claim(node, [...path, 'spec', 'volumeClaimTemplates', index]);
  }
  if (object.kind.value === 'PersistentVolumeClaim') yield* claim(root, path);
  if (object.kind.value === 'PersistentVolume') yield* map(root, path, ['spec', 'capacity'], 'one');
  if (object.kind.value === 'ResourceQuota') yield* map(root, path, ['spec', 'hard'], 'any');
  if (object.kind.value === 'LimitRange') {
    for (const { index, node } of knownItems(root, 'spec', 'limits')) {
      const at: YamlPath = [...path, 'spec', 'limits', index];
      for (const key of ['default', 'defaultRequest']) yield* map(node, at, [key], 'one');
      for (const key of ['min', 'max']) yield* map(node, at, [key], 'any');
      for (const place of map(node, at, ['maxLimitRequestRatio'], 'any')) yield { ...place, measure: 'plain' };
    }
  }
}

/** Those of `resources`, below a container, a pod or what is written like one. */
export function* resourcePlaces(holder: YamlMapping, path: YamlPath): Generator<QuantityPlace> {
  yield* map(holder, path, ['resources', 'requests'], 'one');
  yield* map(holder, path, ['resources', 'limits'], 'one');
}

function* volume(node: YamlNode, path: YamlPath): Generator<QuantityPlace> {
  const size = knownText(node, 'emptyDir', 'sizeLimit');
  if (size !== undefined) {
    yield {
      resource: 'sizeLimit',
      measure: 'bytes',
      text: size,
      path: [...path, 'emptyDir', 'sizeLimit'],
      scale: 'one',
    };
  }
  const template = fieldAt(node, 'ephemeral', 'volumeClaimTemplate');
  if (template !== undefined && template !== 'unknown')
    yield* claim(template, [...path, 'ephemeral', 'volumeClaimTemplate']);
}

function* claim(node: YamlNode, path: YamlPath): Generator<QuantityPlace> {
  const spec = knownMapping(node, 'spec');
  if (spec !== undefined) yield* resourcePlaces(spec, [...path, 'spec']);
}

function* map(node: YamlNode, path: YamlPath, below: readonly string[], scale: Scale): Generator<QuantityPlace> {
  const field = fieldAt(node, ...below);
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  const quantities = textMap(mapping);
  const likely = scale === 'one' && fillsMachine(quantities) ? 'machine' : scale;
  for (const [resource, text] of quantities) {
    yield {
      resource,
      measure: measureOf(resource),
      text,
      path: [...path, ...below, resource],
      scale: likely,
    };
  }
}

/** Whether what stands beside it tells of a node with many CPUs: accelerators, or much memory. */
function fillsMachine(quantities: ReadonlyMap<string, Located<string>>): boolean {
  const memory = nanos(quantities.get('memory')?.value ?? '');
  if (memory !== undefined && memory >= muchMemory) return true;
  return [...quantities.keys()].some((resource) => measureOf(resource) === 'whole');
}

function measureOf(resource: string): Measure {
  const name = resource.replace(/^(?:.*\/)?(?:requests|limits)\./, '');
  if (name === 'cpu') return 'cpu';
  if (/^(?:memory|storage|ephemeral-storage|hugepages-.*)$/.test(name)) return 'bytes';
  return name.includes('/') ? 'whole' : 'plain';
}
