import type { MessageData, Proposal } from '../../../engine/rule.ts';
import type { Definition, FieldOf, FieldType } from '../../../kubernetes/fields.ts';
import { parseQuantityField } from '../../../quantity/kubernetes.ts';
import type { Span } from '../../../text/span.ts';
import type { YamlDocument, YamlMapping, YamlNode, YamlPatch, YamlPath } from '../../../yaml/node.ts';
import { asMapping, asScalar, asSequence, entry, isMergeKey, mayHave } from '../../../yaml/read.ts';
import { goScalar } from '../../../yaml/scalars.ts';
import { patchFix } from '../../patch-fix.ts';
import { closest } from './closest.ts';

export const fieldMessages = {
  unknown: 'There is no field `{field}` here',
  misplaced: 'There is no field `{field}` here: it belongs to {place}',
  type: '`{field}` takes {wanted}, not {found}',
  value: '`{field}` is one of {values}, not `{written}`',
  required: '`{field}` is missing',
  repeated: 'An item with the same {keys} is in the list already',
} as const;

export const fieldTitles = {
  rename: 'Rename to `{meant}`',
  value: 'Write `{meant}`',
  quote: 'Quote it: "{written}"',
} as const;

type Found = Proposal<keyof typeof fieldMessages, keyof typeof fieldTitles>;

interface Place {
  readonly document: YamlDocument;
  /** In a patch nothing is missing. */
  readonly partial: boolean;
}

/** What of an object's fields the API server refuses or drops, by the table of its kind. */
export function* fieldFindings(
  place: Place,
  definition: Definition,
  root: YamlMapping,
  path: YamlPath,
): Generator<Found> {
  yield* inObject(place, definition, root, path, root.pairs[0]?.key.span ?? root.span, undefined);
}

function* inObject(
  place: Place,
  definition: Definition,
  mapping: YamlMapping,
  path: YamlPath,
  label: Span,
  above: Definition | undefined,
): Generator<Found> {
  if (definition.open) return;
  for (const pair of mapping.pairs) {
    const { key, value } = pair;
    if (key.unknown || isMergeKey(pair) || key.text.startsWith('$') || key.text === '') continue;
    const field = definition.fields.get(key.text);
    if (field === undefined)
      yield* unknownField(place, definition, key.text, key.span, [...path, key.text], above, mapping);
    else if (value !== null) yield* inValue(place, key.text, field, value, [...path, key.text], key.span, definition);
  }
  if (place.partial) return;
  for (const field of definition.required) {
    // Nothing behind a colon may be an action's work; a kustomization adds selectors, and another rule tells of them.
    if (mayHave(mapping, field) && (place.document.actions.length > 0 || !isNullAt(mapping, field))) continue;
    if (field === 'selector' || field === 'pathType') continue;
    yield { message: 'required', data: { field, list: listOf(path) }, span: label };
  }
}

/** The list that a place is an item of, for who counts findings by it; empty where it is none. */
function listOf(path: YamlPath): string {
  return typeof path.at(-1) === 'number' ? String(path.at(-2) ?? '') : '';
}

function isNullAt(mapping: YamlMapping, key: string): boolean {
  const pair = entry(mapping, key);
  return pair !== undefined && (pair.value === null || isNull(pair.value));
}

function* unknownField(
  { document }: Place,
  definition: Definition,
  field: string,
  span: Span,
  path: YamlPath,
  above: Definition | undefined,
  mapping: YamlMapping,
): Generator<Found> {
  const meant = closest(field, definition.fields.keys()) ?? sameLetters(field, definition);
  const free = meant !== undefined && entry(mapping, meant) === undefined;
  const child = [...definition.fields].find(([, { type }]) => hasField(type, field))?.[0];
  const belongs = free ? undefined : above?.fields.has(field) === true ? 'the level above' : child && `\`${child}\``;
  yield {
    message: belongs === undefined ? 'unknown' : 'misplaced',
    data: { field, place: belongs ?? '' },
    span,
    fixes: free ? fix(document, 'rename', { meant }, [{ kind: 'rename', path, key: meant }]) : [],
  };
}

function sameLetters(field: string, { fields }: Definition): string | undefined {
  return [...fields.keys()].find((name) => name.toLowerCase() === field.toLowerCase());
}

function hasField(type: FieldType, field: string): boolean {
  return type.kind === 'object' && type.definition.fields.has(field);
}

function fix(
  document: YamlDocument,
  title: keyof typeof fieldTitles,
  data: MessageData,
  patches: readonly YamlPatch[],
) {
  // What is refused or dropped as it stands cannot become worse.
  return patchFix(document, { title, data, safety: 'suggested', patches });
}

function* inValue(
  place: Place,
  name: string,
  field: FieldOf,
  value: YamlNode,
  path: YamlPath,
  label: Span,
  above: Definition,
): Generator<Found> {
  const { type } = field;
  if (type.kind === 'any' || asScalar(value)?.unknown === true || isNull(value)) return;
  // Values of environment variables have a rule of their own.
  if (name === 'value' && path.at(-3) === 'env') return;
  switch (type.kind) {
    case 'object': {
      const mapping = asMapping(value);
      if (mapping === undefined) yield wrongType(place, name, 'a mapping', value);
      // What an alias stands for is looked at where it is written.
      else if (value.kind !== 'alias') yield* inObject(place, type.definition, mapping, path, label, above);
      return;
    }
    case 'map': {
      const mapping = asMapping(value);
      if (mapping === undefined) yield wrongType(place, name, 'a mapping', value);
      else if (value.kind !== 'alias') {
        for (const pair of mapping.pairs) {
          if (pair.value === null || pair.key.unknown || isMergeKey(pair)) continue;
          const inner = { type: type.value, values: undefined };
          yield* inValue(place, pair.key.text, inner, pair.value, [...path, pair.key.text], pair.key.span, above);
        }
      }
      return;
    }
    case 'list':
      yield* inList(place, name, { ...field, type }, value, path, above);
      return;
    default:
      yield* inScalar(place, name, field, value, path);
  }
}

function* inList(
  place: Place,
  name: string,
  { type, values }: FieldOf & { readonly type: Extract<FieldType, { readonly kind: 'list' }> },
  value: YamlNode,
  path: YamlPath,
  above: Definition,
): Generator<Found> {
  const sequence = asSequence(value);
  if (sequence === undefined) {
    yield wrongType(place, name, 'a list', value);
    return;
  }
  if (value.kind === 'alias') return;
  const seen = new Set<string>();
  for (const [index, item] of sequence.items.entries()) {
    if (item === null) continue;
    const label = asMapping(item)?.pairs[0]?.key.span ?? item.span;
    yield* inValue(place, name, { type: type.item, values }, item, [...path, index], label, above);
    const key = type.keys && keyOf(item, type.keys);
    if (key === undefined || type.keys === undefined) continue;
    // Of two branches of a template only one is taken.
    if (seen.has(key) && place.document.actions.length === 0)
      yield { message: 'repeated', data: { keys: type.keys.join(', ') }, span: label };
    seen.add(key);
  }
}

/** The texts that identify an item of a list; undefined where one is not known. */
function keyOf(item: YamlNode, keys: readonly string[]): string | undefined {
  const mapping = asMapping(item);
  const texts = keys.map((key) => {
    const scalar = mapping && asScalar(entry(mapping, key)?.value);
    if (scalar?.unknown === true) return undefined;
    return scalar?.text ?? (key === 'protocol' && mapping && !mayHave(mapping, key) ? 'TCP' : undefined);
  });
  return texts.some((text) => text === undefined) ? undefined : texts.join('\n');
}

const wanted: Readonly<Record<string, string>> = {
  text: 'a text',
  time: 'a time',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  'integer-or-text': 'a whole number or a text',
  quantity: 'a quantity',
};

function* inScalar(
  place: Place,
  name: string,
  { type, values }: FieldOf,
  value: YamlNode,
  path: YamlPath,
): Generator<Found> {
  const scalar = asScalar(value);
  if (scalar === undefined) {
    yield wrongType(place, name, wanted[type.kind] ?? type.kind, value);
    return;
  }
  // Variables of other tools (`${REPLICAS}`) may become anything.
  if (/\$\{|\$\(|<\w/.test(scalar.text) && scalar.style === 'plain') return;
  const meaning = goScalar(scalar);
  const right = accepts(type.kind, meaning.kind, scalar.text);
  if (!right) {
    const quoted = type.kind === 'text' || type.kind === 'time';
    const number = type.kind === 'integer' && /^[-+]?\d+$/.test(scalar.text) ? Number(scalar.text) : undefined;
    const boolean =
      type.kind === 'boolean' && /^(?:true|false)$/i.test(scalar.text) ? /^true$/i.test(scalar.text) : undefined;
    const meant = number ?? boolean;
    yield {
      ...wrongType(place, name, wanted[type.kind] ?? type.kind, value),
      fixes:
        quoted && value.kind !== 'alias'
          ? fix(place.document, 'quote', { written: scalar.text }, [{ kind: 'set', path, value: scalar.text }])
          : meant !== undefined
            ? fix(place.document, 'value', { meant: String(meant) }, [{ kind: 'set', path, value: meant }])
            : [],
    };
    return;
  }
  if (values === undefined || scalar.text === '' || values.includes(scalar.text)) return;
  const meant = closest(scalar.text, values) ?? values.find((one) => one.toLowerCase() === scalar.text.toLowerCase());
  yield {
    message: 'value',
    data: { field: name, written: scalar.text, values: values.join(', '), list: listOf(path.slice(0, -1)) },
    span: value.span,
    fixes: meant === undefined ? [] : fix(place.document, 'value', { meant }, [{ kind: 'set', path, value: meant }]),
  };
}

function accepts(type: FieldType['kind'], found: ReturnType<typeof goScalar>['kind'], text: string): boolean {
  const integer = found === 'integer' || (found === 'float' && /^[-+]?\d+(?:\.0*)?$/.test(text));
  switch (type) {
    case 'text':
    case 'time':
      return found === 'string' || found === 'timestamp';
    case 'boolean':
      return found === 'boolean';
    case 'integer':
      return integer;
    case 'number':
      return integer || found === 'float';
    case 'integer-or-text':
      return integer || found === 'string' || found === 'timestamp';
    // Quantities that are none are another rule's.
    case 'quantity':
      return integer || found === 'float' || found === 'string' || parseQuantityField(text).ok;
    default:
      return true;
  }
}

function wrongType({ document }: Place, field: string, want: string, value: YamlNode): Found {
  return {
    message: 'type',
    data: { field, wanted: want, found: described(value) },
    span:
      asScalar(value) === undefined ? { start: value.span.start, end: firstLine(document, value.span) } : value.span,
  };
}

/** A mapping or list is underlined on its first line only. */
function firstLine({ text }: YamlDocument, { start, end }: Span): number {
  const feed = text.indexOf('\n', start);
  return feed < 0 || feed > end ? end : feed;
}

function described(value: YamlNode): string {
  const scalar = asScalar(value);
  if (scalar === undefined) return asSequence(value) === undefined ? 'a mapping' : 'a list';
  const { kind } = goScalar(scalar);
  if (kind === 'boolean') return `the boolean \`${scalar.text}\``;
  if (kind === 'integer' || kind === 'float') return `the number \`${scalar.text}\``;
  return kind === 'null' ? 'nothing' : `the text \`${scalar.text}\``;
}

function isNull(value: YamlNode): boolean {
  const scalar = asScalar(value);
  return scalar !== undefined && goScalar(scalar).kind === 'null';
}
