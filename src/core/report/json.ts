import type { Finding } from '../engine/finding.ts';
import type { CreatedFile } from '../engine/rule.ts';
import { type LineIndex, type Position, positionAt } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';

/** Zero-based line and character (UTF-16), and offsets. */
export interface JsonRange {
  readonly start: Position & { readonly offset: number };
  readonly end: Position & { readonly offset: number };
}

/** A finding as the command line prints it. Stable: others read it. */
export interface JsonFinding {
  readonly file: string;
  readonly rule: string;
  readonly sources: readonly string[];
  readonly severity: string;
  readonly message: string;
  readonly range: JsonRange;
  /** Where it is in its YAML document: `spec.containers[0].image`. */
  readonly yamlPath?: string;
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: string;
    readonly edits: readonly { readonly range: JsonRange; readonly newText: string }[];
    readonly creates?: CreatedFile;
  }[];
}

function rangeOf(index: LineIndex, { start, end }: Span): JsonRange {
  return { start: { ...positionAt(index, start), offset: start }, end: { ...positionAt(index, end), offset: end } };
}

export function jsonFinding(
  file: string,
  index: LineIndex,
  finding: Finding,
  yamlPath: string | undefined,
): JsonFinding {
  return {
    file,
    rule: finding.rule,
    sources: finding.sources,
    severity: finding.severity,
    message: finding.message,
    range: rangeOf(index, finding.span),
    ...(yamlPath !== undefined && { yamlPath }),
    fixes: finding.fixes.map(({ title, safety, edits, creates }) => ({
      title,
      safety,
      edits: edits.map((edit) => ({ range: rangeOf(index, edit.span), newText: edit.newText })),
      ...(creates && { creates }),
    })),
  };
}
