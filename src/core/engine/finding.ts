import type { TextEdit } from '../text/edit.ts';
import type { Span } from '../text/span.ts';
import type { CreatedFile, Safety } from './rule.ts';
import type { Severity } from './settings.ts';

/** A mending of one finding, in offsets of the file that was checked. */
export interface Fix {
  readonly title: string;
  readonly safety: Safety;
  /** Sorted, not overlapping. */
  readonly edits: readonly TextEdit[];
  readonly creates?: CreatedFile;
}

/** What a rule says of a place in a file. */
export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Offsets of the file. */
  readonly span: Span;
  /** Made when first asked for, by a getter: a copy by `{ ...finding }` has to name them. */
  readonly fixes: readonly Fix[];
  readonly related: readonly {
    readonly span: Span;
    readonly message: string;
    /** Another file that the span is of. */
    readonly file?: { readonly path: string; readonly text: string };
  }[];
  readonly sources: readonly string[];
}
