import { conflict, insert, replace, sortEdits, type TextEdit } from '../text/edit.ts';
import { lineEnd, lineStart } from '../text/lines.ts';
import { overlaps } from '../text/span.ts';
import { composeEdits } from './compose-edits.ts';
import { habitsIn, habitsOf } from './habits.ts';
import type { YamlDocument, YamlMapping, YamlNode, YamlPatch, YamlPath, YamlSequence, YamlValue } from './node.ts';
import { parseDocument } from './parse.ts';
import { addItem, addPairs, dashOf, endOfLine, removeEntry, setInPlace, setItem, setPair } from './patch-block.ts';
import { addToFlow, removeFromFlow } from './patch-flow.ts';
import { orderEntries } from './patch-order.ts';
import { findPlace, type Holder, isNothing, nested, ownPair, type Place } from './place.ts';
import { walk } from './read.ts';
import { writtenNext } from './template.ts';
import {
  endsInLiteral,
  type Habits,
  isInline,
  isList,
  isObject,
  writeBlock,
  writeFlow,
  writeFlowPair,
  writeScalar,
} from './write.ts';

type Edits = readonly TextEdit[] | undefined;

/**
 * The edits that do what the patches say, one after the other, in offsets of the document; sorted and apart from each other.
 * All other text stays byte for byte: comments, anchors, quotes, indentation and line ends; new keys and items come last in
 * their collection and are written as the document is. Undefined where there is no honest edit: a path through an alias or
 * a merge, a place that a template or a broken line decides, a key that is taken, an anchor that is needed elsewhere.
 */
export function patchYaml(document: YamlDocument, patches: readonly YamlPatch[]): Edits {
  if (patches.some((patch) => patch.kind !== 'rename' && isInterpolated(document, patch.path))) return undefined;
  const combined = atOnce(document, patches);
  if (combined !== undefined) return combined.length === 0 ? undefined : combined;
  let current = document;
  const steps: (readonly TextEdit[])[] = [];
  for (const patch of patches) {
    const edits = checked(current, patchOne(current, patch));
    if (edits === undefined) return undefined;
    steps.push(edits);
    if (steps.length === patches.length) break;
    const text = composeEdits(current.text, [edits]).text;
    current = parseDocument(text, { template: document.actions.length > 0 });
  }
  return composeEdits(document.text, steps).edits;
}

/** Whether a variable of a Compose file stands there: what is written over it would be lost. */
function isInterpolated(document: YamlDocument, path: YamlPath): boolean {
  const place = findPlace(document, path);
  return place?.kind === 'written' && place.node?.kind === 'scalar' && place.node.interpolated === true;
}

/**
 * Patches that have nothing to do with each other need no parsing in between, and those that fill the same gap become one.
 * Empty where one of them cannot be done; undefined where they have to be done one after the other.
 */
function atOnce(document: YamlDocument, patches: readonly YamlPatch[]): Edits {
  const only = patches[0];
  if (patches.length === 1 && only !== undefined) return checked(document, patchOne(document, only)) ?? [];
  const wanted = new Map<object, { readonly place: Place; readonly value: YamlValue }>();
  for (const [at, patch] of patches.entries()) {
    if (patch.kind !== 'set' || patches.some((other, index) => index !== at && begins(patch.path, other.path)))
      return undefined;
    const place = findPlace(document, patch.path);
    if (place === undefined) return [];
    if (place.kind === 'next-item') return undefined;
    const value = nested('rest' in place ? place.rest : [], patch.value);
    if (value === undefined) return [];
    const key = keyOf(place);
    const before = wanted.get(key);
    wanted.set(key, { place, value: before === undefined ? value : joined(before.value, value) });
  }
  const edits: TextEdit[] = [];
  for (const { place, value } of wanted.values()) {
    const made = checked(document, write(document, place, value));
    if (made === undefined) return [];
    edits.push(...made);
  }
  const sorted = sortEdits(edits);
  const apart = !conflict(sorted) && new Set(sorted.map(({ span }) => span.start)).size === sorted.length;
  return apart ? sorted : undefined;
}

function begins(start: YamlPath, path: YamlPath): boolean {
  return start.length <= path.length && start.every((step, at) => path[at] === step);
}

/** What the patches of one gap share. */
function keyOf(place: Place): object {
  if (place.kind === 'no-key') return place.mapping;
  if (place.kind === 'no-collection' && place.holder.kind === 'pair') return place.holder.pair;
  return place;
}

function joined(a: YamlValue, b: YamlValue): YamlValue {
  if (!isObject(a) || !isObject(b)) return b;
  const all = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const before = all.get(key);
    all.set(key, before === undefined ? value : joined(before, value));
  }
  return Object.fromEntries(all);
}

/** Edits that stay clear of template actions and of lines that could not be read. */
function checked(document: YamlDocument, edits: Edits): Edits {
  if (edits === undefined || edits.length === 0) return undefined;
  const { text } = document;
  const lines = edits.map(({ span }) => ({ start: lineStart(text, span.start), end: lineEnd(text, span.end) }));
  const broken = document.problems.some(({ span }) => lines.some((line) => overlaps(line, span)));
  const hidden = document.actions.some((action) =>
    edits.some(({ span }) => span.start < action.end && action.start < span.end),
  );
  const parted = document.actions.length > 0 && edits.some((edit) => parts(document, edit));
  const sorted = sortEdits(edits);
  return broken || parted || hidden || conflict(sorted) ? undefined : sorted;
}

/** Whether lines would come between a key and what a template writes as its value. */
function parts({ text, actions }: YamlDocument, { span, newText }: TextEdit): boolean {
  const column = /^\r?\n( *)/.exec(newText)?.[1]?.length;
  if (column === undefined) return false;
  return (writtenNext(text, actions, span.end) ?? column) > column;
}

function patchOne(document: YamlDocument, patch: YamlPatch): Edits {
  const place = findPlace(document, patch.path);
  if (place === undefined) return undefined;
  switch (patch.kind) {
    case 'set': {
      const value = nested('rest' in place ? place.rest : [], patch.value);
      return value === undefined ? undefined : write(document, place, value);
    }
    case 'append': {
      if (place.kind === 'written' && place.node?.kind === 'sequence') {
        if (place.node.open) return undefined;
        return unmixed(document, patch.value, append(document, place.holder, place.node, patch.value));
      }
      if (place.kind === 'written' && !isNothing(place.node)) return undefined;
      const value = nested('rest' in place ? place.rest : [], [patch.value]);
      return value === undefined ? undefined : write(document, place, value);
    }
    case 'remove':
      return place.kind === 'written' ? removeValue(document, place.holder, patch.path) : undefined;
    case 'rename':
      return place.kind === 'written' ? rename(document, place.holder, patch.key) : undefined;
    case 'order': {
      const node = place.kind === 'written' ? place.node : null;
      return node?.kind === 'mapping' || node?.kind === 'sequence'
        ? orderEntries(document, node, patch.order)
        : undefined;
    }
    default:
      return patch satisfies never;
  }
}

/** Nothing where the rest of the line or the next ones, a comment or an action, would become part of a text that was written. */
function unmixed(document: YamlDocument, value: YamlValue, edits: Edits): Edits {
  const end = edits?.reduce((last, { span }) => Math.max(last, span.end), 0) ?? 0;
  const last = endOfLine(document.text, end);
  const mixes = last > end || /^\s*(?:#|\{\{)/.test(document.text.slice(last));
  return mixes && endsInLiteral(value) ? undefined : edits;
}

function write(document: YamlDocument, place: Place, value: YamlValue): Edits {
  return unmixed(document, value, writeAt(document, place, value));
}

function writeAt(document: YamlDocument, place: Place, value: YamlValue): Edits {
  switch (place.kind) {
    case 'written':
      return setValue(document, place.holder, place.node, value);
    case 'no-collection':
      return setValue(document, place.holder, place.node, value);
    case 'next-item':
      return append(document, place.holder, place.sequence, value);
    case 'no-key': {
      if (!isObject(value)) return undefined;
      const { mapping, holder } = place;
      const habits = habitsIn(mapping, document);
      if (!mapping.flow) return addPairs(mapping, value, document.text, habits);
      if (mapping.pairs.length === 0 && becomesBlock(document, holder, mapping))
        return setValue(document, holder, mapping, value);
      const texts = Object.entries(value).map(([key, inner]) => writeFlowPair(key, inner, habits));
      return addToFlow(mapping, texts, document.text, habits);
    }
    default:
      return place satisfies never;
  }
}

function append(document: YamlDocument, holder: Holder, sequence: YamlSequence, value: YamlValue): Edits {
  const habits = habitsOf(document);
  if (!sequence.flow) return addItem(sequence, value, document.text, habits);
  const empty = sequence.items.length === 0;
  if (empty && !isInline(value) && becomesBlock(document, holder, sequence))
    return setValue(document, holder, sequence, [value]);
  return addToFlow(sequence, [writeFlow(value, habits)], document.text, habits);
}

/** Whether `{}` or `[]` can make room for a block collection. */
function becomesBlock(document: YamlDocument, holder: Holder, node: YamlMapping | YamlSequence): boolean {
  return (
    !inFlow(holder) &&
    !habitsOf(document).json &&
    document.text.slice(node.span.start + 1, node.span.end - 1).trim() === ''
  );
}

function inFlow(holder: Holder): boolean {
  return (holder.kind === 'pair' && holder.mapping.flow) || (holder.kind === 'item' && holder.sequence.flow);
}

function setValue(document: YamlDocument, holder: Holder, old: YamlNode | null, value: YamlValue): Edits {
  const { text } = document;
  const habits = holder.kind === 'pair' ? habitsIn(holder.mapping, document) : habitsOf(document);
  if (old !== null && (!isReplaceable(old, value) || isNeeded(document, old, false))) return undefined;
  const keepsFlow = old !== null && (old.kind === 'mapping' || old.kind === 'sequence') && old.flow && !isEmpty(old);
  if (inFlow(holder) || habits.json || (keepsFlow && !isScalarValue(value)))
    return setFlow(holder, old, value, text, habits);
  if (holder.kind === 'pair') return setPair(holder.pair, value, text, habits);
  if (holder.kind === 'item') return setItem(holder.sequence, holder.index, value, text, habits);
  return old === null ? atEnd(text, value, habits) : setInPlace(old, value, text, habits);
}

function isScalarValue(value: YamlValue): boolean {
  return !isList(value) && !isObject(value);
}

function isEmpty(node: YamlMapping | YamlSequence): boolean {
  return node.kind === 'mapping' ? node.pairs.length === 0 : node.items.length === 0;
}

/** A template's value stays, and so does one whose tag would make something else of the new one. */
function isReplaceable(old: YamlNode, value: YamlValue): boolean {
  if (old.kind === 'alias') return true;
  if (old.kind === 'scalar' && old.unknown) return false;
  return old.tag === undefined || (old.tag === '!!str' && typeof value === 'string');
}

function setFlow(holder: Holder, old: YamlNode | null, value: YamlValue, text: string, habits: Habits): Edits {
  const like = old?.kind === 'scalar' && old.style !== 'plain' ? old.style : undefined;
  const written = isList(value) || isObject(value) ? writeFlow(value, habits) : writeScalar(value, habits, true, like);
  if (old !== null) {
    const gap = old.span.start === old.span.end ? ' ' : '';
    return [replace(old.span, gap + written)];
  }
  if (holder.kind !== 'pair') return undefined;
  const { end } = holder.pair.span;
  return [insert(end, text[end - 1] === ':' && end > holder.pair.key.span.end ? ` ${written}` : `: ${written}`)];
}

/** A document that says nothing yet gets its value behind its comments. */
function atEnd(text: string, value: YamlValue, habits: Habits): Edits {
  if (/^\.\.\./m.test(text)) return undefined;
  const start = /\n$|^\uFEFF?$/.test(text) ? '' : habits.lineBreak;
  return [insert(text.length, start + writeBlock(value, habits).join(habits.lineBreak) + habits.lineBreak)];
}

/** Whether an anchor of the node (or only of its parts) is used outside it. */
function isNeeded(document: YamlDocument, node: YamlNode, itself: boolean): boolean {
  const names = new Set<string>();
  for (const { node: part, pair } of walk({ root: node })) {
    if (part !== null && part.kind !== 'alias' && part.anchor !== undefined && (itself || part !== node))
      names.add(part.anchor);
    if (pair?.key.anchor !== undefined) names.add(pair.key.anchor);
  }
  if (names.size === 0) return false;
  const { start, end } = node.span;
  for (const { node: part } of walk(document)) {
    if (part?.kind === 'alias' && names.has(part.name) && (part.span.start < start || part.span.end > end)) return true;
  }
  return false;
}

function removeValue(document: YamlDocument, holder: Holder, path: YamlPath): Edits {
  if (holder.kind === 'root') return undefined;
  const { text } = document;
  const collection = holder.kind === 'pair' ? holder.mapping : holder.sequence;
  const index = holder.kind === 'pair' ? holder.mapping.pairs.indexOf(holder.pair) : holder.index;
  const value = holder.kind === 'pair' ? holder.pair.value : (holder.sequence.items[index] ?? null);
  const keyAnchor = holder.kind === 'pair' && holder.pair.key.anchor !== undefined;
  if (keyAnchor || (value !== null && isNeeded(document, value, true))) return undefined;
  if (collection.flow) return removeFromFlow(collection, index, text);
  const count = collection.kind === 'mapping' ? collection.pairs.length : collection.items.length;
  if (count === 1) {
    if (collection.open) return undefined;
    const parent = findPlace(document, path.slice(0, -1));
    if (parent?.kind !== 'written') return undefined;
    return setValue(document, parent.holder, collection, collection.kind === 'mapping' ? {} : []);
  }
  if (holder.kind === 'pair') {
    const { span } = holder.pair;
    return removeEntry(span.start, span.end, holder.mapping.pairs[index + 1]?.key.span.start, text);
  }
  const dash = dashOf(holder.sequence, index, text);
  if (dash === undefined) return undefined;
  const next = index + 1 < count ? dashOf(holder.sequence, index + 1, text) : undefined;
  return removeEntry(dash, value?.span.end ?? dash + 1, next, text);
}

function rename(document: YamlDocument, holder: Holder, key: string): Edits {
  if (holder.kind !== 'pair') return undefined;
  const { mapping, pair } = holder;
  const { text } = document;
  if (ownPair(mapping, key) !== undefined || pair.key.unknown || text[pair.key.span.start] === '*') return undefined;
  const like = pair.key.style === 'plain' ? undefined : pair.key.style;
  if (like === 'literal' || like === 'folded') return undefined;
  return [replace(pair.key.span, writeScalar(key, habitsOf(document), mapping.flow, like))];
}
