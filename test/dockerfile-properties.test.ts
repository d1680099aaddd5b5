import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Dockerfile, Instruction } from '../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../src/core/dockerfile/parse.ts';
import { instructionsOf, runCommandsOf } from '../src/core/dockerfile/subjects.ts';
import { variablesAt } from '../src/core/dockerfile/variables.ts';
import type { Span } from '../src/core/text/span.ts';
import { sharedPath } from './support/shared.ts';

const corpus = sharedPath('corpus/dockerfiles');
const skip = corpus === undefined ? 'the corpus is not beside the project' : false;

const SAMPLE = `# syntax=docker/dockerfile:1
ARG VERSION=1.2
FROM --platform=$BUILDPLATFORM reg.io:5000/a/b:\${VERSION} AS Build
# a comment 😀
RUN --mount=type=cache,target=/root/.cache apt-get update \\
  # inside
  && DEBIAN_FRONTEND=x apt-get install -y --no-install-recommends "curl" \\

  git=1.* && rm -rf /var/lib/apt/lists/*
RUN <<-EOF bash -e | tee log
	if [ -f x ]; then echo "$(date)"; fi
	EOF
COPY --from=0 --chown=1:1 <<A <<"B" ["x", "y z"] /dest/
one
A
two
B
ENV A=b C="d e" F=\\"g LABEL
ONBUILD RUN ["sh", "-c", "echo \\"\\u0041\\" && true"]
HEALTHCHECK --interval=5s CMD [ "curl", "x" ]
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
EXPOSE 80 443/tcp
CMD ['a', "b"]
`;

/** Every span of a value, with the path to it. Getters are asked too. */
function* spansIn(value: unknown, path: string, seen: Set<object>): Generator<readonly [string, Span]> {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof Map) {
    for (const [key, item] of value) yield* spansIn(item, `${path}.${key}`, seen);
    return;
  }
  if ('start' in value && 'end' in value && typeof value.start === 'number' && typeof value.end === 'number') {
    yield [path, { start: value.start, end: value.end }];
    return;
  }
  if ('runs' in value) return;
  for (const key of Object.keys(value)) yield* spansIn(Reflect.get(value, key), `${path}.${key}`, seen);
}

function isInside(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function check(dockerfile: Dockerfile): void {
  const { text } = dockerfile;
  const whole = { start: 0, end: text.length };
  for (const [path, span] of spansIn(dockerfile, '', new Set())) {
    assert.ok(span.start <= span.end && isInside(span, whole), `${path} ${JSON.stringify(span)}`);
  }
  let last = 0;
  for (const instruction of dockerfile.instructions) {
    assert.ok(instruction.span.start >= last, 'instructions are in order and apart');
    last = instruction.span.end;
    checkInside(instruction);
  }
  for (const { instruction } of instructionsOf(dockerfile)) variablesAt(dockerfile, instruction).get('A');
  for (const { command, run } of runCommandsOf(dockerfile)) {
    assert.ok(isInside(command.span, run.span), 'a command is inside its RUN');
    for (const word of command.words) assert.ok(isInside(word.span, command.span), 'a word is inside its command');
  }
}

function checkInside(instruction: Instruction): void {
  for (const [path, span] of spansIn(instruction, instruction.kind, new Set())) {
    assert.ok(
      isInside(span, instruction.span),
      `${path} ${JSON.stringify(span)} in ${JSON.stringify(instruction.span)}`,
    );
  }
  for (const word of instruction.words) {
    assert.ok(word.span.start < word.span.end, `an empty word in ${instruction.kind}`);
  }
  if (instruction.kind === 'onbuild' && instruction.trigger !== undefined) checkInside(instruction.trigger);
}

function corpusTexts(): readonly string[] {
  if (corpus === undefined) return [];
  return readdirSync(corpus, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.includes('testfiles-negative'))
    .map((name) => join(corpus, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size < 50_000)
    .map((path) => readFileSync(path, 'utf8'));
}

test('every prefix of a file can be read', () => {
  for (const text of [SAMPLE, SAMPLE.replaceAll('\n', '\r\n'), `\ufeff${SAMPLE}`, `# escape=\`\n${SAMPLE}`]) {
    for (let end = 0; end <= text.length; end++) check(parseDockerfile(text.slice(0, end)));
  }
});

test('a good file has no problem and every file of the corpus keeps its spans', { skip }, () => {
  const texts = corpusTexts();
  assert.ok(texts.length > 100, `${texts.length} files`);
  for (const text of texts) {
    const dockerfile = parseDockerfile(text);
    check(dockerfile);
    const real = dockerfile.instructions.filter((instruction) => instruction.kind !== 'unknown');
    if (real.length === dockerfile.instructions.length && real.length > 0) {
      assert.deepEqual(dockerfile.problems, [], text.slice(0, 200));
    }
  }
});

const PIECES = [
  ...'\\`"\'$#\n\r\t {}()[]<>&|;=,-:@/😀\ufeff\u0000\u0085',
  '\\\n',
  ' \\\r\n',
  '<<EOF',
  '<<-A',
  'EOF\n',
  '\n# x\n',
  '${',
  '${a:-',
  '$(',
  '[[',
  '["',
  '--',
  '--mount=',
  '\nRUN ',
  '\nFROM ',
  '\nONBUILD ',
  '\nENV ',
  'sh -c "',
  '\r',
  '# escape=`\n',
];

test('thousands of mutations are read without a throw', () => {
  const seeds = [
    SAMPLE,
    SAMPLE.replaceAll('\n', '\r\n'),
    ...corpusTexts()
      .filter((text) => text.length < 4000)
      .slice(0, 40),
  ];
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat({ max: 12 }),
    piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 4 })),
  });
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([seed, changes]) =>
      changes.reduce((text, { at, cut, piece }) => {
        const offset = Math.floor(at * text.length);
        return text.slice(0, offset) + piece + text.slice(offset + cut);
      }, seed),
    );
  fc.assert(
    fc.property(mutated, (text) => check(parseDockerfile(text))),
    { numRuns: 2500 },
  );
});

test('files made of pieces are read without a throw', () => {
  const pieces = fc.array(fc.constantFrom(...PIECES, 'RUN ', 'a', 'COPY ', 'HEALTHCHECK CMD ', 'if x; then'), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(pieces, (list) => check(parseDockerfile(list.join('')))),
    { numRuns: 2500 },
  );
});

test('one broken line makes no flood of problems', () => {
  const lines = SAMPLE.split('\n');
  for (const [index, line] of lines.entries()) {
    for (const end of [1, Math.floor(line.length / 2), line.length - 1]) {
      const text = lines.with(index, line.slice(0, Math.max(end, 0))).join('\n');
      assert.ok(parseDockerfile(text).problems.length <= 3, text);
    }
  }
});

/** How long something takes, in milliseconds. */
function timed(run: () => void): number {
  const before = performance.now();
  run();
  return performance.now() - before;
}

test('large and hostile files are read in a moment', () => {
  const megabyte = (piece: string): string => piece.repeat(Math.ceil(1_000_000 / piece.length));
  const random = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7919 + (index >> 3) * 104_729) & 255);
  const files: Readonly<Record<string, string>> = {
    binary: new TextDecoder('latin1').decode(random),
    letters: megabyte('a'),
    words: `RUN ${megabyte('a ')}`,
    brackets: `CMD ${megabyte('[')}`,
    strings: `CMD ["${megabyte('a')}"]`,
    instructions: megabyte('RUN a b c && d "e"\n'),
    heredocs: Array.from({ length: 40_000 }, (_, index) => `RUN <<E${index}\n`).join(''),
    sameHeredocs: megabyte('RUN <<E\nx\nE\n'),
    manyHeredocs: `RUN ${megabyte('<<E ')}\nE\n`,
    continuations: `RUN ${megabyte('a \\\n')}`,
    stages: Array.from({ length: 30_000 }, (_, index) => `FROM s${index} AS s${index + 1}\n`).join(''),
    variables: `FROM a\n${megabyte('ENV A=$A$B C=${A:-x}\n')}`,
    braces: `ENV A=${megabyte('${a:-')}`,
    onbuild: megabyte('ONBUILD '),
    quotes: `ENV A="${megabyte("'")}`,
    blanks: megabyte(' \n'),
    comments: megabyte('# a\n'),
    substitutions: `RUN ${megabyte('$(')}`,
    scripts: `RUN ${megabyte('sh -c "')}`,
    mounts: `RUN --mount=${megabyte('a=b,')}`,
  };
  for (const [name, text] of Object.entries(files)) {
    const time = timed(() => [...runCommandsOf(parseDockerfile(text))]);
    assert.ok(time < 3000, `${name} took ${Math.round(time)} ms`);
  }
});
