import { containsSpan, type Span, shiftSpan } from '../text/span.ts';
import { names } from './active.ts';
import type { Finding } from './finding.ts';
import type { Rule } from './rule.ts';

/** A comment or annotation that silences findings: our own, or one that was written for another tool. */
export interface Suppression {
  /** Where it is written; an unused one of ours is reported there. */
  readonly span: Span;
  /** Findings that begin in here are silenced; `file` silences everywhere. */
  readonly covers: Span | 'file';
  /** Whose syntax it is; a peer's ids are looked up in a rule's `sources`. */
  readonly peer: 'plimsoll' | string;
  /** Rules as that tool names them; `all` for every rule that it has. */
  readonly rules: readonly { readonly id: string; readonly span: Span }[] | 'all';
  /** What to take out of the text when it is not needed; only for our own. */
  readonly removal?: Span;
}

export function shiftSuppression(suppression: Suppression, by: number): Suppression {
  if (by === 0) return suppression;
  return {
    ...suppression,
    span: shiftSpan(suppression.span, by),
    covers: suppression.covers === 'file' ? 'file' : shiftSpan(suppression.covers, by),
    rules:
      suppression.rules === 'all'
        ? 'all'
        : suppression.rules.map((rule) => ({ id: rule.id, span: shiftSpan(rule.span, by) })),
    ...(suppression.removal && { removal: shiftSpan(suppression.removal, by) }),
  };
}

/** `AVD-DS-0001`, `DS001` and `DS-0001` are one id; letters' case does not count. */
function normal(id: string): string {
  return id
    .toLowerCase()
    .replace(/^avd-/, '')
    .replace(/^([a-z]+)-?0*(\d+)$/, '$1-$2');
}

function peerHas({ sources }: Finding, peer: string, id: string | undefined): boolean {
  return sources.some((source) => {
    if (!source.startsWith(`${peer} `)) return false;
    return id === undefined || normal(source.slice(peer.length + 1)) === normal(id);
  });
}

function silences(word: string, suppression: Suppression, rule: Rule, finding: Finding): boolean {
  return suppression.peer === 'plimsoll' ? names(word, rule) : peerHas(finding, suppression.peer, word);
}

function covers(suppression: Suppression, finding: Finding): boolean {
  if (suppression.covers === 'file') return true;
  return containsSpan(suppression.covers, { start: finding.span.start, end: finding.span.start });
}

/** One of our own suppressions that silenced nothing. */
export interface IdleSuppression {
  readonly span: Span;
  /** As written; empty where the comment names no rule. */
  readonly id: string;
  readonly reason: 'no rule named' | 'unknown rule' | 'nothing to ignore';
  /** What to take out of the text; undefined where the comment does other work too. */
  readonly removal: Span | undefined;
}

/**
 * Takes out what is silenced, and tells which of our own suppressions silenced nothing.
 * `ran` are the ids of the rules that were run: a suppression of a rule that is off is left in peace.
 */
export function applySuppressions(
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  rules: ReadonlyMap<string, Rule>,
  ran: ReadonlySet<string>,
): { readonly findings: readonly Finding[]; readonly idle: readonly IdleSuppression[] } {
  if (suppressions.length === 0) return { findings, idle: [] };
  const used = new Set<object>();
  const kept = findings.filter((finding) => {
    const rule = rules.get(finding.rule);
    if (rule === undefined) return true;
    let silenced = false;
    for (const suppression of suppressions) {
      if (!covers(suppression, finding)) continue;
      if (suppression.rules === 'all') {
        silenced ||= peerHas(finding, suppression.peer, undefined);
        continue;
      }
      for (const named of suppression.rules) {
        if (!silences(named.id, suppression, rule, finding)) continue;
        used.add(named);
        silenced = true;
      }
    }
    return !silenced;
  });
  return { findings: kept, idle: suppressions.flatMap((suppression) => idleIn(suppression, used, rules, ran)) };
}

function idleIn(
  suppression: Suppression,
  used: ReadonlySet<object>,
  rules: ReadonlyMap<string, Rule>,
  ran: ReadonlySet<string>,
): readonly IdleSuppression[] {
  if (suppression.peer !== 'plimsoll' || suppression.rules === 'all') return [];
  const { removal } = suppression;
  if (suppression.rules.length === 0) return [{ span: suppression.span, id: '', reason: 'no rule named', removal }];
  const idle: IdleSuppression[] = [];
  for (const named of suppression.rules) {
    if (used.has(named)) continue;
    const rule = [...rules.values()].find((candidate) => names(named.id, candidate));
    if (rule !== undefined && !ran.has(rule.meta.id)) continue;
    idle.push({
      span: named.span,
      id: named.id,
      reason: rule === undefined ? 'unknown rule' : 'nothing to ignore',
      removal: suppression.rules.length === 1 ? removal : undefined,
    });
  }
  return idle;
}
