import type { YamlDocument, YamlMapping, YamlNode, YamlPair, YamlPath, YamlSequence, YamlValue } from './node.ts';
import { entry, mayHave } from './read.ts';

/** What a value hangs from. */
export type Holder =
  | { readonly kind: 'root' }
  | { readonly kind: 'pair'; readonly mapping: YamlMapping; readonly pair: YamlPair }
  | { readonly kind: 'item'; readonly sequence: YamlSequence; readonly index: number };

/** Where a path leads in the text itself. */
export type Place =
  /** It is written; null where nothing is after the colon or dash. */
  | { readonly kind: 'written'; readonly holder: Holder; readonly node: YamlNode | null }
  /** The mapping has no such key: `rest` begins with it. */
  | { readonly kind: 'no-key'; readonly holder: Holder; readonly mapping: YamlMapping; readonly rest: YamlPath }
  /** The index is the one after the last. */
  | { readonly kind: 'next-item'; readonly holder: Holder; readonly sequence: YamlSequence; readonly rest: YamlPath }
  /** There is null where a collection should be. */
  | {
      readonly kind: 'no-collection';
      readonly holder: Holder;
      readonly node: YamlNode | null;
      readonly rest: YamlPath;
    };

/**
 * Follows a path without leaving the text below it: undefined where it leads through an alias or a merge, into something
 * that a template decides, or through a value of another kind.
 */
export function findPlace(document: Pick<YamlDocument, 'root'>, path: YamlPath): Place | undefined {
  let holder: Holder = { kind: 'root' };
  let node: YamlNode | null = document.root;
  for (const [at, step] of path.entries()) {
    const rest = path.slice(at);
    if (isNothing(node)) return { kind: 'no-collection', holder, node, rest };
    if (node === null) return undefined;
    if (typeof step === 'string' && node.kind === 'mapping') {
      const pair: YamlPair | undefined = ownPair(node, step);
      if (pair === undefined)
        return mayInsert(node, rest) ? { kind: 'no-key', holder, mapping: node, rest } : undefined;
      holder = { kind: 'pair', mapping: node, pair };
      node = pair.value;
    } else if (typeof step === 'number' && node.kind === 'sequence') {
      const item: YamlNode | null | undefined = node.items[step];
      if (item === undefined) {
        if (step !== node.items.length || node.open) return undefined;
        return { kind: 'next-item', holder, sequence: node, rest: rest.slice(1) };
      }
      holder = { kind: 'item', sequence: node, index: step };
      node = item;
    } else return undefined;
  }
  return { kind: 'written', holder, node };
}

/** The last pair with the key that is written in the mapping itself. */
export function ownPair(mapping: YamlMapping, key: string): YamlPair | undefined {
  return mapping.pairs.findLast((pair) => pair.key.text === key && !pair.key.unknown);
}

/** An own key hides a merged one: fine for a value, but what else the merged value holds would be gone. */
function mayInsert(mapping: YamlMapping, rest: YamlPath): boolean {
  const key = rest[0];
  if (mapping.open || typeof key !== 'string') return false;
  return rest.length === 1 || (entry(mapping, key) === undefined && !mayHave(mapping, key));
}

/** Nothing written, or a null: a collection can take its place. */
export function isNothing(node: YamlNode | null): boolean {
  if (node === null) return true;
  return (
    node.kind === 'scalar' &&
    node.style === 'plain' &&
    !node.unknown &&
    node.tag === undefined &&
    /^(?:~|null|Null|NULL|)$/.test(node.text)
  );
}

/** The value inside the collections that the path names; undefined where that would take a list with gaps. */
export function nested(path: YamlPath, value: YamlValue): YamlValue | undefined {
  let inner = value;
  for (const step of path.toReversed()) {
    if (typeof step === 'string') inner = { [step]: inner };
    else if (step === 0) inner = [inner];
    else return undefined;
  }
  return inner;
}
