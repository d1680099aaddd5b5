import type { Located, Span } from '../text/span.ts';
import type { YamlMapping, YamlNode, YamlPath, YamlScalar } from './node.ts';
import { asMapping, asScalar, asSequence, entries, entry, mayHave } from './read.ts';

/**
 * What stands at a place: a value, nothing (and null is nothing, as to the API server), or `unknown` where a template
 * action may put something there.
 */
export type Field = YamlNode | undefined | 'unknown';

/** The field below `node`, keys through aliases and merges; indexes are given as numbers. */
export function fieldAt(node: YamlNode | null | undefined, ...path: YamlPath): Field {
  let current = node ?? undefined;
  for (const step of path) {
    if (current === undefined) return undefined;
    if (isUnknown(current)) return 'unknown';
    if (typeof step === 'number') {
      const sequence = asSequence(current);
      if (sequence === undefined) return undefined;
      const item = sequence.items[step];
      if (item === undefined && sequence.open) return 'unknown';
      current = item ?? undefined;
    } else {
      const mapping = asMapping(current);
      if (mapping === undefined) return undefined;
      const pair = entry(mapping, step);
      if (pair === undefined && mayHave(mapping, step)) return 'unknown';
      current = pair?.value ?? undefined;
    }
  }
  if (current === undefined) return undefined;
  if (isUnknown(current)) return 'unknown';
  return isNull(asScalar(current)) ? undefined : current;
}

/** The scalar's text at the place; undefined where there is nothing or something else, or a template decides. */
export function knownText(node: YamlNode | null | undefined, ...path: YamlPath): Located<string> | undefined {
  const field = fieldAt(node, ...path);
  return field === undefined || field === 'unknown' ? undefined : scalarText(field);
}

/** The mapping at the place; undefined where there is none, or a template decides. */
export function knownMapping(node: YamlNode | null | undefined, ...path: YamlPath): YamlMapping | undefined {
  const field = fieldAt(node, ...path);
  return field === undefined || field === 'unknown' ? undefined : asMapping(field);
}

/** A list that is written without items, and to which no template adds any. */
export function isEmptyList(field: Field): boolean {
  if (field === undefined || field === 'unknown') return false;
  const list = asSequence(field);
  return list !== undefined && list.items.length === 0 && !list.open;
}

/** The items at the place with their indexes; empty ones and those that a template decides are left out. */
export function knownItems(
  node: YamlNode | null | undefined,
  ...path: YamlPath
): readonly { readonly index: number; readonly node: YamlNode }[] {
  const field = fieldAt(node, ...path);
  if (field === undefined || field === 'unknown') return [];
  const items = asSequence(field)?.items ?? [];
  return items.flatMap((item, index) =>
    item === null || isUnknown(item) || isReset(item) ? [] : [{ index, node: item }],
  );
}

/** Whether something at or below the place cannot be told: the value itself, or members that a template may add. */
export function mayHide(node: YamlNode | null | undefined, ...path: YamlPath): boolean {
  const field = fieldAt(node, ...path);
  if (field === 'unknown') return true;
  if (field === undefined) return false;
  return asMapping(field)?.open === true || asSequence(field)?.open === true;
}

/** Texts of a mapping's scalar values by key, as labels and quantities are written; others are left out. */
export function textMap(mapping: YamlMapping | undefined): ReadonlyMap<string, Located<string>> {
  const texts = new Map<string, Located<string>>();
  if (mapping === undefined) return texts;
  for (const pair of entries(mapping)) {
    const text = pair.value === null || isUnknown(pair.value) ? undefined : scalarText(pair.value);
    if (text !== undefined && !pair.key.unknown && !isNull(asScalar(pair.value))) texts.set(pair.key.text, text);
  }
  return texts;
}

/** A non-negative whole number, as `replicas` or a port takes it. */
export function knownInteger(node: YamlNode | null | undefined, ...path: YamlPath): Located<number> | undefined {
  const text = knownText(node, ...path);
  if (text === undefined || !/^\d{1,15}$/.test(text.value)) return undefined;
  return { value: Number(text.value), span: text.span };
}

/** A scalar and where it is used: the alias, not the anchor, is what a person looks at. */
export function scalarText(node: YamlNode): Located<string> | undefined {
  const scalar = asScalar(node);
  return scalar === undefined || scalar.unknown ? undefined : { value: scalar.text, span: node.span };
}

/** The first characters that name a thing: its `name`, else its first key, else where it begins. */
export function labelSpan(mapping: YamlMapping): Span {
  const name = knownText(mapping, 'name');
  if (name !== undefined && name.span.start >= mapping.span.start && name.span.end <= mapping.span.end) {
    return name.span;
  }
  return mapping.pairs[0]?.key.span ?? { start: mapping.span.start, end: mapping.span.start };
}

function isUnknown(node: YamlNode): boolean {
  return asScalar(node)?.unknown === true;
}

/** What `!reset` of Compose takes away. */
function isReset(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.tag === '!reset';
}

function isNull(scalar: YamlScalar | undefined): boolean {
  return scalar !== undefined && scalar.style === 'plain' && /^(?:~|null|Null|NULL|)$/.test(scalar.text);
}
