import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expand } from '../src/core/dockerfile/expansion.ts';
import type { Dockerfile, Instruction } from '../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../src/core/dockerfile/parse.ts';
import { instructionsOf } from '../src/core/dockerfile/subjects.ts';
import { variablesAt, variablesAtEnd } from '../src/core/dockerfile/variables.ts';
import type { Span } from '../src/core/text/span.ts';
import { buildkitTree } from './support/buildkit-tree.ts';
import { sharedPath } from './support/shared.ts';

const buildkit = sharedPath('conformance/buildkit');
const skip = buildkit === undefined ? "BuildKit's cases are not beside the project" : false;

function at(dockerfile: Dockerfile, span: Span | undefined): string | undefined {
  return span && dockerfile.text.slice(span.start, span.end);
}

function only<K extends Instruction['kind']>(text: string, kind: K): Instruction & { readonly kind: K } {
  const is = (instruction: Instruction): instruction is Instruction & { readonly kind: K } => instruction.kind === kind;
  const found = parseDockerfile(text).instructions.find(is);
  assert.ok(found, `no ${kind} in ${text}`);
  return found;
}

test("BuildKit's trees are ours", { skip }, () => {
  const folder = join(buildkit ?? '', 'parser/testfiles');
  const names = readdirSync(folder);
  assert.equal(names.length, 33);
  for (const name of names) {
    const text = readFileSync(join(folder, name, 'Dockerfile'), 'utf8');
    const expected = readFileSync(join(folder, name, 'result'), 'utf8').trim();
    assert.equal(buildkitTree(parseDockerfile(text)), expected, name);
  }
});

test('what BuildKit refuses is a problem', { skip }, () => {
  const folder = join(buildkit ?? '', 'parser/testfiles-negative');
  const codes = readdirSync(folder).map((name) => {
    const { problems } = parseDockerfile(readFileSync(join(folder, name, 'Dockerfile'), 'utf8'));
    return [name, ...problems.map((problem) => problem.code)];
  });
  assert.deepEqual(codes, [
    ['empty_dockerfile', 'no-instructions'],
    ['env_no_value', 'pair-without-value'],
    ['only_comments', 'no-instructions'],
    ['shykes-nested-json', 'json-not-strings'],
  ]);
});

test("BuildKit's expansions are ours", { skip }, () => {
  const environment: Readonly<Record<string, string>> = { PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' };
  let cases = 0;
  for (const line of readFileSync(join(buildkit ?? '', 'shell/envVarTest'), 'utf8').split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [platform = '', written = '', result = ''] = line.split('|').map((part) => part.trim());
    for (const windows of platform === 'A' ? [false, true] : [platform === 'W']) {
      const lookup = (name: string): string | undefined => environment[windows ? name.toUpperCase() : name];
      const expanded = expand(written, lookup, { escape: '\\' });
      assert.equal(expanded.ok ? expanded.value : 'error', result, line);
    }
    cases++;
  }
  assert.equal(cases, 230);
});

test('patterns in expansions', () => {
  const lookup = (name: string): string | undefined => ({ X: 'a/b/c.tar.gz', S: '' })[name];
  const cases: Readonly<Record<string, string>> = {
    '${X#*/}': 'b/c.tar.gz',
    '${X##*/}': 'c.tar.gz',
    '${X%.*}': 'a/b/c.tar',
    '${X%%.*}': 'a/b/c',
    '${X/b/B}': 'a/B/c.tar.gz',
    '${X//\\//-}': 'a-b-c.tar.gz',
    '${X/?b/!}': 'a!/c.tar.gz',
    '${X#q}': 'a/b/c.tar.gz',
    '${S-d}': '',
    '${S:-d}': 'd',
    '${S+d}': 'd',
    '${Q+d}': '',
    'a"$X"b': 'aa/b/c.tar.gzb',
  };
  for (const [written, expected] of Object.entries(cases)) {
    const expanded = expand(written, lookup, { escape: '\\' });
    assert.equal(expanded.ok ? expanded.value : expanded.error, expected, written);
  }
});

test('an expansion tells which names it missed', () => {
  const missed = (text: string): readonly string[] => {
    const expanded = expand(text, () => undefined, { escape: '\\' });
    return expanded.ok ? expanded.unset : ['error'];
  };
  assert.deepEqual(missed('$A-${B:-x}-${C:+y}'), ['A', 'C']);
  assert.deepEqual(missed("'$A' \\$B"), []);
  assert.deepEqual(missed('${'.repeat(5000)), ['error']);
  assert.deepEqual(missed('${a:-'.repeat(5000)), ['error']);
});

test('here-documents', () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string, boolean, boolean, number])[]])[] = [
    ['USER <<NO\n', []],
    ['RUN <<EMPTY\nEMPTY\n', [['EMPTY', '', true, false, 0]]],
    ['RUN 3<<FD\nFD', [['FD', '', true, false, 3]]],
    ['RUN "<<NO"\n', []],
    ['RUN echo "a <<NO b"\n', []],
    ['RUN ["<<NO"]\n', []],
    ['RUN <<IN\n\tfoo\nIN\n', [['IN', '\tfoo\n', true, false, 0]]],
    ['RUN <<-IN\n\tfoo\n\tIN\n', [['IN', '\tfoo\n', true, true, 0]]],
    ["RUN <<-'Q'\n\tit's $X\nQ\n", [['Q', "\tit's $X\n", false, true, 0]]],
    ['RUN --mount=type=cache,target=/x <<M\necho\nM\n', [['M', 'echo\n', true, false, 0]]],
    [
      'COPY <<A <<B /dest\n1\nA\n2\nB\n',
      [
        ['A', '1\n', true, false, 0],
        ['B', '2\n', true, false, 0],
      ],
    ],
    [
      'COPY <<X <<Y /dest\nY\nX\nX\nY\n',
      [
        ['X', 'Y\n', true, false, 0],
        ['Y', 'X\n', true, false, 0],
      ],
    ],
    [
      'ADD <<-A <<B /dest\n\t1\n\tA\n\tB\nB\n',
      [
        ['A', '\t1\n', true, true, 0],
        ['B', '\tB\n', true, false, 0],
      ],
    ],
    ["RUN <<eo'f'\nfoo\neof\n", [['eof', 'foo\n', false, false, 0]]],
    ["RUN <<eo\\'f\nfoo\neo'f\n", [["eo'f", 'foo\n', true, false, 0]]],
    ["RUN <<'one two'\nbar\none two\n", [['one two', 'bar\n', false, false, 0]]],
    ['RUN <<$EOF\n$EOF\n', [['$EOF', '', true, false, 0]]],
    ['RUN <<  EOF  > foo\nEOF\n', [['EOF', '', true, false, 0]]],
    ['RUN <<- EOF\nEOF\n', [['EOF', '', true, true, 0]]],
    ['RUN << -EOF\n-EOF\n', [['-EOF', '', true, false, 0]]],
    ['RUN <<<EOF\n', []],
    ['RUN cat<<EOF\n', []],
    ['ONBUILD RUN <<E\nx\nE\n', [['E', 'x\n', true, false, 0]]],
    ['RUN \\\n  <<E\nx\nE\n', [['E', 'x\n', true, false, 0]]],
    ['RUN <<E\r\nx\r\nE\r\n', [['E', 'x\r\n', true, false, 0]]],
  ];
  for (const [text, expected] of cases) {
    const dockerfile = parseDockerfile(`${text}\nEXPOSE 80\n`);
    const [first, last, ...others] = dockerfile.instructions;
    assert.ok(first && last?.kind === 'expose' && others.length === 0, text);
    assert.deepEqual(
      first.heredocs.map((doc) => [doc.name, doc.content, doc.expand, doc.chomp, doc.fileDescriptor]),
      expected,
      text,
    );
    for (const doc of first.heredocs) {
      assert.match(at(dockerfile, doc.span) ?? '', /^\d*<</);
      assert.equal(at(dockerfile, doc.body), doc.content);
    }
    assert.equal(at(dockerfile, first.span), text.trimEnd());
  }
});

test('a here-document that is never closed stops before the next instruction', () => {
  const dockerfile = parseDockerfile('FROM a\nRUN <<EOF\necho 1\nRUN echo 2\nEXPOSE 80\n');
  assert.deepEqual(
    dockerfile.instructions.map((instruction) => at(dockerfile, instruction.span)),
    ['FROM a', 'RUN <<EOF\necho 1', 'RUN echo 2', 'EXPOSE 80'],
  );
  assert.deepEqual(
    dockerfile.problems.map((problem) => [problem.code, at(dockerfile, problem.span)]),
    [['unterminated-heredoc', '<<EOF']],
  );
});

test('directives stand first, once, and are known', () => {
  const read = (text: string): unknown => {
    const dockerfile = parseDockerfile(text);
    return [
      dockerfile.escape,
      dockerfile.directives.map(({ name, value }) => `${at(dockerfile, name.span)}=${at(dockerfile, value.span)}`),
      dockerfile.problems.map((problem) => `${problem.code} ${at(dockerfile, problem.span)}`),
    ];
  };
  assert.deepEqual(read('# Syntax = a/b:1 \n#escape=`\nFROM a'), ['`', ['Syntax=a/b:1', 'escape=`'], []]);
  assert.deepEqual(read('\ufeff# escape=`\r\nFROM a'), ['`', ['escape=`'], []]);
  assert.deepEqual(read('\n# escape=`\nFROM a'), ['\\', [], []]);
  assert.deepEqual(read('# foo=bar\n# escape=`\nFROM a'), ['\\', [], []]);
  assert.deepEqual(read('# check=skip=all\nFROM a'), ['\\', ['check=skip=all'], []]);
  assert.deepEqual(read('# escape=x\nFROM a'), ['\\', ['escape=x'], ['invalid-escape x']]);
  assert.deepEqual(read('# syntax=a\n# syntax=b\nFROM a'), [
    '\\',
    ['syntax=a', 'syntax=b'],
    ['duplicate-directive syntax'],
  ]);
});

test('spans stand under what was written, over continuations, comments and CRLF', () => {
  const text =
    '\ufeffFROM --platform=$BUILDPLATFORM 😀reg.io/a/b:1.2@sha256:00 AS Build\r\n' +
    'RUN --mount=type=cache,dst=/v,sharing=locked --network="none" apt-get \\\r\n  # why 😀\r\n\r\n  inst\\\r\nall -y curl\r\n';
  const dockerfile = parseDockerfile(text);
  const [from, run] = dockerfile.instructions;
  assert.ok(from?.kind === 'from' && run?.kind === 'run');
  assert.equal(at(dockerfile, from.keyword.span), 'FROM');
  assert.equal(at(dockerfile, from.image?.span), '😀reg.io/a/b:1.2@sha256:00');
  assert.equal(at(dockerfile, from.image?.tagSpan), '1.2');
  assert.equal(at(dockerfile, from.image?.nameSpan), '😀reg.io/a/b');
  assert.equal(at(dockerfile, from.alias?.span), 'Build');
  assert.equal(at(dockerfile, from.platform?.span), '$BUILDPLATFORM');
  assert.deepEqual(
    run.flags.map((flag) => [at(dockerfile, flag.span), flag.name.value, flag.value?.value]),
    [
      ['--mount=type=cache,dst=/v,sharing=locked', 'mount', 'type=cache,dst=/v,sharing=locked'],
      ['--network="none"', 'network', 'none'],
    ],
  );
  const [mount] = run.mounts;
  assert.equal(mount?.type, 'cache');
  assert.equal(at(dockerfile, mount?.properties.get('target')?.span), '/v');
  assert.equal(mount?.properties.get('sharing')?.value, 'locked');
  assert.equal(run.arguments.text, 'apt-get   install -y curl');
  assert.deepEqual(
    run.words.map((word) => [word.text, at(dockerfile, word.span)]),
    [
      ['apt-get', 'apt-get'],
      ['install', 'inst\\\r\nall'],
      ['-y', '-y'],
      ['curl', 'curl'],
    ],
  );
  assert.equal(run.emptyContinuations.length, 1);
  assert.deepEqual(
    dockerfile.comments.map((comment) => [comment.text, at(dockerfile, comment.span)]),
    [['why 😀', '# why 😀']],
  );
  const [command] = run.script?.commands ?? [];
  assert.equal(command?.name, 'apt-get');
  assert.deepEqual(
    command?.words.map((word) => at(dockerfile, word.span)),
    ['inst\\\r\nall', '-y', 'curl'],
  );
});

test('quoted and odd mounts', () => {
  const mounts = (flag: string): unknown =>
    only(`FROM a\nRUN ${flag} true`, 'run').mounts.map((mount) => [
      mount.type,
      [...mount.properties].map(([name, { value }]) => `${name}=${value}`),
    ]);
  assert.deepEqual(mounts('--mount="type=bind,source=a b,TARGET=/x"'), [
    ['bind', ['type=bind', 'source=a b', 'target=/x']],
  ]);
  assert.deepEqual(mounts('--mount=target=/x,ro'), [['bind', ['target=/x', 'readonly=']]]);
  assert.deepEqual(mounts('--mount=type=secret,id=a --mount=type=ssh'), [
    ['secret', ['type=secret', 'id=a']],
    ['ssh', ['type=ssh']],
  ]);
  assert.deepEqual(mounts('--mount= --mount --mount=,=,'), [
    ['bind', []],
    ['bind', ['=']],
  ]);
});

test('exec form decodes as JSON does and keeps the place of each element', () => {
  const text = 'FROM a\nCMD [ "a b", \\\n  # one\n  "\\u0041\\"", "" ]\n';
  const { command, brokenJson } = only(text, 'cmd');
  assert.ok(command.kind === 'exec');
  assert.equal(brokenJson, undefined);
  assert.deepEqual(
    command.words.map(({ value, span }) => [value, text.slice(span.start, span.end)]),
    [
      ['a b', '"a b"'],
      ['A"', '"\\u0041\\""'],
      ['', '""'],
    ],
  );
});

test('what only looks like JSON', () => {
  const broken = (line: string): string | undefined => {
    const dockerfile = parseDockerfile(`FROM a\n${line}\n`);
    return at(dockerfile, dockerfile.instructions[1]?.brokenJson);
  };
  assert.equal(broken("CMD ['a', 'b']"), "['a', 'b']");
  assert.equal(broken('ENTRYPOINT ["a",]'), '["a",]');
  assert.equal(broken('COPY ["a", "b"'), '["a", "b"');
  assert.equal(broken('HEALTHCHECK --retries=2 CMD [curl, x]'), '[curl, x]');
  assert.equal(broken('RUN [ -f /x ] || touch /x'), undefined);
  assert.equal(broken('RUN [ "$X" = y ] && touch /x'), undefined);
  assert.equal(broken('RUN [[ -z $X ]] && touch /x'), undefined);
  assert.equal(broken('CMD ["a", "b"]'), undefined);
  assert.equal(broken('CMD echo ["a"'), undefined);
});

test('pairs of ENV, LABEL and ARG', () => {
  const pairs = (line: string): unknown => {
    const dockerfile = parseDockerfile(`FROM a\n${line}\n`);
    const instruction = dockerfile.instructions[1];
    assert.ok(instruction?.kind === 'env' || instruction?.kind === 'arg' || instruction?.kind === 'label');
    return instruction.pairs.map(({ key, value, legacy }) => [
      key.value,
      value?.value,
      at(dockerfile, value?.span),
      legacy,
    ]);
  };
  assert.deepEqual(pairs('ENV A=b C="d e" F='), [
    ['A', 'b', 'b', false],
    ['C', 'd e', '"d e"', false],
    ['F', '', '', false],
  ]);
  assert.deepEqual(pairs('ENV A b  c=d'), [['A', 'b  c=d', 'b  c=d', true]]);
  assert.deepEqual(pairs("ARG A B='x y'"), [
    ['A', undefined, undefined, false],
    ['B', 'x y', "'x y'", false],
  ]);
  assert.deepEqual(pairs('LABEL a.b="c" \\\n  "d e"=f'), [
    ['a.b', 'c', '"c"', false],
    ['d e', 'f', 'f', false],
  ]);
  assert.deepEqual(pairs('ENV P=$Q\\ r'), [['P', '$Q r', '$Q\\ r', false]]);
});

test('stages: parents, what is shipped, Windows', () => {
  const dockerfile = parseDockerfile(
    'ARG BASE=Deps\nFROM alpine:3 AS deps\nFROM ${BASE} as build\nRUN x\nFROM alpine AS other\nFROM build\nCOPY --from=other a b\nCOPY --from=0 a b\n' +
      'FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS win\nRUN dir\nSHELL ["bash", "-c"]\nRUN ls\n',
  );
  assert.deepEqual(
    dockerfile.stages.map((stage) => [stage.name, stage.parent?.index, stage.shipped, stage.windows]),
    [
      ['deps', undefined, false, false],
      ['build', 0, false, false],
      ['other', undefined, false, false],
      [undefined, 1, false, false],
      ['win', undefined, true, true],
    ],
  );
  const win = dockerfile.stages.at(-1);
  assert.ok(win);
  const scripts = win.instructions.map((instruction) => instruction.kind === 'run' && instruction.script !== undefined);
  assert.deepEqual(scripts, [false, false, true]);

  const shipped = parseDockerfile('FROM a AS b\nFROM c AS d\nFROM b\n').stages.map((stage) => stage.shipped);
  assert.deepEqual(shipped, [true, false, true]);
  const fragment = parseDockerfile('RUN x\n').stages;
  assert.deepEqual(
    fragment.map((stage) => [stage.from, stage.instructions.length, stage.shipped]),
    [[undefined, 1, true]],
  );
});

test('image references', () => {
  const image = (line: string): unknown => {
    const dockerfile = parseDockerfile(`ARG V=1\nARG N\nARG W=\${V}.2\n${line}\n`);
    const from = dockerfile.instructions.find((instruction) => instruction.kind === 'from');
    const reference = from?.kind === 'from' ? from.image : undefined;
    assert.ok(reference);
    const { registry, repository, tag, digest } = reference;
    return [registry, repository, tag, digest, at(dockerfile, reference.tagSpan), at(dockerfile, reference.nameSpan)];
  };
  assert.deepEqual(image('FROM a'), [undefined, 'a', undefined, undefined, undefined, 'a']);
  assert.deepEqual(image('FROM reg:5000/img'), ['reg:5000', 'img', undefined, undefined, undefined, 'reg:5000/img']);
  assert.deepEqual(image('FROM localhost/a/b:c@sha256:0'), ['localhost', 'a/b', 'c', 'sha256:0', 'c', 'localhost/a/b']);
  assert.deepEqual(image('FROM a/b:$W'), [undefined, 'a/b', '1.2', undefined, undefined, 'a/b']);
  assert.deepEqual(image('FROM ${X:-gcr.io/y}:1'), ['gcr.io', 'y', '1', undefined, '1', undefined]);
  assert.deepEqual(image('FROM a:$N'), [undefined, undefined, undefined, undefined, undefined, 'a']);
  assert.deepEqual(image('FROM "a:1"'), [undefined, 'a', '1', undefined, undefined, undefined]);
});

test('variables in force', () => {
  const dockerfile = parseDockerfile(
    'ARG G=1\nFROM a AS base\nARG G\nARG U\nENV A=$G B=x\nENV B=$B$A C=$U D=$PATH\nFROM base\nRUN one\nARG A=9\nARG Q=q\nONBUILD RUN two\nENV Q=e\n',
  );
  const [base, last] = dockerfile.stages;
  assert.ok(base && last);
  const run = [...instructionsOf(dockerfile)].filter(({ instruction }) => instruction.kind === 'run');
  const [one, two] = run.map(({ instruction }) => variablesAt(dockerfile, instruction));
  assert.deepEqual(
    ['G', 'U', 'A', 'B', 'C', 'D', 'Q'].map((name) => [one?.get(name)?.kind, one?.get(name)?.value]),
    [
      ['arg', '1'],
      ['arg', undefined],
      ['env', '1'],
      ['env', 'x1'],
      ['env', undefined],
      ['env', undefined],
      [undefined, undefined],
    ],
  );
  assert.deepEqual([two?.get('A')?.value, two?.get('Q')?.value], ['1', 'q']);
  assert.equal(variablesAtEnd(dockerfile, last).get('Q')?.value, 'e');
  assert.deepEqual(one?.names().toSorted(), ['A', 'B', 'C', 'D', 'G', 'U']);
});

test('ONBUILD holds its trigger', () => {
  const text = 'FROM a\nONBUILD COPY --chown=a:b . /x\nONBUILD ONBUILD RUN x\nONBUILD\n';
  const [, copy, nested, empty] = parseDockerfile(text).instructions;
  assert.ok(copy?.kind === 'onbuild' && nested?.kind === 'onbuild' && empty?.kind === 'onbuild');
  assert.ok(copy.trigger?.kind === 'copy' && copy.trigger.onbuild && !copy.onbuild);
  assert.equal(text.slice(copy.trigger.span.start, copy.trigger.span.end), 'COPY --chown=a:b . /x');
  assert.equal(copy.trigger.destination?.value, '/x');
  assert.ok(nested.trigger?.kind === 'onbuild' && nested.trigger.trigger === undefined);
  assert.equal(empty.trigger, undefined);
});

test('a line half typed leaves the others alone', () => {
  for (const typed of [
    'RU',
    'COPY --from=',
    'FROM',
    'FROM  AS',
    'CMD ["a',
    'ENV',
    'RUN --mount=',
    'RUN echo "',
    'HEALTHCHECK',
  ]) {
    const dockerfile = parseDockerfile(`FROM a\n${typed}\nEXPOSE 80\n`);
    assert.equal(dockerfile.instructions.length, 3, typed);
    assert.equal(dockerfile.instructions[2]?.kind, 'expose', typed);
    assert.ok(dockerfile.problems.length <= 1, typed);
  }
});
