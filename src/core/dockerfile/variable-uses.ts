import { type MappedText, toSourceSpan } from '../text/mapped-text.ts';
import type { Located, Span } from '../text/span.ts';
import type { Dockerfile } from './model.ts';

/** A place where BuildKit puts a variable in; its span is that of the whole `$name` or of `${name` without what follows. */
export interface VariableUse {
  readonly name: Located<string>;
  /** From the `$` to the end of the name, with the closing brace where that comes next. */
  readonly span: Span;
  /** `${name:-word}` and its kin stand for something without the variable too. */
  readonly hasDefault: boolean;
}

const plain = /\$(?:\{([A-Za-z_]\w*)(\}|:?[-+]|)|([A-Za-z_]\w*)|.?)/sy;

/** The variables in a text that BuildKit expands, those of nested defaults too, as its words are read. Spans are the source's. */
export function variableUses(mapped: MappedText, escape: '\\' | '`'): readonly VariableUse[] {
  const { text } = mapped;
  if (!text.includes('$')) return [];
  return usesWithin(text, escape).map(({ name, span, hasDefault }) => ({
    name: { value: name.value, span: toSourceSpan(mapped, name.span) },
    span: toSourceSpan(mapped, span),
    hasDefault,
  }));
}

/** The same for a value that stands in the document as it is read, such as a flag's; none where quotes or continuations differ. */
export function variableUsesAt({ text, escape }: Dockerfile, { value, span }: Located<string>): readonly VariableUse[] {
  if (!value.includes('$') || text.slice(span.start, span.end) !== value) return [];
  const move = (at: Span): Span => ({ start: at.start + span.start, end: at.end + span.start });
  return usesWithin(value, escape).map((use) => ({
    name: { value: use.name.value, span: move(use.name.span) },
    span: move(use.span),
    hasDefault: use.hasDefault,
  }));
}

function usesWithin(text: string, escape: '\\' | '`'): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  let doubled = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape) at++;
    else if (character === '"') doubled = !doubled;
    else if (character === "'" && !doubled) {
      const end = text.indexOf("'", at + 1);
      if (end < 0) break;
      at = end;
    } else if (character === '$') {
      plain.lastIndex = at;
      const match = plain.exec(text);
      if (match === null) continue;
      const [all, braced, operator = '', bare] = match;
      const name = braced ?? bare;
      if (name !== undefined) {
        const start = at + (braced === undefined ? 1 : 2);
        const hasDefault = operator !== '' && operator !== '}';
        const end = hasDefault ? start + name.length : at + all.length;
        uses.push({
          name: { value: name, span: { start, end: start + name.length } },
          span: { start: at, end },
          hasDefault,
        });
        at += all.length - 1;
      } else if (all === '$$') at++;
    }
  }
  return uses;
}
