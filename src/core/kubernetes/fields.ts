import { kubernetesFields } from '../../data/kubernetes-fields.ts';

/** What a field may hold. */
export type FieldType =
  | { readonly kind: 'text' | 'time' | 'boolean' | 'integer' | 'number' | 'integer-or-text' | 'quantity' | 'any' }
  | { readonly kind: 'object'; readonly definition: Definition }
  | { readonly kind: 'list'; readonly item: FieldType; readonly keys: readonly string[] | undefined }
  | { readonly kind: 'map'; readonly value: FieldType };

export interface FieldOf {
  readonly type: FieldType;
  /** The values that it takes, where they are a closed set. */
  readonly values: readonly string[] | undefined;
}

/** The fields of an object or of a part of one. */
export interface Definition {
  readonly fields: ReadonlyMap<string, FieldOf>;
  readonly required: readonly string[];
  /** Any other field may be there too. */
  readonly open: boolean;
}

/** How the data spells a type: see `typeOf`. */
type Spelled =
  | string
  | readonly [
      string,
      { readonly e?: readonly string[]; readonly k?: readonly string[]; readonly m?: 1; readonly w?: 1 },
    ];

interface Table {
  readonly kinds: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly definitions: Readonly<
    Record<string, { readonly p?: Readonly<Record<string, Spelled>>; readonly r?: readonly string[]; readonly o?: 1 }>
  >;
}

let table: Table | undefined;
const read = new Map<string, Definition>();

/** The table, decoded when it is first asked for. */
function decoded(): Table {
  // The text is our own and generated: its shape is the one above.
  table ??= JSON.parse(kubernetesFields) as Table;
  return table;
}

/** The fields of a built-in kind; undefined for any other. */
export function definitionOf(apiVersion: string, kind: string): Definition | undefined {
  const { kinds } = decoded();
  const group = Object.hasOwn(kinds, apiVersion) ? kinds[apiVersion] : undefined;
  const name = group !== undefined && Object.hasOwn(group, kind) ? group[kind] : undefined;
  return name === undefined ? undefined : named(name);
}

/** Whether the API group and version is one of Kubernetes' own, or of Gateway API. */
export function isBuiltInGroup(apiVersion: string): boolean {
  return Object.hasOwn(decoded().kinds, apiVersion);
}

/** The kinds of an API version; none where it is not built in. */
export function kindsOf(apiVersion: string): readonly string[] {
  const { kinds } = decoded();
  return Object.hasOwn(kinds, apiVersion) ? Object.keys(kinds[apiVersion] ?? {}) : [];
}

function named(name: string): Definition {
  const known = read.get(name);
  if (known !== undefined) return known;
  const { p = {}, r = [], o } = decoded().definitions[name] ?? {};
  const fields = new Map<string, FieldOf>();
  const definition: Definition = { fields, required: r, open: o === 1 };
  // Before its fields: definitions may hold themselves.
  read.set(name, definition);
  for (const [field, spelled] of Object.entries(p)) fields.set(field, fieldOf(spelled));
  return definition;
}

function fieldOf(spelled: Spelled): FieldOf {
  const [type, extra] = typeof spelled === 'string' ? [spelled, {}] : spelled;
  // Keys that only tell patches apart, or whose repeats are legal, are left out.
  const keys = extra.m === 1 || extra.w === 1 ? undefined : extra.k;
  return { type: typeOf(type, keys), values: extra.e };
}

const letters: Readonly<Record<string, Exclude<FieldType['kind'], 'object' | 'list' | 'map'>>> = {
  s: 'text',
  y: 'text',
  t: 'time',
  b: 'boolean',
  i: 'integer',
  n: 'number',
  is: 'integer-or-text',
  q: 'quantity',
};

/** `[]` a list, `{}` a map, `@Name` a definition, a letter for the rest. Definitions are read when they are first looked at. */
function typeOf(spelled: string, keys: readonly string[] | undefined): FieldType {
  if (spelled.startsWith('[]')) return { kind: 'list', item: typeOf(spelled.slice(2), undefined), keys };
  if (spelled.startsWith('{}')) return { kind: 'map', value: typeOf(spelled.slice(2), undefined) };
  if (spelled.startsWith('@')) {
    const name = spelled.slice(1);
    return {
      kind: 'object',
      get definition() {
        return named(name);
      },
    };
  }
  return { kind: letters[spelled] ?? 'any' };
}
