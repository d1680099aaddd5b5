import type { KubernetesObject } from '../../../kubernetes/model.ts';
import type { Located } from '../../../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, textMap } from '../../../yaml/field.ts';
import type { YamlMapping, YamlNode, YamlPath } from '../../../yaml/node.ts';
import { asMapping } from '../../../yaml/read.ts';

/** What a quantity counts: whole things (GPUs), anything (the ratio of a LimitRange), … */
export type Measure = 'cpu' | 'bytes' | 'whole' | 'plain';

export interface QuantityPlace {
  readonly resource: string;
  readonly measure: Measure;
  readonly text: Located<string>;
  readonly path: YamlPath;
  /** It is one container's, pod's or volume's, so that sizes of other orders are mistakes. */
  readonly single: boolean;
}

/** Every quantity of an object that is written out. */
export function* quantityPlaces(object: KubernetesObject): Generator<QuantityPlace> {
  const { root, path, workload } = object;
  if (workload !== undefined) {
    yield* resources(workload.spec, workload.specPath);
    for (const { node, path: at } of workload.containers) yield* resources(node, at);
    for (const { index, node } of knownItems(workload.spec, 'volumes'))
      yield* volume(node, [...workload.specPath, 'volumes', index]);
  }
  for (const { index, node } of knownItems(root, 'spec', 'volumeClaimTemplates')) {
    yield* claim(node, [...path, 'spec', 'volumeClaimTemplates', index]);
  }
  if (object.kind.value === 'PersistentVolumeClaim') yield* claim(root, path);
  if (object.kind.value === 'PersistentVolume') yield* map(root, path, ['spec', 'capacity'], true);
  if (object.kind.value === 'ResourceQuota') yield* map(root, path, ['spec', 'hard'], false);
  if (object.kind.value === 'LimitRange') {
    for (const { index, node } of knownItems(root, 'spec', 'limits')) {
      const at: YamlPath = [...path, 'spec', 'limits', index];
      for (const key of ['default', 'defaultRequest']) yield* map(node, at, [key], true);
      for (const key of ['min', 'max']) yield* map(node, at, [key], false);
      for (const place of map(node, at, ['maxLimitRequestRatio'], false)) yield { ...place, measure: 'plain' };
    }
  }
}

function* resources(holder: YamlMapping, path: YamlPath): Generator<QuantityPlace> {
  yield* map(holder, path, ['resources', 'requests'], true);
  yield* map(holder, path, ['resources', 'limits'], true);
}

function* volume(node: YamlNode, path: YamlPath): Generator<QuantityPlace> {
  const size = knownText(node, 'emptyDir', 'sizeLimit');
  if (size !== undefined) {
    yield {
      resource: 'sizeLimit',
      measure: 'bytes',
      text: size,
      path: [...path, 'emptyDir', 'sizeLimit'],
      single: true,
    };
  }
  const template = fieldAt(node, 'ephemeral', 'volumeClaimTemplate');
  if (template !== undefined && template !== 'unknown')
    yield* claim(template, [...path, 'ephemeral', 'volumeClaimTemplate']);
}

function* claim(node: YamlNode, path: YamlPath): Generator<QuantityPlace> {
  const spec = knownMapping(node, 'spec');
  if (spec !== undefined) yield* resources(spec, [...path, 'spec']);
}

function* map(node: YamlNode, path: YamlPath, below: readonly string[], single: boolean): Generator<QuantityPlace> {
  const field = fieldAt(node, ...below);
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  for (const [resource, text] of textMap(mapping)) {
    yield { resource, measure: measureOf(resource), text, path: [...path, ...below, resource], single };
  }
}

function measureOf(resource: string): Measure {
  const name = resource.replace(/^(?:.*\/)?(?:requests|limits)\./, '');
  if (name === 'cpu') return 'cpu';
  if (/^(?:memory|storage|ephemeral-storage|hugepages-.*)$/.test(name)) return 'bytes';
  return name.includes('/') ? 'whole' : 'plain';
}
