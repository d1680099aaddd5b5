import type { Finding } from '../engine/finding.ts';
import { type LineIndex, positionAt } from '../text/line-index.ts';

/** `file:line:column severity message (rule)`, counted from one as editors and terminals do. */
export function textFinding(file: string, index: LineIndex, finding: Finding): string {
  const { line, character } = positionAt(index, finding.span.start);
  const mark = finding.fixes.length > 0 ? ' [fix]' : '';
  return `${file}:${line + 1}:${character + 1} ${finding.severity} ${finding.message} (${finding.rule})${mark}`;
}

/** `2 errors, 1 warning, 0 information in 3 files`. */
export function textSummary(findings: readonly Finding[], files: number): string {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const plural = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;
  return `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}, ${count('information')} information in ${plural(files, 'file')}`;
}
