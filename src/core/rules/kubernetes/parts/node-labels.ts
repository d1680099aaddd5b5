import type { KubernetesObject } from '../../../kubernetes/model.ts';
import type { Located } from '../../../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, scalarText } from '../../../yaml/field.ts';
import type { YamlNode, YamlPatch, YamlPath } from '../../../yaml/node.ts';
import { asSequence, entries } from '../../../yaml/read.ts';

/** A label of nodes that something chooses by. */
export interface NodeLabel {
  readonly key: Located<string>;
  /** Equality counts as `In`; `Topology` where only the key is named. */
  readonly operator: string;
  readonly values: readonly { readonly text: Located<string>; readonly path: YamlPath }[];
  /** All values could be read. */
  readonly whole: boolean;
  /** Writes another key. */
  rename(key: string): YamlPatch;
}

/** Labels that must all hold. */
export type NodeTerm = readonly NodeLabel[];

const required: YamlPath = ['requiredDuringSchedulingIgnoredDuringExecution'];
const preferred: YamlPath = ['preferredDuringSchedulingIgnoredDuringExecution'];

/** `nodeSelector` of a pod. */
export function selectorLabels({ workload }: KubernetesObject): NodeTerm {
  const selector = knownMapping(workload?.spec, 'nodeSelector');
  if (workload === undefined || selector === undefined) return [];
  return entries(selector).flatMap(({ key, value }) => {
    if (key.unknown) return [];
    const path = [...workload.specPath, 'nodeSelector', key.text];
    const text = value === null ? undefined : scalarText(value);
    return [
      {
        key: { value: key.text, span: key.span },
        operator: 'In',
        values: text === undefined ? [] : [{ text, path }],
        whole: text !== undefined,
        rename: (name: string): YamlPatch => ({ kind: 'rename', path, key: name }),
      },
    ];
  });
}

/** Terms of a pod's required node affinity, of which one has to hold. */
export function requiredTerms({ workload }: KubernetesObject): readonly NodeTerm[] {
  if (workload === undefined) return [];
  const path = ['affinity', 'nodeAffinity', ...required, 'nodeSelectorTerms'];
  return terms(workload.spec, workload.specPath, path);
}

/** Every label of nodes that an object names, preferred ones and those of topologies too. */
export function* nodeLabelsOf(object: KubernetesObject): Generator<NodeLabel> {
  const { root, path, workload } = object;
  if (workload !== undefined) {
    const { spec, specPath } = workload;
    yield* selectorLabels(object);
    yield* requiredTerms(object).flat();
    const likes = ['affinity', 'nodeAffinity', ...preferred];
    for (const { index, node } of knownItems(spec, ...likes))
      yield* expressions(node, [...specPath, ...likes, index], ['preference', 'matchExpressions']);
    yield* topologies(spec, specPath, ['topologySpreadConstraints'], []);
    for (const kind of ['podAffinity', 'podAntiAffinity']) {
      yield* topologies(spec, specPath, ['affinity', kind, ...required], []);
      yield* topologies(spec, specPath, ['affinity', kind, ...preferred], ['podAffinityTerm']);
    }
  }
  if (object.kind.value === 'PersistentVolume')
    yield* terms(root, path, ['spec', 'nodeAffinity', 'required', 'nodeSelectorTerms']).flat();
  if (object.kind.value === 'StorageClass') {
    for (const { index, node } of knownItems(root, 'allowedTopologies'))
      yield* expressions(node, [...path, 'allowedTopologies', index], ['matchLabelExpressions']);
  }
}

function terms(holder: YamlNode, base: YamlPath, path: YamlPath): readonly NodeTerm[] {
  return knownItems(holder, ...path).map(({ index, node }) => [
    ...expressions(node, [...base, ...path, index], ['matchExpressions']),
  ]);
}

function* expressions(holder: YamlNode, base: YamlPath, path: YamlPath): Generator<NodeLabel> {
  for (const { index, node } of knownItems(holder, ...path)) {
    const key = knownText(node, 'key');
    if (key === undefined) continue;
    const at = [...base, ...path, index];
    const field = fieldAt(node, 'values');
    const list = field === 'unknown' ? undefined : asSequence(field);
    const values = knownItems(node, 'values').flatMap((item) => {
      const text = scalarText(item.node);
      return text === undefined ? [] : [{ text, path: [...at, 'values', item.index] }];
    });
    yield {
      key,
      operator: knownText(node, 'operator')?.value ?? 'In',
      values,
      whole: list !== undefined && !list.open && values.length === list.items.length,
      rename: (value) => ({ kind: 'set', path: [...at, 'key'], value }),
    };
  }
}

function* topologies(holder: YamlNode, base: YamlPath, path: YamlPath, below: YamlPath): Generator<NodeLabel> {
  for (const { index, node } of knownItems(holder, ...path)) {
    const key = knownText(node, ...below, 'topologyKey');
    if (key === undefined) continue;
    const at = [...base, ...path, index, ...below, 'topologyKey'];
    yield {
      key,
      operator: 'Topology',
      values: [],
      whole: false,
      rename: (value) => ({ kind: 'set', path: at, value }),
    };
  }
}
