import { replace, type TextEdit } from '../text/edit.ts';
import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import type { Dockerfile, Instruction, Stage } from './model.ts';
import { instructionsOf } from './subjects.ts';

/** A place that names the stage or image to take files from: `--from=` of COPY and of a mount. */
export interface SourceReference {
  readonly from: Located<string>;
  readonly stage: Stage;
  readonly instruction: Instruction;
}

/** Every `--from` in a Dockerfile, in order; those with variables in them are left out. */
export const sourceReferences = onceFor((dockerfile: Dockerfile): readonly SourceReference[] => {
  const found: SourceReference[] = [];
  for (const { instruction, stage } of instructionsOf(dockerfile)) {
    const add = (from: Located<string> | undefined) => {
      if (from !== undefined && from.value !== '' && !from.value.includes('$'))
        found.push({ from, stage, instruction });
    };
    if (instruction.flags.length === 0) continue;
    if (instruction.kind === 'copy' || instruction.kind === 'add') add(instruction.from);
    else if (instruction.kind === 'run') for (const { properties } of instruction.mounts) add(properties.get('from'));
  }
  return found;
});

/** The stage that a `--from` means: by number, or the last one with that name. Undefined for images and build contexts. */
export function stageNamed(dockerfile: Dockerfile, from: string): Stage | undefined {
  if (/^\d+$/.test(from)) return dockerfile.stages[Number(from)];
  const name = from.toLowerCase();
  return dockerfile.stages.findLast((stage) => stage.name === name);
}

/** The stages that another one builds on or takes files from. Undefined where a variable may name any of them. */
export const stagesInUse = onceFor((dockerfile: Dockerfile): ReadonlySet<Stage> | undefined => {
  const { stages, text } = dockerfile;
  if (/\bfrom=\S*\$/.test(text) || stages.some(({ from }) => from?.image?.text.includes('$'))) return undefined;
  const used = sourceReferences(dockerfile).map(({ from }) => stageNamed(dockerfile, from.value));
  return new Set([...used, ...stages.map(({ parent }) => parent)].filter((stage) => stage !== undefined));
});

/** Renames a stage and what comes after it and means it. A stage without a name has nothing to rename. */
export function renameStage(dockerfile: Dockerfile, stage: Stage, name: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  if (stage.from?.alias) edits.push(replace(stage.from.alias.span, name));
  const next = dockerfile.stages.find((later) => later.index > stage.index && later.name === stage.name);
  const isMeantIn = (user: Stage) => user.index > stage.index && (next === undefined || user.index <= next.index);
  for (const user of dockerfile.stages) {
    const written = user.from?.image?.nameSpan;
    if (user.parent === stage && written && isMeantIn(user)) edits.push(replace(written, name));
  }
  for (const { from, stage: user } of sourceReferences(dockerfile)) {
    if (from.value.toLowerCase() === stage.name && isMeantIn(user)) edits.push(replace(from.span, name));
  }
  return edits;
}

/** How many letters have to be put in, left out, exchanged or swapped with their neighbour to get from one word to the other. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(cell(i - 1, j) + 1, cell(i, j - 1) + 1, cell(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, cell(i - 2, j - 2) + 1);
      row.push(best);
    }
  }
  return cell(a.length, b.length);
}

/** The one of `names` that is meant by a misspelt word: the only nearest, at most `limit` letters away. */
export function nearest(word: string, names: Iterable<string>, limit: number): string | undefined {
  let best: string | undefined;
  let distance = limit + 1;
  let tied = false;
  for (const name of new Set(names)) {
    const away = editDistance(word, name);
    if (away > distance || away > limit) continue;
    tied = away === distance;
    best = name;
    distance = away;
  }
  return tied ? undefined : best;
}
