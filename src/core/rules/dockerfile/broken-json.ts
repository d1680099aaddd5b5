import { jsonArray } from '../../dockerfile/edit.ts';
import { isArray } from '../../dockerfile/json.ts';
import { repairJsonArray } from '../../dockerfile/json-repair.ts';
import type { CommandInstruction, Instruction } from '../../dockerfile/model.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** What the builder makes of the line instead. */
const readAs: Readonly<Partial<Record<Instruction['kind'], string>>> = {
  run: 'a shell line',
  cmd: 'a shell line',
  entrypoint: 'a shell line',
  healthcheck: 'a shell line',
  shell: 'an error',
  copy: 'file names',
  add: 'file names',
  volume: 'folder names',
};

const ofAll = [
  ...['dockerfile-utils JSON_IN_SINGLE_QUOTES', 'dockerfile-utils SHELL_JSON_FORM'],
  ...['dockerfile-utils SHELL_REQUIRES_ONE', 'tally invalid-json-form', 'sonar S7030'],
];
/** To others a broken array is the shell form, and just as unwanted. */
const ofCommands = ['hadolint DL3025', 'buildkit JSONArgsRecommended'];

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/broken-json',
    rows: ['D108'],
    summary: 'What looks like a JSON array should be one.',
    why: 'The exec form has to be a JSON array of strings in double quotes. Anything else is silently read another way: a program called `[npm,` is looked for when the container starts, or folders with brackets and commas in their names are made. SHELL, which takes no other form, stops the build.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      singleQuotes: 'JSON takes double quotes: `{keyword}` reads this as {reading}',
      curlyQuotes: 'JSON takes straight double quotes: `{keyword}` reads this as {reading}',
      bareWord: 'JSON takes words in double quotes only: `{keyword}` reads this as {reading}',
      missingComma: 'A comma is missing before this word: `{keyword}` reads the array as {reading}',
      extraComma: 'JSON takes no comma here: `{keyword}` reads the array as {reading}',
      missingBracket: 'The closing `]` is missing: `{keyword}` reads the array as {reading}',
      badEscape: 'JSON has no such escape, a backslash is written `\\\\`: `{keyword}` reads the array as {reading}',
      unclosed: 'The quotes are never closed: `{keyword}` reads the array as {reading}',
      noComma: 'A comma or the closing `]` belongs here: `{keyword}` reads the array as {reading}',
      noArray: 'SHELL takes nothing but a JSON array',
      trailing: 'Nothing may follow the array: `{keyword}` reads all of it as {reading}',
    },
    titles: { repair: 'Make it a JSON array' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCMD [\'node\', "server.js"]\n',
        good: 'FROM node:24\nCMD ["node", "server.js"]\n',
      },
    ],
    options: {},
    sources: [...ofAll, ...ofCommands],
  },
  beside: ['broken JSON', 'shell'],
  *check(dockerfile) {
    for (const { instruction, stage } of instructionsOf(dockerfile)) {
      if (instruction.kind === 'shell' && instruction.brokenJson === undefined) yield* shellLine(instruction);
      const reading = instruction.brokenJson && readAs[instruction.kind];
      if (reading === undefined) continue;
      // PowerShell writes types in brackets.
      if (stage.windows && !/^[^[]*\[["']/.test(instruction.arguments.text)) continue;
      const text =
        instruction.kind === 'healthcheck' && instruction.command?.kind === 'shell'
          ? instruction.command.source
          : instruction.arguments;
      const found = repairJsonArray(text);
      // An array of other things is an error of its own.
      if (found === undefined || isArray(text.text)) continue;
      yield {
        message: found.flaw,
        data: { keyword: instruction.keyword.value.toUpperCase(), reading },
        span: found.span,
        ...(!(instruction.kind === 'cmd' || instruction.kind === 'entrypoint') && { peers: ofAll }),
        ...(instruction.kind === 'shell' && { severity: 'error' }),
        fixes: found.edits ? [{ title: 'repair', safety: 'safe', edits: found.edits }] : [],
      };
    }
  },
});

/** A SHELL without any bracket. */
function* shellLine({ command, words }: CommandInstruction): Generator<Proposal<'noArray', 'repair'>> {
  if (command.kind === 'exec' || words.length === 0) return;
  const plain = words.every(({ text, value, constant }) => constant && text === value);
  const edits = [replace(command.span, jsonArray(words.map(({ value }) => value)))];
  yield {
    message: 'noArray',
    severity: 'error',
    span: command.span,
    fixes: plain ? [{ title: 'repair', safety: 'safe', edits }] : [],
  };
}
