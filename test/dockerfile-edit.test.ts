import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendCommand } from '../src/core/dockerfile/append-command.ts';
import {
  insertFlag,
  insertInstructionAfter,
  insertInstructionBefore,
  insertWordAfter,
  jsonArray,
  removeInstruction,
} from '../src/core/dockerfile/edit.ts';
import type { Dockerfile, Instruction } from '../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../src/core/dockerfile/parse.ts';
import { applyEdits, type TextEdit } from '../src/core/text/edit.ts';

type Edit = (dockerfile: Dockerfile, instruction: Instruction) => TextEdit;

/** The text after an edit of its instruction number `index`, which is checked to leave a file that still parses. */
function edited(text: string, index: number, edit: Edit): string {
  const dockerfile = parseDockerfile(text);
  const instruction = dockerfile.instructions[index];
  assert.ok(instruction);
  const result = applyEdits(text, [edit(dockerfile, instruction)]);
  assert.deepEqual(parseDockerfile(result).problems, []);
  return result;
}

test('an instruction is removed with its lines', () => {
  assert.equal(edited('FROM a\n# why\n  RUN b \\\n # c\n  d\nCMD e\n', 1, removeInstruction), 'FROM a\n# why\nCMD e\n');
  assert.equal(edited('FROM a\r\nRUN <<E\r\nx\r\nE\r\nCMD e\r\n', 1, removeInstruction), 'FROM a\r\nCMD e\r\n');
  assert.equal(edited('FROM a\nCMD e', 1, removeInstruction), 'FROM a');
  assert.equal(edited('FROM a\r\nCMD e', 1, removeInstruction), 'FROM a');
  assert.equal(edited('\ufeffARG x\nFROM a\n', 0, removeInstruction), '\ufeffFROM a\n');
  const trigger: Edit = (dockerfile, instruction) => {
    assert.ok(instruction.kind === 'onbuild' && instruction.trigger);
    return removeInstruction(dockerfile, instruction.trigger);
  };
  assert.equal(edited('FROM a\nONBUILD RUN x\nCMD e\n', 1, trigger), 'FROM a\nCMD e\n');
});

test('an instruction is added behind another', () => {
  const after: Edit = (dockerfile, instruction) => insertInstructionAfter(dockerfile, instruction, 'USER app');
  assert.equal(edited('FROM a\nCMD e\n', 0, after), 'FROM a\nUSER app\nCMD e\n');
  assert.equal(
    edited('FROM a\r\nRUN <<E\r\nx\r\nE\r\nCMD e', 1, after),
    'FROM a\r\nRUN <<E\r\nx\r\nE\r\nUSER app\r\nCMD e',
  );
  assert.equal(edited('FROM a\nCMD e', 1, after), 'FROM a\nCMD e\nUSER app');
  assert.equal(edited('FROM a\nRUN b \\\n', 1, after), 'FROM a\nRUN b\nUSER app\n');
  const two: Edit = (dockerfile, instruction) => insertInstructionAfter(dockerfile, instruction, 'RUN x\nUSER app');
  assert.equal(edited('FROM a\r\nCMD e\r\n', 0, two), 'FROM a\r\nRUN x\r\nUSER app\r\nCMD e\r\n');
});

test('an instruction is added before another, above its comments', () => {
  const before: Edit = (dockerfile, instruction) => insertInstructionBefore(dockerfile, instruction, 'USER app');
  assert.equal(edited('FROM a\n\n# why\n# so\nCMD e\n', 1, before), 'FROM a\n\nUSER app\n# why\n# so\nCMD e\n');
  assert.equal(edited('# head\nFROM a\n', 0, before), '# head\nUSER app\nFROM a\n');
  assert.equal(edited('# syntax=a\n# head\nFROM a\n', 0, before), '# syntax=a\n# head\nUSER app\nFROM a\n');
  assert.equal(edited('\ufeffFROM a\r\n  CMD e\r\n', 0, before), '\ufeffUSER app\r\nFROM a\r\n  CMD e\r\n');
  assert.equal(edited('FROM a\r\n  CMD e\r\n', 1, before), 'FROM a\r\n  USER app\r\n  CMD e\r\n');
});

test('flags and words', () => {
  const flag: Edit = (_, instruction) => insertFlag(instruction, '--link');
  assert.equal(edited('FROM a\nCOPY a b\n', 1, flag), 'FROM a\nCOPY --link a b\n');
  assert.equal(edited('FROM a\nCOPY --chown=a:b \\\n a b\n', 1, flag), 'FROM a\nCOPY --chown=a:b --link \\\n a b\n');
  const word: Edit = (_, instruction) => insertWordAfter(instruction.keyword.span, 'x');
  assert.equal(edited('FROM a\nRUN b\n', 1, word), 'FROM a\nRUN x b\n');
  assert.equal(jsonArray(['a', 'b "c"', 'd\\e']), '["a", "b \\"c\\"", "d\\\\e"]');
});

test('a command is added to a script in its own style', () => {
  const appended = (run: string): string | undefined => {
    const text = `FROM a\n${run}\nCMD e\n`;
    const dockerfile = parseDockerfile(text);
    const instruction = dockerfile.instructions[1];
    assert.ok(instruction?.kind === 'run');
    const edit = appendCommand(dockerfile, instruction, 'rm x');
    if (edit === undefined) return undefined;
    const result = applyEdits(text, [edit]);
    const [, changed] = parseDockerfile(result).instructions;
    assert.ok(changed?.kind === 'run');
    assert.equal(changed.script?.commands.at(-1)?.name, 'rm', result);
    assert.deepEqual(changed.script?.problems, []);
    return result.slice('FROM a\n'.length, -'\nCMD e\n'.length);
  };
  assert.equal(appended('RUN b'), 'RUN b && rm x');
  assert.equal(appended('RUN b \\\n  && c'), 'RUN b \\\n  && c \\\n  && rm x');
  assert.equal(appended('RUN b && \\\n    c'), 'RUN b && \\\n    c && \\\n    rm x');
  assert.equal(appended('RUN b; \\\n  c;'), 'RUN b; \\\n  c; \\\n  rm x');
  assert.equal(appended('RUN <<E\n  b\nE'), 'RUN <<E\n  b\n  rm x\nE');
  assert.equal(appended('RUN ["b"]'), undefined);
  assert.equal(appended('RUN cat <<E\nb\nE'), undefined);
  assert.equal(appended('RUN b && exit 0'), undefined);
});
