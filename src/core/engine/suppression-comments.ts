import type { Span } from '../text/span.ts';
import type { Suppression } from './suppression.ts';

/** How far a comment reaches; the Dockerfile and the YAML reader turn it into a span. */
export type Reach = 'line' | 'block' | 'stage' | 'file';

/** What a comment says, before its reach is known as a span. */
export interface SuppressionComment {
  readonly peer: Suppression['peer'];
  readonly reach: Reach;
  readonly rules: Suppression['rules'];
}

interface Syntax {
  readonly peer: string;
  readonly pattern: RegExp;
  /** Reach by what the first group says, or always the same. */
  readonly reach: (word: string) => Reach;
}

/** The comment's text without `#`. The last group, where there is one, lists the rules. */
const syntaxes: readonly Syntax[] = [
  {
    peer: 'plimsoll',
    pattern: /^plimsoll-ignore(-file)?(?=\s|:|$)\s*([^:]*)/,
    reach: (word) => (word ? 'file' : 'block'),
  },
  {
    peer: 'hadolint',
    pattern: /^hadolint\s+(global\s+|stage\s+)?ignore\s*=\s*([A-Za-z0-9, ]+)/,
    reach: (word) => (word.startsWith('global') ? 'file' : word.startsWith('stage') ? 'stage' : 'block'),
  },
  {
    peer: 'tally',
    pattern: /^tally\s+(global\s+)?ignore\s*=\s*([\w/., -]+)/,
    reach: (word) => (word ? 'file' : 'block'),
  },
  { peer: 'buildkit', pattern: /^()check\s*=\s*skip\s*=\s*([\w, ]+)/, reach: () => 'block' },
  { peer: 'checkov', pattern: /^()checkov:skip=\s*([\w, -]+)/, reach: () => 'file' },
  { peer: 'trivy', pattern: /^()(?:trivy|tfsec):ignore:([\w,-]+)/, reach: () => 'block' },
  { peer: 'semgrep', pattern: /^()nosemgrep(?:\s*:\s*([\w.,/ -]+))?/, reach: () => 'line' },
  { peer: 'sonar', pattern: /^()NOSONAR\b/, reach: () => 'line' },
  {
    peer: 'kics',
    pattern: /^kics-scan\s+(ignore-line|ignore-block|ignore)\s*$/,
    reach: (word) => (word === 'ignore' ? 'file' : word === 'ignore-line' ? 'line' : 'block'),
  },
  { peer: 'kics', pattern: /^kics-scan\s+(disable)\s*=\s*([\w, -]+)/, reach: () => 'file' },
  {
    peer: 'dclint',
    pattern: /^dclint\s+(disable-line|disable-file|disable)\b\s*([\w, -]*)/,
    reach: (word) => (word === 'disable-line' ? 'line' : 'file'),
  },
];

/** What all of them begin with. */
const beginnings = /^#\s*(?:plimsoll-|hadolint|tally|check|trivy:|tfsec:|nosemgrep|NOSONAR|kics-scan|dclint)/;

/** A quick look at whether a comment may silence something: what all of their syntaxes have something of. */
export function maySilence(text: string): boolean {
  return /ignore|skip|disable|nosem|NOSONAR/.test(text);
}

/**
 * What a comment silences, by our own syntax or a peer's; undefined for any other comment.
 * `text` is the comment from its `#`, `start` its offset.
 */
export function readSuppressionComment(text: string, start: number): SuppressionComment | undefined {
  if (!beginnings.test(text)) return undefined;
  const lead = /^#\s*/.exec(text)?.[0].length ?? 0;
  const body = text.slice(lead);
  for (const { peer, pattern, reach } of syntaxes) {
    const match = pattern.exec(body);
    if (match === null) continue;
    const list = match[2] ?? '';
    const listStart = start + lead + match[0].length - list.length;
    const rules = readRules(list, listStart);
    const every = rules.some((rule) => rule.id === 'all') || (peer !== 'plimsoll' && rules.length === 0);
    return { peer, reach: reach(match[1] ?? ''), rules: every && peer !== 'plimsoll' ? 'all' : rules };
  }
  return undefined;
}

/** Ids between commas or blanks, each with its span. */
export function readRules(list: string, start: number): readonly { readonly id: string; readonly span: Span }[] {
  return [...list.matchAll(/[^\s,]+/g)].map((match) => ({
    id: match[0],
    span: { start: start + match.index, end: start + match.index + match[0].length },
  }));
}
