import { isRemote } from '../../dockerfile/context-copy.ts';
import { defineRule } from '../../engine/rule.ts';

/** Whether a path leads out of the folder that it starts in. */
function leadsOut(path: string): boolean {
  let depth = 0;
  for (const part of path.split(/[\\/]/)) {
    if (part === '..') depth--;
    else if (part !== '' && part !== '.') depth++;
    if (depth < 0) return true;
  }
  return false;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/copy-outside-context',
    rows: ['D134'],
    summary: '`COPY` and `ADD` take files from inside the build context only.',
    why: 'Only the context is sent to the builder. BuildKit reads `../x` as `x` at the top of the context, and mostly finds nothing there; older builders refuse it. The context has to be a folder further up, with the Dockerfile named by `-f`.',
    severity: 'warning',
    topic: 'correctness',
    messages: { outside: '`{source}` leads out of the build context, where the builder sees nothing' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY ../package.json /app/\n',
        good: 'FROM node:24\nCOPY package.json /app/\n',
      },
    ],
    options: {},
    sources: ['dockerfilelint add_src_invalid'],
  },
  only: ['copy', 'add'],
  mentions: ['..'],
  when: ({ instruction }) => instruction.from === undefined && instruction.arguments.text.includes('..'),
  *check({ instruction }) {
    // A lone word is what is being typed.
    if (instruction.destination === undefined) return;
    for (const source of instruction.sources) {
      if (source.value.includes('..') && source.constant && !isRemote(source) && leadsOut(source.value)) {
        yield { message: 'outside', data: { source: source.value }, span: source.span };
      }
    }
  },
});
