import { cutWord } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';

const native = /(?<![\w-])(?:-{1,2}m(?:arch|cpu)=native|-C[ \t]*target-cpu=native)\b/g;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/native-cpu',
    rows: ['D1012'],
    summary: 'What goes into an image should not be compiled for the processor of the machine that builds.',
    why: '`native` uses every instruction of the processor that happens to build the image. On an older or another one, as they are mixed in every cluster, the program ends with `Illegal instruction`. Without the flag it runs on all of them; a level such as `x86-64-v3` says what it needs.',
    severity: 'warning',
    topic: 'correctness',
    messages: { native: '`{flag}` compiles for the machine that builds: the program may not run on others' },
    titles: { remove: 'Remove `{flag}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM gcc:15\nCOPY . .\nRUN gcc -O2 -march=native -o app app.c\n',
        good: 'FROM gcc:15\nCOPY . .\nRUN gcc -O2 -o app app.c\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['run', 'env', 'arg'],
  mentions: ['=native'],
  *check({ instruction, dockerfile }) {
    const { kind, span } = instruction;
    const text = dockerfile.text.slice(span.start, span.end);
    if (!text.includes('=native')) return;
    const json = kind === 'run' && instruction.command.kind === 'exec';
    for (const { index, 0: flag } of text.matchAll(native)) {
      const at = { start: span.start + index, end: span.start + index + flag.length };
      if (dockerfile.comments.some((comment) => comment.span.start <= at.start && at.end <= comment.span.end)) continue;
      const cut = json ? undefined : cutWord(dockerfile.text, at);
      yield {
        message: 'native',
        data: { flag },
        span: at,
        fixes: cut ? [{ title: 'remove', safety: 'suggested', edits: [cut] }] : [],
      };
    }
  },
});
