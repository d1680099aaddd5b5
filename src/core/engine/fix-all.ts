import { applyEdits, conflict, sortEdits, type TextEdit } from '../text/edit.ts';
import type { Finding } from './finding.ts';
import type { Safety } from './rule.ts';

/** How far fix-all goes: only what changes nothing that is built or run, or also what may. */
export type FixLevel = Exclude<Safety, 'manual'>;

const rounds = 10;

function allowed(safety: Safety, level: FixLevel): boolean {
  return safety === 'safe' || (safety === 'suggested' && level === 'suggested');
}

/** Edits of the findings' first allowed fixes, leaving out those that would touch what an earlier one changes. */
function editsOf(findings: readonly Finding[], level: FixLevel): readonly TextEdit[] {
  let chosen: readonly TextEdit[] = [];
  for (const { fixes } of findings) {
    const fix = fixes.find(
      (candidate) => allowed(candidate.safety, level) && candidate.edits.length > 0 && !candidate.creates,
    );
    if (fix === undefined) continue;
    const tried = sortEdits([...chosen, ...fix.edits]);
    // Two insertions at one place would depend on their order: the second waits for the next round.
    const touching = tried.some((edit, at) => {
      const next = tried[at + 1];
      return next !== undefined && next.span.start === edit.span.start && next !== edit;
    });
    if (!conflict(tried) && !touching) chosen = tried;
  }
  return chosen;
}

/**
 * Applies fixes, analyses again, and repeats until nothing changes, at most ten times.
 * @param analyse the findings of a text that are to be fixed
 */
export function fixAll(text: string, analyse: (text: string) => readonly Finding[], level: FixLevel): string {
  let current = text;
  for (let round = 0; round < rounds; round++) {
    const edits = editsOf(analyse(current), level);
    if (edits.length === 0) break;
    const next = applyEdits(current, edits);
    if (next === current) break;
    current = next;
  }
  return current;
}
