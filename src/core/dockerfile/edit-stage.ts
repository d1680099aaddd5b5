import { remove, type TextEdit } from '../text/edit.ts';
import { lineStart } from '../text/lines.ts';
import type { Dockerfile, Stage } from './model.ts';
import { sourceReferences } from './stage-references.ts';

/**
 * Takes out a stage up to the FROM of the next one, comments above that kept. Undefined for the last stage, and where a
 * `--from=1` counts the stages.
 */
export function removeStage(dockerfile: Dockerfile, stage: Stage): TextEdit | undefined {
  const next = dockerfile.stages[stage.index + 1]?.from;
  if (stage.from === undefined || next === undefined) return undefined;
  for (const { from } of sourceReferences(dockerfile)) if (/^\d+$/.test(from.value)) return undefined;
  const { text } = dockerfile;
  const start = lineStart(text, stage.from.span.start);
  const last = stage.instructions.at(-1) ?? stage.from;
  const comment = dockerfile.comments.find(({ span }) => span.start > last.span.end && span.end < next.span.start);
  const end = lineStart(text, comment?.span.start ?? next.span.start);
  return remove({ start, end });
}
