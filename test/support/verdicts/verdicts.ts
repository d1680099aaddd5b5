/** What another linter says of small Dockerfiles. Fragments without FROM are files, too. */
export interface Verdicts {
  /** It tells of these. */
  readonly bad: readonly string[];
  /** It does not tell of these. */
  readonly good: readonly string[];
  /** These it overlooks, and we do not: another spelling of the same. */
  readonly more?: readonly string[];
  /** It tells of these, and we see nothing wrong. */
  readonly spared?: readonly string[];
  /** The `.hadolint.yaml` beside them. */
  readonly settings?: string;
}

/** The name of a check, a Dockerfile, and the lines that it tells. */
export type LineVerdict = readonly [source: string, text: string, lines: readonly number[]];
