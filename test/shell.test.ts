import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerfile } from '../src/core/dockerfile/parse.ts';
import { runCommandsOf } from '../src/core/dockerfile/subjects.ts';
import { findFlag, readFlags } from '../src/core/shell/flags.ts';
import type { ShellCommand } from '../src/core/shell/model.ts';
import { parseShell } from '../src/core/shell/parse.ts';
import { mappedText } from '../src/core/text/mapped-text.ts';

function commands(script: string): readonly ShellCommand[] {
  return parseShell(mappedText(script, [{ start: 0, end: script.length }])).commands;
}

function command(script: string): ShellCommand {
  const [first] = commands(script);
  assert.ok(first, script);
  return first;
}

/** `name words` of each command. */
function lines(script: string): readonly string[] {
  return commands(script).map((one) => [one.name, ...one.words.map((word) => word.value)].join(' '));
}

function runLines(dockerfile: string): readonly string[] {
  return [...runCommandsOf(parseDockerfile(dockerfile))].map(({ command: one }) => {
    return [one.name, ...one.words.map((word) => word.value)].join(' ');
  });
}

test('commands are found wherever they stand', () => {
  assert.deepEqual(lines('a && b || c; d | e & f'), ['a', 'b', 'c', 'd', 'e', 'f']);
  assert.deepEqual(lines('{ a; }; ( b ); if c; then d; elif e; then f; else g; fi'), [
    'a',
    'b',
    'c',
    'd',
    'e',
    'f',
    'g',
  ]);
  assert.deepEqual(lines('for x in $(a); do b; done; while c; do d; done; case $x in y) e;; esac'), 'abcde'.split(''));
  assert.deepEqual(lines('f() { a; }; ! b; time c; echo "$(d `e`)"'), ['a', 'b', 'c', 'echo $(d `e`)', 'd `e`', 'e']);
  assert.deepEqual(lines('X=$(a) Y=1; b > "$(c)"; cat <(d)'), ['a', 'b', 'c', 'cat <(d)', 'd']);
  assert.deepEqual(lines('/usr/bin/apt-get update'), ['apt-get update']);
  assert.deepEqual(lines('$CMD x'), [' x']);
});

test('lists, joins and conditions', () => {
  const shape = commands('a && b || c; { d; e | f; } && if g; then h; fi; i').map((one) => [
    one.name,
    one.list,
    one.joined,
    one.conditional,
  ]);
  assert.deepEqual(shape, [
    ['a', 0, '', false],
    ['b', 0, '&&', false],
    ['c', 0, '||', true],
    ['d', 1, '', false],
    ['e', 1, ';', false],
    ['f', 1, '|', false],
    ['g', 2, '', false],
    ['h', 3, '', true],
    ['i', 0, ';', false],
  ]);
});

test('wrappers and assignments come off, with the flags of their own', () => {
  const cases: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
    ['sudo -u x -E apt-get update', 'apt-get', ['sudo'], []],
    ['sudo -Eu root A=1 pip install x', 'pip', ['sudo'], ['A']],
    ['env -i A=b C="d e" make', 'make', ['env'], ['A', 'C']],
    ['X=1 exec nohup nice -n 5 server', 'server', ['exec', 'nohup', 'nice'], ['X']],
    ['timeout -k 5 10s curl x', 'curl', ['timeout'], []],
    ['xargs -0 -n1 rm -f', 'rm', ['xargs'], []],
    ['time -p make', 'make', ['time'], []],
    ['eatmydata -- apt-get install', 'apt-get', ['eatmydata'], []],
    ['gosu app pip install x', 'pip', ['gosu'], []],
    ['sudo', 'sudo', [], []],
    ['env', 'env', [], []],
    ['command -v curl', 'command', [], []],
    ['exec > log', 'exec', [], []],
  ];
  for (const [script, name, wrappers, assignments] of cases) {
    const one = command(script);
    assert.deepEqual(
      [one.name, one.wrappers, one.assignments.map((assignment) => assignment.name)],
      [name, wrappers, assignments],
      script,
    );
  }
  const script = 'A=1 sudo apt-get install x > y';
  const { span } = command(script);
  assert.equal(script.slice(span.start, span.end), 'apt-get install x > y');
});

test('a word with an expansion is not constant', () => {
  const script = `echo plain 'a b' "c d" e\\ f $X "\${X}y" $(z) *.c {a,b} "a\\"b" ~/x`;
  const { words } = command(script);
  assert.deepEqual(
    words.map((word) => (word.constant ? word.value : undefined)),
    ['plain', 'a b', 'c d', 'e f', undefined, undefined, undefined, undefined, undefined, 'a"b', '~/x'],
  );
  assert.deepEqual(
    words.map(({ span, source }) => script.slice(span.start, span.end) === source),
    words.map(() => true),
  );
});

test('scripts inside commands are read with their own spans', () => {
  const script = `bash -o pipefail -ec "apk add \\"a b\\" | tee $X" && su app -c 'pip install y'`;
  const found = commands(script).map((one) => script.slice(one.span.start, one.span.end));
  assert.deepEqual(found.slice(1, 3), ['apk add \\"a b\\"', 'tee $X']);
  assert.equal(found[4], 'pip install y');
  assert.deepEqual(lines('sh <<E\napk add x\nE\n'), ['sh', 'apk add x']);
  assert.deepEqual(lines('sh script.sh <<E\napk add x\nE\n'), ['sh script.sh']);
  assert.deepEqual(lines('<<E bash -e\napk add x\nE\n'), ['bash -e', 'apk add x']);
  assert.deepEqual(lines('python3 -c "import os"'), ['python3 -c import os']);
});

test('what a RUN runs', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['RUN a \\\n && b', ['a', 'b']],
    ['RUN <<E\na\nb c\nE', ['a', 'b c']],
    ['RUN <<-E\n\tif a; then\n\t\tb\n\tfi\n\tE', ['a', 'b']],
    ['RUN <<E\r\na x\r\nb\r\nE\r\n', ['a x', 'b']],
    ['RUN <<E\n#!/bin/bash -e\na\nE', ['a']],
    ['RUN <<E\n#!/usr/bin/env python3\na\nE', []],
    ['RUN python3 <<E\nprint(1)\nE', ['python3']],
    ['RUN bash -e <<E && z\na\nE', ['bash -e', 'a', 'z']],
    ['RUN cat <<E > /x\na\nE', ['cat']],
    ['RUN ["a", "b"]', ['a b']],
    ['RUN ["/bin/sh", "-c", "a \\"b c\\" && d"]', ['a b c', 'd']],
    ['SHELL ["powershell", "-Command"]\nRUN a', []],
    ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a | b', ['a', 'b']],
    ['# hadolint shell=powershell\nRUN a', []],
    ['ONBUILD RUN a && b', ['a', 'b']],
  ];
  for (const [lineText, expected] of cases) assert.deepEqual(runLines(`FROM x\n${lineText}\n`), expected, lineText);
});

test('what cannot be parsed is told and the rest is kept', () => {
  const script = 'apt-get update && if x; then';
  const { commands: found, problems } = parseShell(mappedText(script, [{ start: 0, end: script.length }]));
  assert.deepEqual(
    found.map((one) => one.name),
    ['apt-get', 'x'],
  );
  assert.ok(problems.length > 0 && problems.every(({ span }) => span.end <= script.length));
});

test('nesting without end is survived', () => {
  for (const piece of ['$(', '(', '{ ', 'if ', '"$(', '`', 'sh -c "', '${a:-']) {
    assert.ok(commands(`a; ${piece.repeat(3000)}`).length >= 1, piece);
  }
});

test('flags and their values', () => {
  const { words } = command(
    'apt-get -qqy -t stable -o=Dpkg::x install --no-install-recommends --target-release=b "-f" a $X -- -z',
  );
  const read = readFlags(words, { takesValue: new Set(['-t', '-o']) });
  assert.deepEqual(
    read.flags.map((flag) => [flag.name, flag.value?.text]),
    [
      ['-q', undefined],
      ['-q', undefined],
      ['-y', undefined],
      ['-t', 'stable'],
      ['-o', 'Dpkg::x'],
      ['--no-install-recommends', undefined],
      ['--target-release', 'b'],
      ['-f', undefined],
    ],
  );
  assert.deepEqual(
    read.positionals.map((word) => word.source),
    ['install', 'a', '$X', '-z'],
  );
  assert.equal(findFlag(read, '--yes', '-y')?.name, '-y');
  assert.equal(findFlag(read, '--yes'), undefined);
});

test('an attached value has its own place', () => {
  const script = 'x --a=b -tc --d="e f"';
  const { flags } = readFlags(command(script).words, { takesValue: new Set(['-t']) });
  assert.deepEqual(
    flags.map(({ value }) => value && script.slice(value.span.start, value.span.end)),
    ['b', 'c', '--d="e f"'],
  );
});
