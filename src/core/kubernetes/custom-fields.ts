import { onceFor } from '../text/once-for.ts';
import { fieldAt, knownItems, knownText, scalarText } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import { type Definition, definitionOf, type FieldOf, type FieldType } from './fields.ts';
import type { KubernetesObject } from './model.ts';

/** A custom kind that a CustomResourceDefinition makes. */
interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly definition: Definition;
}

/** The kinds of a CustomResourceDefinition, one a version that has a schema; none of any other object. */
export const customKinds = onceFor(({ kind, root }: KubernetesObject): readonly CustomKind[] => {
  if (kind.value !== 'CustomResourceDefinition') return [];
  const group = knownText(root, 'spec', 'group')?.value;
  const made = knownText(root, 'spec', 'names', 'kind')?.value;
  if (group === undefined || made === undefined) return [];
  return knownItems(root, 'spec', 'versions').flatMap(({ node }) => {
    const version = knownText(node, 'name')?.value;
    const schema = fieldAt(node, 'schema', 'openAPIV3Schema');
    if (version === undefined || schema === undefined || schema === 'unknown') return [];
    return [{ apiVersion: `${group}/${version}`, kind: made, definition: topLevel(definitionFrom(schema)) }];
  });
});

/** Every object has these, whatever its schema says; `status` is not written by people. */
function topLevel(definition: Definition): Definition {
  const own = definitionOf('v1', 'ConfigMap');
  const fields = new Map(definition.fields);
  for (const name of ['apiVersion', 'kind', 'metadata']) {
    const field = own?.fields.get(name);
    if (field !== undefined) fields.set(name, field);
  }
  fields.set('status', { type: { kind: 'any' }, values: undefined });
  return { ...definition, fields };
}

function definitionFrom(schema: YamlNode): Definition {
  const fields = new Map<string, FieldOf>();
  const properties = fieldAt(schema, 'properties');
  const mapping = properties === undefined || properties === 'unknown' ? undefined : asMapping(properties);
  for (const { key, value } of mapping?.pairs ?? []) if (value !== null) fields.set(key.text, fieldFrom(value));
  const required = knownItems(schema, 'required').flatMap(({ node }) => scalarText(node)?.value ?? []);
  return { fields, required, open: mapping === undefined || mapping.open || isOpen(schema) };
}

function isOpen(schema: YamlNode): boolean {
  if (knownText(schema, 'x-kubernetes-preserve-unknown-fields')?.value === 'true') return true;
  return fieldAt(schema, 'additionalProperties') !== undefined;
}

function fieldFrom(schema: YamlNode): FieldOf {
  const values = knownItems(schema, 'enum').map(({ node }) => scalarText(node)?.value);
  const known = values.flatMap((value) => value ?? []);
  return { type: typeFrom(schema), values: known.length > 0 && known.length === values.length ? known : undefined };
}

const scalars: Readonly<Record<string, Exclude<FieldType['kind'], 'object' | 'list' | 'map'>>> = {
  string: 'text',
  boolean: 'boolean',
  integer: 'integer',
  number: 'number',
};

function typeFrom(schema: YamlNode): FieldType {
  if (knownText(schema, 'x-kubernetes-int-or-string')?.value === 'true') return { kind: 'integer-or-text' };
  const type = knownText(schema, 'type')?.value ?? '';
  if (type === 'array') {
    const items = fieldAt(schema, 'items');
    const item = items === undefined || items === 'unknown' ? undefined : typeFrom(items);
    return item === undefined ? { kind: 'any' } : { kind: 'list', item, keys: undefined };
  }
  if (type !== 'object') return { kind: scalars[type] ?? 'any' };
  const rest = fieldAt(schema, 'additionalProperties');
  if (rest !== undefined && rest !== 'unknown' && fieldAt(schema, 'properties') === undefined)
    return asMapping(rest) === undefined ? { kind: 'any' } : { kind: 'map', value: typeFrom(rest) };
  return { kind: 'object', definition: definitionFrom(schema) };
}
