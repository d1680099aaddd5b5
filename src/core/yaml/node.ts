import type { Span } from '../text/span.ts';

/**
 * A YAML document as a tree of our own, so that nothing above this folder knows the parser behind it.
 * Every span is in offsets of the document's own text, not of the file: an edit elsewhere in the file changes nothing here.
 */
export type YamlNode = YamlScalar | YamlMapping | YamlSequence | YamlAlias;

export interface YamlScalar {
  readonly kind: 'scalar';
  /** From the first to the last character, quotes and block header included, anchor and tag excluded. */
  readonly span: Span;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The text that is meant: unquoted, unescaped, folded. */
  readonly text: string;
  /** Part of it is a template action, so that its text is not known. */
  readonly unknown: boolean;
  /** Its text is what Compose makes of the variables that are written there: no patch writes over it. */
  readonly interpolated?: true;
  readonly anchor?: string;
  readonly tag?: string;
}

export interface YamlPair {
  readonly key: YamlScalar;
  /** Null where nothing is written after the colon. */
  readonly value: YamlNode | null;
  /** From the key to the end of the value. */
  readonly span: Span;
}

export interface YamlMapping {
  readonly kind: 'mapping';
  readonly span: Span;
  readonly flow: boolean;
  /** As written: merge keys (`<<`) and duplicates are still here. */
  readonly pairs: readonly YamlPair[];
  /** A template action may add keys, so that a missing one proves nothing. */
  readonly open: boolean;
  readonly anchor?: string;
  readonly tag?: string;
}

export interface YamlSequence {
  readonly kind: 'sequence';
  readonly span: Span;
  readonly flow: boolean;
  readonly items: readonly (YamlNode | null)[];
  /** A template action may add items. */
  readonly open: boolean;
  readonly anchor?: string;
  readonly tag?: string;
}

export interface YamlAlias {
  readonly kind: 'alias';
  readonly span: Span;
  readonly name: string;
  /** Undefined where the anchor is unknown, or is an ancestor of the alias. */
  readonly target: Exclude<YamlNode, YamlAlias> | undefined;
}

export interface YamlComment {
  /** From the `#` to the end of the line. */
  readonly span: Span;
  readonly text: string;
  /** Nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

export interface YamlProblem {
  readonly code: string;
  readonly message: string;
  readonly span: Span;
}

/** One document of a file. `text` holds it with its leading `---` line and comments, up to the next one. */
export interface YamlDocument {
  readonly text: string;
  readonly root: YamlNode | null;
  readonly problems: readonly YamlProblem[];
  readonly comments: readonly YamlComment[];
  /** Spans of template actions (`{{ … }}`), empty where the file is no template. */
  readonly actions: readonly Span[];
}

/** A document and where it begins in its file. */
export interface PlacedDocument {
  readonly start: number;
  readonly document: YamlDocument;
}

/** Keys and indexes from the root. */
export type YamlPath = readonly (string | number)[];

/** What a patch can write. Strings are quoted where YAML 1.1 or Go's YAML would read them as something else. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

export type YamlPatch =
  /** Replaces the value at the path, or inserts it, making the mappings on the way. */
  | { readonly kind: 'set'; readonly path: YamlPath; readonly value: YamlValue }
  | { readonly kind: 'remove'; readonly path: YamlPath }
  | { readonly kind: 'rename'; readonly path: YamlPath; readonly key: string }
  /** Moves the entries of the collection at the path: their places now, in the order that they get. */
  | { readonly kind: 'order'; readonly path: YamlPath; readonly order: readonly number[] }
  /** Adds an item to the sequence at the path, making the sequence (and the mappings above it) where it is missing. */
  | {
      readonly kind: 'append';
      readonly path: YamlPath;
      readonly value: YamlValue;
    };
