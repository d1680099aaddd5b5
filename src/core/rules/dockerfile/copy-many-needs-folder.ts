import { defineRule } from '../../engine/rule.ts';
import { insert } from '../../text/edit.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-many-needs-folder',
    rows: ['D114'],
    summary: '`COPY` and `ADD` of several sources should name a folder, with a `/` at its end.',
    why: 'Several files only fit into a folder. Older builders refuse a destination without `/` at its end, and a reader cannot tell whether a file or a folder was meant.',
    severity: 'warning',
    topic: 'correctness',
    messages: { file: 'Several sources, and `{destination}` does not say that it is a folder' },
    titles: { slash: 'Write `{destination}/`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY package.json package-lock.json /app\n',
        good: 'FROM node:24\nCOPY package.json package-lock.json /app/\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3021',
      'trivy DS-0011',
      'kics copy_with_more_than_two_arguments_not_ending_with_slash',
      'dockerfile-utils INVALID_DESTINATION',
    ],
  },
  only: ['copy', 'add'],
  when: ({ instruction }) => instruction.sources.length > 1,
  *check({ instruction, dockerfile }) {
    const { destination } = instruction;
    if (destination === undefined || !destination.constant) return;
    if (destination.value === '' || /(?:^|[\\/])\.{0,2}$/.test(destination.value)) return;
    const { span, value } = destination;
    const quoted = /["']/.test(dockerfile.text[span.end - 1] ?? '');
    yield {
      message: 'file',
      data: { destination: value },
      span,
      fixes: [{ title: 'slash', safety: 'safe', edits: [insert(quoted ? span.end - 1 : span.end, '/')] }],
    };
  },
});
