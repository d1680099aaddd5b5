import type { YamlNode, YamlPatch, YamlPath, YamlValue } from '../../src/core/yaml/node.ts';
import { goScalar } from '../../src/core/yaml/scalars.ts';

/** What a tree says, without how it is written. */
export type Model =
  | { readonly scalar: string; readonly anchor?: string | undefined }
  | { readonly pairs: readonly (readonly [string, Model])[]; readonly anchor?: string | undefined }
  | { readonly items: readonly Model[]; readonly anchor?: string | undefined }
  | { readonly alias: string };

const nothing: Model = { scalar: 'null' };

export function modelOf(node: YamlNode | null): Model {
  if (node === null) return nothing;
  if (node.kind === 'alias') return { alias: node.name };
  const { anchor } = node;
  if (node.kind === 'mapping')
    return { pairs: node.pairs.map(({ key, value }) => [key.text, modelOf(value)] as const), anchor };
  if (node.kind === 'sequence') return { items: node.items.map(modelOf), anchor };
  if (node.unknown) return { scalar: 'unknown', anchor };
  const read = goScalar(node);
  return { scalar: read.kind === 'null' ? 'null' : `${read.kind} ${read.value}`, anchor };
}

export function modelOfValue(value: YamlValue): Model {
  if (value === null) return nothing;
  if (typeof value === 'string') return { scalar: `string ${value}` };
  if (typeof value === 'boolean') return { scalar: `boolean ${value}` };
  if (typeof value === 'number') return { scalar: `${Number.isInteger(value) ? 'integer' : 'float'} ${value}` };
  if (Array.isArray(value)) return { items: value.map(modelOfValue) };
  return { pairs: Object.entries(value).map(([key, inner]) => [key, modelOfValue(inner)] as const) };
}

/** The model after a patch. */
export function patched(model: Model, patch: YamlPatch): Model {
  return change(model, patch.path, patch);
}

function change(model: Model, path: YamlPath, patch: YamlPatch): Model {
  const [step, ...rest] = path;
  if (step === undefined) {
    if (patch.kind === 'set') return { ...modelOfValue(patch.value), ...anchorOf(model) };
    if (patch.kind === 'append') {
      const items = 'items' in model ? model.items : [];
      return { items: [...items, modelOfValue(patch.value)], ...anchorOf(model) };
    }
    if (patch.kind === 'order' && 'items' in model) return { ...model, items: inOrder(model.items, patch.order) };
    if (patch.kind === 'order' && 'pairs' in model) return { ...model, pairs: inOrder(model.pairs, patch.order) };
    return model;
  }
  if (typeof step === 'number') {
    const items = 'items' in model ? [...model.items] : [];
    if (rest.length === 0 && patch.kind === 'remove') items.splice(step, 1);
    else items[step] = change(items[step] ?? nothing, rest, patch);
    return { items, ...anchorOf(model) };
  }
  const pairs = 'pairs' in model ? [...model.pairs] : [];
  const at = pairs.findLastIndex(([key]) => key === step);
  const old = pairs[at]?.[1] ?? nothing;
  if (rest.length === 0 && patch.kind === 'remove') pairs.splice(at, 1);
  else if (rest.length === 0 && patch.kind === 'rename') pairs[at] = [patch.key, old];
  else pairs[at < 0 ? pairs.length : at] = [step, change(old, rest, patch)];
  return { pairs, ...anchorOf(model) };
}

function inOrder<T>(entries: readonly T[], order: readonly number[]): readonly T[] {
  return order.flatMap((at) => entries.slice(at, at + 1));
}

function anchorOf(model: Model): { readonly anchor?: string | undefined } {
  return 'anchor' in model ? { anchor: model.anchor } : {};
}

/** A text in which two models are equal when they say the same. */
export function printed(model: Model): string {
  if ('alias' in model) return `*${model.alias}`;
  const anchor = model.anchor === undefined ? '' : `&${model.anchor} `;
  if ('scalar' in model) return anchor + JSON.stringify(model.scalar);
  if ('items' in model) return `${anchor}[${model.items.map(printed).join(', ')}]`;
  return `${anchor}{${model.pairs.map(([key, value]) => `${JSON.stringify(key)}: ${printed(value)}`).join(', ')}}`;
}
