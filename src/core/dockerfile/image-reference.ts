import type { MappedText } from '../text/mapped-text.ts';
import { toSourceSpan } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';
import type { Lookup } from './expansion.ts';
import { endOfVariable, expand } from './expansion.ts';
import type { ImageReference } from './model.ts';

/** The parts of an image's name as it is pulled. */
export interface ImageParts {
  /** Undefined where none is written: docker.io. */
  readonly registry: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  /** With its algorithm, `sha256:…`. */
  readonly digest: string | undefined;
}

interface Split {
  /** Where the name ends. */
  readonly name: number;
  /** The tag's characters. */
  readonly tag: Span | undefined;
  readonly digest: Span | undefined;
}

/** Takes an image's name apart: `[host[:port]/]path[:tag][@digest]`. Any text is taken; what is missing is undefined. */
export function imageParts(text: string): ImageParts {
  const split = splitImage(text);
  const name = text.slice(0, split.name);
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = first === 'localhost' || /[.:]/.test(first);
  return {
    registry: hasRegistry ? first : undefined,
    repository: hasRegistry ? name.slice(slash + 1) : name,
    tag: split.tag && text.slice(split.tag.start, split.tag.end),
    digest: split.digest && text.slice(split.digest.start, split.digest.end),
  };
}

function splitImage(text: string): Split {
  const at = text.indexOf('@');
  const end = at < 0 ? text.length : at;
  const colon = text.lastIndexOf(':', end - 1);
  const tagged = end > 0 && colon > text.lastIndexOf('/', end - 1);
  return {
    name: tagged ? colon : end,
    tag: tagged ? { start: colon + 1, end } : undefined,
    digest: at < 0 ? undefined : { start: at + 1, end: text.length },
  };
}

/**
 * Reads the image of a FROM, or any other that a Dockerfile names, with variables put in by `lookup`.
 * `resolved` and the parts are undefined where a variable has no value.
 */
export function imageReference(line: MappedText, at: Span, lookup: Lookup, token: '\\' | '`'): ImageReference {
  const text = line.text.slice(at.start, at.end);
  const expanded = expand(text, lookup, { escape: token });
  const resolved = expanded.ok && expanded.unset.length === 0 ? expanded.value : undefined;
  const parts = resolved === undefined ? undefined : imageParts(resolved);
  const written = writtenSpans(text);
  const place = (part: Span | undefined): Span | undefined =>
    part && toSourceSpan(line, { start: at.start + part.start, end: at.start + part.end });
  return {
    span: toSourceSpan(line, at),
    text,
    resolved,
    registry: parts?.registry,
    repository: parts?.repository,
    tag: parts?.tag,
    digest: parts?.digest,
    tagSpan: place(written.tag),
    nameSpan: place(written.name),
  };
}

/** Where name and tag are written out: not in a variable, no quotes or escapes about. */
function writtenSpans(text: string): { readonly name: Span | undefined; readonly tag: Span | undefined } {
  if (/['"\\`]/.test(text)) return { name: undefined, tag: undefined };
  const masked = maskVariables(text);
  if (masked === undefined) return { name: undefined, tag: undefined };
  const split = splitImage(masked);
  const clear = (part: Span | undefined): Span | undefined =>
    part === undefined || part.end <= part.start || masked.slice(part.start, part.end).includes('$') ? undefined : part;
  return { name: clear({ start: 0, end: split.name }), tag: clear(split.tag) };
}

/** Variables overwritten with `$` at equal length, so that their own colons and slashes do not count. */
function maskVariables(text: string): string | undefined {
  let masked = '';
  while (masked.length < text.length) {
    const at = masked.length;
    if (text.charAt(at) !== '$') masked += text.charAt(at);
    else {
      const end = endOfVariable(text, at);
      if (end === undefined) return undefined;
      masked += '$'.repeat(end - at);
    }
  }
  return masked;
}
