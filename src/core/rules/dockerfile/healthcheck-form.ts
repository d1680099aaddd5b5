import { isPlain } from '../../dockerfile/dialect.ts';
import { defineRule } from '../../engine/rule.ts';
import { insert, remove } from '../../text/edit.ts';
import { toSourceSpan } from '../../text/mapped-text.ts';

const flag = /^--(?:interval|timeout|start-period|start-interval|retries)(?:=\S*)?(?=\s|$)/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/healthcheck-form',
    rows: ['D113'],
    summary: '`HEALTHCHECK` takes its flags, then `CMD` with a command, or `NONE` alone.',
    why: 'The builder refuses a command without `CMD` before it, and a `CMD` without a command. A flag behind `CMD` belongs to the command: the shell looks for a program of that name, and the container never gets healthy.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      empty: '`HEALTHCHECK` needs `CMD` with a command, or `NONE`',
      type: '`{word}` stands where `CMD` or `NONE` belongs',
      command: 'No command behind `CMD`',
      none: '`HEALTHCHECK NONE` takes nothing behind it',
      flag: '`{flag}` belongs before `CMD`: here it is the name of the program',
    },
    titles: { insert: 'Insert `CMD`', move: 'Move `{flag}` before `CMD`', remove: 'Remove `{words}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nHEALTHCHECK curl -f http://localhost/\n',
        good: 'FROM nginx:1.29\nHEALTHCHECK CMD curl -f http://localhost/\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nHEALTHCHECK CMD --timeout=3s curl -f http://localhost/\n',
        good: 'FROM nginx:1.29\nHEALTHCHECK --timeout=3s CMD curl -f http://localhost/\n',
      },
    ],
    options: {},
    sources: ['dockerfile-utils UNKNOWN_TYPE', 'dockerfile-utils HEALTHCHECK_CMD_ARGUMENT_MISSING'],
  },
  only: ['healthcheck'],
  *check({ instruction, dockerfile }) {
    if (!isPlain(dockerfile)) return;
    const { keyword, arguments: text, command, none } = instruction;
    const type = /^\S+/.exec(text.text)?.[0];
    if (type === undefined) {
      yield { message: 'empty', span: keyword.span };
      return;
    }
    const span = toSourceSpan(text, { start: 0, end: type.length });
    const rest = text.text.slice(type.length).trimStart();
    const behind = toSourceSpan(text, { start: text.text.length - rest.length, end: text.text.length });
    if (none) {
      if (rest === '') return;
      const edits = [remove({ start: span.end, end: behind.end })];
      const words = dockerfile.text.slice(behind.start, behind.end);
      yield {
        message: 'none',
        span: behind,
        fixes: /[\r\n]/.test(words) ? [] : [{ title: 'remove', data: { words }, safety: 'suggested', edits }],
      };
    } else if (type.toLowerCase() !== 'cmd') {
      // A lone word is what is being typed.
      const fixes = [{ title: 'insert', safety: 'suggested', edits: [insert(span.start, 'CMD ')] }] as const;
      yield { message: 'type', data: { word: type }, span, fixes: rest === '' && !/[/[]/.test(type) ? [] : fixes };
    } else if (command === undefined || (command.kind === 'exec' && command.words.length === 0)) {
      yield { message: 'command', span };
    } else if (command.kind === 'shell') {
      const written = flag.exec(rest)?.[0];
      if (written === undefined) return;
      const at = toSourceSpan(text, {
        start: text.text.length - rest.length,
        end: text.text.length - rest.length + written.length,
      });
      const gap = /^[ \t]*/.exec(dockerfile.text.slice(at.end))?.[0].length ?? 0;
      yield {
        message: 'flag',
        data: { flag: written },
        span: at,
        fixes: [
          {
            title: 'move',
            safety: 'suggested',
            edits: [insert(span.start, `${written} `), remove({ start: at.start, end: at.end + gap })],
          },
        ],
      };
    }
  },
});
