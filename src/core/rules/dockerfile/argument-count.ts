import { isPlaceholder, isPlain } from '../../dockerfile/dialect.ts';
import { insertInstructionBefore, removeLastWord } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, Stage, Word } from '../../dockerfile/model.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { insert, type TextEdit } from '../../text/edit.ts';
import type { Span } from '../../text/span.ts';

/** The fewest and the most arguments that the builder takes, where it counts them. */
const counts: { readonly [Kind in Instruction['kind']]?: readonly [number, number] } = {
  add: [2, Infinity],
  arg: [1, Infinity],
  copy: [2, Infinity],
  env: [1, Infinity],
  expose: [1, Infinity],
  from: [1, 3],
  label: [1, Infinity],
  maintainer: [1, Infinity],
  onbuild: [1, Infinity],
  run: [1, Infinity],
  shell: [1, Infinity],
  stopsignal: [1, 1],
  user: [1, 1],
  volume: [1, Infinity],
  workdir: [1, Infinity],
};

/** These hand a `#` on to a program, or have free text. */
const takesNumberSign = new Set<Instruction['kind']>([
  'run',
  'cmd',
  'entrypoint',
  'shell',
  'healthcheck',
  'maintainer',
]);

/** The word with which a comment begins that somebody put behind an instruction. */
function commentWord(instruction: Instruction): Word | undefined {
  if (takesNumberSign.has(instruction.kind) || instruction.kind === 'onbuild') return undefined;
  if ('pairs' in instruction && instruction.pairs[0]?.legacy) return undefined;
  const at = instruction.words.findIndex(({ text }) => /^#+$/.test(text) || /^#[A-Za-z]/.test(text));
  return at > 0 ? instruction.words[at] : undefined;
}

/** Puts a comment that stands behind an instruction on a line of its own above it. */
function liftComment(dockerfile: Dockerfile, instruction: Instruction, comment: Span): readonly TextEdit[] {
  const text = dockerfile.text.slice(comment.start, comment.end);
  if (/[\r\n]/.test(dockerfile.text.slice(instruction.span.start, comment.end))) return [];
  return [insertInstructionBefore(dockerfile, instruction, text), removeLastWord(dockerfile, comment)];
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/argument-count',
    rows: ['D104'],
    summary: 'Each instruction should have as many arguments as it takes.',
    why: 'With too few or too many words the builder stops, or takes a word for something that it was not meant as. A comment needs a line of its own: behind an instruction it is one more argument.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      missing: '{keyword} has no argument',
      destination: '{keyword} needs a source and a destination',
      name: 'A name is missing behind `{as}`',
      two: '{keyword} takes an image alone, or `image AS name`',
      extra: '{keyword} takes no more arguments',
      comment: '{keyword} takes this comment for arguments: it needs a line of its own',
    },
    titles: { remove: 'Remove `{words}`', as: 'Write `AS {words}`', lift: 'Put the comment above' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nSTOPSIGNAL SIGQUIT SIGTERM\n',
        good: 'FROM nginx:1.29\nSTOPSIGNAL SIGQUIT\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nEXPOSE 80 # the web\n',
        good: 'FROM nginx:1.29\n# the web\nEXPOSE 80\n',
      },
    ],
    options: {},
    sources: [
      'dockerfile-utils ARGUMENT_MISSING',
      'dockerfile-utils ARGUMENT_EXTRA',
      'dockerfile-utils ARGUMENT_REQUIRES_ONE',
      'dockerfile-utils ARGUMENT_REQUIRES_AT_LEAST_ONE',
      'dockerfile-utils ARGUMENT_REQUIRES_AT_LEAST_TWO',
      'dockerfile-utils ARGUMENT_REQUIRES_TWO',
      'dockerfile-utils ARGUMENT_REQUIRES_ONE_OR_THREE',
      'dockerfile-utils ARGUMENT_UNNECESSARY',
      'dockerfilelint extra_args',
      'dockerfilelint missing_args',
    ],
  },
  *check(dockerfile) {
    for (const { instruction, stage } of instructionsOf(dockerfile)) {
      const found = wrongCount(dockerfile, instruction, stage);
      if (found !== undefined) yield found;
    }
  },
});

type Found = Proposal<'missing' | 'comment' | 'destination' | 'name' | 'two' | 'extra', 'lift' | 'remove' | 'as'>;

function wrongCount(dockerfile: Dockerfile, instruction: Instruction, stage: Stage): Found | undefined {
  const limits = counts[instruction.kind];
  if (limits === undefined || instruction.brokenJson !== undefined) return undefined;
  // Looking at the words of a shell line would have it read for nothing.
  const bare = instruction.arguments.text === '';
  if (!bare && (instruction.kind === 'run' || instruction.kind === 'onbuild')) return undefined;
  const [fewest, most] = limits;
  const { words } = instruction;
  const comment = !bare && instruction.arguments.text.includes('#') ? commentWord(instruction) : undefined;
  const counted =
    words.length >= fewest && words.length <= most && !(instruction.kind === 'from' && words.length === 2);
  if (!bare && comment === undefined && counted) return undefined;
  const keyword = instruction.keyword.value.toUpperCase();
  if (bare) {
    return isPlain(dockerfile) ? { message: 'missing', data: { keyword }, span: instruction.keyword.span } : undefined;
  }
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) {
    // `[]`: a JSON array of nothing.
    return fewest > 0 ? { message: 'missing', data: { keyword }, span: instruction.keyword.span } : undefined;
  }
  if (comment !== undefined && isPlain(dockerfile)) {
    const span = { start: comment.span.start, end: last.span.end };
    const edits = liftComment(dockerfile, instruction, span);
    return {
      message: 'comment',
      data: { keyword },
      // Files, folders and users may have any name, so that the builder does not stop here.
      severity: ['from', 'env', 'label', 'expose', 'stopsignal'].includes(instruction.kind) ? 'error' : 'warning',
      span,
      fixes: edits.length === 0 ? [] : [{ title: 'lift', safety: 'suggested', edits }],
    };
  }
  if (words.length < fewest) {
    return { message: 'destination', data: { keyword }, span: last.span };
  } else if (instruction.kind === 'from' && words.length === 2) {
    const isAs = /^as$/i.test(last.text);
    const data = { keyword, as: last.text, words: last.text };
    return {
      message: isAs ? 'name' : 'two',
      data,
      span: last.span,
      fixes:
        isAs || isPlaceholder(last.text)
          ? []
          : [{ title: 'as', safety: 'suggested', edits: [insert(last.span.start, 'AS ')] }],
    };
  } else if (words.length > most) {
    if (instruction.kind === 'user' && stage.windows) return undefined;
    const start = words[most]?.span.start ?? last.span.start;
    const span = { start, end: last.span.end };
    return {
      message: 'extra',
      data: { keyword, words: dockerfile.text.slice(span.start, span.end) },
      ...(instruction.kind === 'user' && { severity: 'warning' }),
      span,
      fixes: /[\r\n]/.test(dockerfile.text.slice(instruction.span.start, span.end))
        ? []
        : [{ title: 'remove', safety: 'suggested', edits: [removeLastWord(dockerfile, span)] }],
    };
  }
  return undefined;
}
