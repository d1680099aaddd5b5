import type { Dockerfile } from '../dockerfile/model.ts';
import { lineEnd, lineStart, nextContentLine } from '../text/lines.ts';
import type { Suppression } from './suppression.ts';
import { readSuppressionComment } from './suppression-comments.ts';

/**
 * The suppressions of a Dockerfile. A comment above an instruction covers all of it; one between the lines of an
 * instruction covers the next line.
 */
export function dockerfileSuppressions(dockerfile: Dockerfile): readonly Suppression[] {
  const { text, comments, directives, instructions, stages } = dockerfile;
  const found: Suppression[] = [];
  for (const { name, value } of directives) {
    const skip = /(?:^|;)\s*skip\s*=\s*([\w, ]+)/.exec(value.value);
    if (name.value !== 'check' || skip === null) continue;
    const rules = (skip[1] ?? '').split(',').map((id) => ({ id: id.trim(), span: value.span }));
    const every = rules.some((rule) => rule.id === 'all');
    found.push({ span: value.span, covers: 'file', peer: 'buildkit', rules: every ? 'all' : rules });
  }
  for (const comment of comments) {
    const read = readSuppressionComment(text.slice(comment.span.start, comment.span.end), comment.span.start);
    if (read === undefined) continue;
    const line = nextContentLine(text, lineEnd(text, comment.span.end));
    const instruction = instructions.find(
      (candidate) => line.start <= candidate.span.start && candidate.span.start < line.end,
    );
    const block = instruction ? { start: line.start, end: instruction.span.end } : line;
    const stage = stages.find((candidate) => candidate.instructions.some((inside) => inside.span.end > line.start));
    const lastOfStage = stage?.instructions.at(-1);
    const covers =
      read.reach === 'file'
        ? ('file' as const)
        : read.reach === 'stage' && lastOfStage
          ? { start: line.start, end: lastOfStage.span.end }
          : read.reach === 'line'
            ? line
            : block;
    found.push({
      span: comment.span,
      covers,
      peer: read.peer,
      rules: read.rules,
      removal: { start: lineStart(text, comment.span.start), end: lineEnd(text, comment.span.end) },
    });
  }
  return found;
}
