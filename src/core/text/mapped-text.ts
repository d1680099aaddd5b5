import type { Span } from './span.ts';

/** A run of derived text that was copied from the source unchanged. */
interface Run {
  readonly derived: number;
  readonly source: number;
  readonly length: number;
}

/** A text derived from another (continuations joined, quotes taken off) whose offsets map back to it. */
export interface MappedText {
  readonly text: string;
  readonly runs: readonly Run[];
  /** Where in the source the derived text ends. */
  readonly sourceEnd: number;
}

/** Builds a mapped text from the source spans that are kept, in order. */
export function mappedText(source: string, kept: readonly Span[]): MappedText {
  let text = '';
  const runs: Run[] = [];
  for (const { start, end } of kept) {
    if (end <= start) continue;
    runs.push({ derived: text.length, source: start, length: end - start });
    text += source.slice(start, end);
  }
  const last = runs.at(-1);
  return {
    text,
    runs,
    sourceEnd: last ? last.source + last.length : (kept[0]?.start ?? 0),
  };
}

/** The source offset of a derived offset; the end of the derived text maps to the end of its last run. */
export function toSource(mapped: MappedText, offset: number): number {
  let low = 0;
  let high = mapped.runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((mapped.runs[middle]?.derived ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const run = mapped.runs[low];
  if (run === undefined) return mapped.sourceEnd;
  return run.source + Math.min(Math.max(offset - run.derived, 0), run.length);
}

/**
 * The source span of a derived span. Its end is the place after its last character, so that a word before a
 * line continuation does not grow over it.
 */
export function toSourceSpan(mapped: MappedText, at: Span): Span {
  const start = toSource(mapped, at.start);
  return {
    start,
    end: at.end > at.start ? toSource(mapped, at.end - 1) + 1 : start,
  };
}

/** The part of a mapped text between two of its own offsets; an empty part keeps its place in the source. */
export function sliceMapped(mapped: MappedText, from: number, to: number): MappedText {
  const runs: Run[] = [];
  for (const run of mapped.runs) {
    const start = Math.max(from, run.derived);
    const end = Math.min(to, run.derived + run.length);
    if (start < end)
      runs.push({ derived: start - from, source: run.source + start - run.derived, length: end - start });
  }
  const last = runs.at(-1);
  return {
    text: mapped.text.slice(from, to),
    runs,
    sourceEnd: last ? last.source + last.length : from > 0 ? toSource(mapped, from - 1) + 1 : toSource(mapped, 0),
  };
}
