import type { Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { isRoot, lastUserBefore, userOf } from '../../dockerfile/users.ts';
import { type WrittenFile, writtenFile } from '../../dockerfile/written-file.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

/** A COPY that writes the same file, with the owner that a RUN would give it. */
function copying(
  dockerfile: Dockerfile,
  stage: Stage | undefined,
  run: RunInstruction,
  { path, text, mode }: WrittenFile,
): TextEdit | undefined {
  const user = stage && lastUserBefore(stage, run);
  const owner = user === undefined ? 'root' : userOf(dockerfile, user);
  if (owner === undefined || /\s/.test(owner) || !/^[\w./@+-]+$/.test(path)) return undefined;
  // A here-document ends with its line, and comments between the lines would be lost.
  const commented = dockerfile.comments.some(({ span }) => run.span.start < span.start && span.end <= run.span.end);
  if (!text.endsWith('\n') || dockerfile.text.includes('\r') || commented) return undefined;
  const lines = text.split('\n');
  const end = ['EOF', 'END', 'FILE'].find((word) => !lines.includes(word));
  if (end === undefined) return undefined;
  const flags = [isRoot(owner) ? '' : ` --chown=${owner}`, mode === undefined ? '' : ` --chmod=${mode}`].join('');
  const word = /[$`\\]/.test(text) ? `'${end}'` : end;
  const keyword = run.keyword.value === run.keyword.value.toLowerCase() ? 'copy' : 'COPY';
  // The body of a here-document ends with the line of its last word, which the span has or has not in it.
  const last = dockerfile.text.charAt(run.span.end - 1) === '\n' ? '\n' : '';
  return replace(run.span, `${keyword}${flags} <<${word} ${path}\n${text}${end}${last}`);
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/file-written-by-run',
    rows: ['D409'],
    summary: 'A file with a fixed text can be written by `COPY` with a here-document.',
    why: 'A `RUN` that only writes a file starts a container to do so, and its text is bent to what the shell makes of quotes, percent signs and backslashes. `COPY <<EOF` has the text as it is, sets mode and owner in the same layer, and works in images without a shell. It needs BuildKit with the Dockerfile syntax 1.4 or later. Only files whose whole text is written there are told of.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: { written: 'This `RUN` only writes `{path}`; `COPY <<EOF` can do so without a shell' },
    titles: { copy: 'Write it with `COPY <<EOF`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: "FROM alpine:3.22\nRUN printf '#!/bin/sh\\nexec app\\n' > /start.sh && chmod +x /start.sh\n",
        good: 'FROM alpine:3.22\nCOPY --chmod=0755 <<EOF /start.sh\n#!/bin/sh\nexec app\nEOF\n',
      },
    ],
    options: {},
    sources: ['tally prefer-copy-heredoc'],
  },
  only: ['run'],
  calls: ['echo', 'printf', 'cat'],
  *check({ instruction: run, stage, dockerfile }) {
    if (stage?.windows === true) return;
    const file = writtenFile(run);
    if (file === undefined || /^\/(?:dev|proc|sys)\//.test(file.path)) return;
    const edit = copying(dockerfile, stage, run, file);
    yield {
      message: 'written',
      data: { path: file.path },
      span: run.keyword.span,
      fixes: edit ? [{ title: 'copy', safety: 'suggested', edits: [edit] }] : [],
    };
  },
});
