import { replace, type TextEdit } from '../text/edit.ts';
import { redistributed } from '../text/pieces.ts';
import type { Span } from '../text/span.ts';
import { endOfVariable, expand } from './expansion.ts';
import type { Dockerfile, ImageReference, KeyValue } from './model.ts';

/** What makes an image another one. */
export interface ImageEdits {
  readonly edits: readonly TextEdit[];
  /** The global ARGs whose defaults change, with the new ones. */
  readonly defaults: ReadonlyMap<string, string>;
}

/** A part of a reference: written there, or the default of a global ARG. */
interface Piece {
  readonly value: string;
  readonly from: { readonly start: number } | { readonly arg: string };
}

interface Changes {
  readonly edits: TextEdit[];
  readonly defaults: Map<string, string>;
}

/**
 * The edits that turn the image written at a place into another one, in the defaults of the ARGs that write it where there are
 * such; undefined where there is no place for them.
 */
export function imageEdits(dockerfile: Dockerfile, at: Span, to: string): ImageEdits | undefined {
  const changes: Changes = { edits: [], defaults: new Map() };
  return change(dockerfile, at, to, changes) ? changes : undefined;
}

function change(dockerfile: Dockerfile, at: Span, to: string, changes: Changes): boolean {
  const raw = dockerfile.text.slice(at.start, at.end);
  const [, quote, inside = raw] = /^(["'])(.*)\1$/s.exec(raw) ?? [];
  if (/["'`\\\s]/.test(inside) || (quote === "'" && inside.includes('$'))) return false;
  const pieces = readPieces(dockerfile, inside, at.start + (quote === undefined ? 0 : 1));
  const values =
    pieces &&
    redistributed(
      pieces.map(({ value }) => value),
      to,
    );
  if (values === undefined) return false;
  return (pieces ?? []).every(({ value, from }, index) => {
    const now = values[index] ?? value;
    if (now === value) return true;
    if ('arg' in from) return changeDefault(dockerfile, from.arg, now, changes);
    changes.edits.push(partReplaced(from.start, value, now));
    return true;
  });
}

/** Replaces what is behind the colon or slash up to which nothing changes. */
function partReplaced(start: number, old: string, now: string): TextEdit {
  const marks = [...old.matchAll(/[:/]/g)].map(({ index }) => index + 1);
  const same = marks.findLast((at) => now.startsWith(old.slice(0, at))) ?? 0;
  return replace({ start: start + same, end: start + old.length }, now.slice(same));
}

function changeDefault(dockerfile: Dockerfile, name: string, to: string, changes: Changes): boolean {
  const already = changes.defaults.get(name);
  if (already !== undefined) return already === to;
  changes.defaults.set(name, to);
  const { value } = globalArgs(dockerfile).findLast(({ key }) => key.value === name) ?? {};
  return value !== undefined && change(dockerfile, value.span, to, changes);
}

function globalArgs(dockerfile: Dockerfile): readonly KeyValue[] {
  const first = dockerfile.instructions.findIndex(({ kind }) => kind === 'from');
  return dockerfile.instructions.slice(0, first).flatMap((one) => (one.kind === 'arg' ? one.pairs : []));
}

const simple = /^\$(?:(\w+)|\{(\w+)(?:(:?-)([^${}]*))?\})$/;

function readPieces({ globalArgs: defaults }: Dockerfile, text: string, start: number): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; ) {
    const dollar = text.indexOf('$', at);
    const literal = text.slice(at, dollar < 0 ? text.length : dollar);
    if (literal !== '') pieces.push({ value: literal, from: { start: start + at } });
    if (dollar < 0) break;
    const end = endOfVariable(text, dollar) ?? dollar;
    const [, bare, braced, operator, word = ''] = simple.exec(text.slice(dollar, end)) ?? [];
    const name = bare ?? braced;
    if (name === undefined) return undefined;
    const value = defaults.get(name);
    const isMissing = value === undefined || (value === '' && operator === ':-');
    if (isMissing && operator === undefined) return undefined;
    pieces.push(
      isMissing ? { value: word, from: { start: start + end - 1 - word.length } } : { value, from: { arg: name } },
    );
    at = end;
  }
  return pieces;
}

/** The image that a reference is with other defaults of global ARGs. */
export function resolvedWith(
  dockerfile: Dockerfile,
  { text }: ImageReference,
  defaults: ReadonlyMap<string, string>,
): string | undefined {
  const values = new Map<string, string | undefined>();
  const expanded = (written: string) => {
    const found = expand(written, (name) => values.get(name), { escape: dockerfile.escape });
    return found.ok && found.unset.length === 0 ? found.value : undefined;
  };
  for (const { key, value } of globalArgs(dockerfile))
    values.set(key.value, defaults.get(key.value) ?? (value && expanded(value.text)));
  return expanded(text);
}
