import type { Located, Span } from '../text/span.ts';
import type {
  YamlAlias,
  YamlDocument,
  YamlMapping,
  YamlNode,
  YamlPair,
  YamlPath,
  YamlScalar,
  YamlSequence,
} from './node.ts';

/*
 * Readers that follow aliases and merge keys. A node reached through one lies at its anchor, and so does its span: to point
 * at the place of use, take the span of the alias or of the pair that was asked.
 */

type Absent = null | undefined;

function followed(node: YamlNode | Absent): Exclude<YamlNode, YamlAlias> | undefined {
  if (node === null || node === undefined) return undefined;
  return node.kind === 'alias' ? node.target : node;
}

/** The mapping that the node is, or that its alias stands for. */
export function asMapping(node: YamlNode | Absent): YamlMapping | undefined {
  const target = followed(node);
  return target?.kind === 'mapping' ? target : undefined;
}

/** The sequence that the node is, or that its alias stands for. */
export function asSequence(node: YamlNode | Absent): YamlSequence | undefined {
  const target = followed(node);
  return target?.kind === 'sequence' ? target : undefined;
}

/** The scalar that the node is, or that its alias stands for. */
export function asScalar(node: YamlNode | Absent): YamlScalar | undefined {
  const target = followed(node);
  return target?.kind === 'scalar' ? target : undefined;
}

/** Whether the pair merges other mappings into its own: a plain `<<`. */
export function isMergeKey({ key }: YamlPair): boolean {
  return key.text === '<<' && key.style === 'plain';
}

/** The mappings that `<<` names, in the order of their precedence. */
function merged(mapping: YamlMapping): readonly YamlMapping[] {
  const found: YamlMapping[] = [];
  for (const pair of mapping.pairs) {
    if (!isMergeKey(pair)) continue;
    const sequence = asSequence(pair.value);
    for (const node of sequence ? sequence.items : [pair.value]) {
      const target = asMapping(node);
      if (target !== undefined) found.push(target);
    }
  }
  return found;
}

/** The mapping and all that it merges, itself first; each once, so that aliases of aliases cost nothing. */
function* sources(mapping: YamlMapping): Generator<YamlMapping> {
  const seen = new Set<YamlMapping>();
  const rest = [mapping];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    yield next;
    if (next.pairs.some(isMergeKey)) rest.push(...merged(next).toReversed());
  }
}

/** The last pair of a key that the mapping itself writes. */
function ownEntry({ pairs }: YamlMapping, key: string): YamlPair | undefined {
  for (let at = pairs.length - 1; at >= 0; at--) {
    const pair = pairs[at];
    if (pair !== undefined && pair.key.text === key && !pair.key.unknown && !isMergeKey(pair)) return pair;
  }
  return undefined;
}

/** The pair of a key: the last one written, own keys before merged ones. The pair may lie in another mapping. */
export function entry(mapping: YamlMapping | Absent, key: string): YamlPair | undefined {
  if (mapping === null || mapping === undefined) return undefined;
  const own = ownEntry(mapping, key);
  // Nearly every mapping merges nothing, and this is called more often than anything else.
  if (own !== undefined || !mapping.pairs.some(isMergeKey)) return own;
  for (const source of sources(mapping)) {
    const pair = ownEntry(source, key);
    if (pair !== undefined) return pair;
  }
  return undefined;
}

/**
 * The pairs as they take effect: a key once, own keys before merged ones, without `<<`. Keys that are not known are all
 * there.
 */
export function entries(mapping: YamlMapping): readonly YamlPair[] {
  const byKey = new Map<string, YamlPair>();
  const unknown: YamlPair[] = [];
  for (const source of sources(mapping)) {
    const own = new Map<string, YamlPair>();
    for (const pair of source.pairs) {
      if (isMergeKey(pair)) continue;
      if (pair.key.unknown) unknown.push(pair);
      else own.set(pair.key.text, pair);
    }
    for (const [key, pair] of own) if (!byKey.has(key)) byKey.set(key, pair);
  }
  return [...byKey.values(), ...unknown];
}

/** Whether the key may be there: it is, or its absence is not proven, as a template or an unknown merge may add it. */
export function mayHave(mapping: YamlMapping | Absent, key: string): boolean {
  if (mapping === null || mapping === undefined) return false;
  if (entry(mapping, key) !== undefined) return true;
  for (const source of mapping.pairs.some(isMergeKey) ? sources(mapping) : [mapping]) {
    if (source.open || source.pairs.some((pair) => pair.key.unknown || (isMergeKey(pair) && !isMerged(pair))))
      return true;
  }
  return false;
}

function isMerged({ value }: YamlPair): boolean {
  const items = asSequence(value)?.items ?? [value];
  return items.every((item) => asMapping(item) !== undefined);
}

/** What stands at a path below the node: keys of mappings, indexes of sequences, through aliases and merges. */
export function valueAt(node: YamlNode | Absent, ...path: YamlPath): YamlNode | undefined {
  let current: YamlNode | Absent = node;
  for (const step of path) {
    current = typeof step === 'number' ? asSequence(current)?.items[step] : entry(asMapping(current), step)?.value;
  }
  return current ?? undefined;
}

/**
 * The text of the scalar at a path. Undefined where there is none, where it is null, and where a template decides it. The
 * span is that of the value as used: of the alias where there is one.
 */
export function textAt(node: YamlNode | Absent, ...path: YamlPath): Located<string> | undefined {
  const value = valueAt(node, ...path);
  const scalar = asScalar(value);
  if (value === undefined || scalar === undefined || scalar.unknown || isNull(scalar)) return undefined;
  return { value: scalar.text, span: value.span };
}

function isNull({ style, text, tag }: YamlScalar): boolean {
  return style === 'plain' && tag !== '!!str' && /^(?:~|null|Null|NULL|)$/.test(text);
}

/** A node of a document, how it is reached, and the pair whose key or value it is. */
export interface NodeAt {
  readonly path: YamlPath;
  /** Null where a key or a dash has no value. */
  readonly node: YamlNode | null;
  readonly pair: YamlPair | undefined;
}

/**
 * Every value of the document with its path, parents first; keys are in `pair`. Aliases are not followed: each node comes
 * once.
 */
export function* walk(document: Pick<YamlDocument, 'root'>): Generator<NodeAt> {
  yield* walkNode({ path: [], node: document.root, pair: undefined });
}

function* walkNode(at: NodeAt): Generator<NodeAt> {
  yield at;
  if (at.node?.kind === 'mapping') {
    for (const pair of at.node.pairs) yield* walkNode({ path: [...at.path, pair.key.text], node: pair.value, pair });
  } else if (at.node?.kind === 'sequence') {
    for (const [index, item] of at.node.items.entries()) {
      yield* walkNode({ path: [...at.path, index], node: item, pair: undefined });
    }
  }
}

/**
 * The innermost node at an offset of the document, its end included: a key gives itself and its pair, with the path of
 * the pair. Undefined outside the root.
 */
export function nodeAtOffset(document: Pick<YamlDocument, 'root'>, offset: number): NodeAt | undefined {
  let found: NodeAt | undefined;
  let next: NodeAt | undefined = { path: [], node: document.root, pair: undefined };
  while (next?.node && at(next.node.span, offset)) {
    found = next;
    next = childAt(next.node, next.path, offset);
    if (next !== undefined && (next.node === null || next.node === next.pair?.key)) return next;
  }
  return found;
}

function childAt(node: YamlNode, path: YamlPath, offset: number): NodeAt | undefined {
  if (node.kind === 'mapping') {
    for (const pair of node.pairs) {
      if (!at(pair.span, offset)) continue;
      const inner = [...path, pair.key.text];
      if (at(pair.key.span, offset)) return { path: inner, node: pair.key, pair };
      return { path: inner, node: pair.value, pair };
    }
  }
  if (node.kind === 'sequence') {
    const index = node.items.findIndex((item) => item !== null && at(item.span, offset));
    if (index >= 0) return { path: [...path, index], node: node.items[index] ?? null, pair: undefined };
  }
  return undefined;
}

function at(span: Span, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}
