import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createService, noSurroundings, type Surroundings } from '../src/core/service.ts';

const service = createService();

function near(files: readonly string[], ignore: string | null = null, unread: readonly string[] = []): Surroundings {
  const entries = new Map<string, 'file' | 'folder'>();
  for (const file of files) {
    const parts = file.split('/');
    for (let depth = 1; depth < parts.length; depth++) entries.set(parts.slice(0, depth).join('/'), 'folder');
    entries.set(file, 'file');
  }
  return {
    ...noSurroundings,
    around: new Map([
      ['.dockerignore', ignore],
      ['Dockerfile.dockerignore', null],
    ]),
    context: { entries, unread: new Set(unread) },
  };
}

/** `KEYWORD: title` of each lens. */
function lensesOf(text: string, surroundings: Surroundings): readonly string[] {
  const parsed = service.parse({ path: '/app/Dockerfile', languageId: '', text });
  return service
    .cacheLenses(parsed, surroundings)
    .map(({ span, title }) => `${text.slice(span.start, span.end)}: ${title}`);
}

const project = ['requirements.txt', 'app/main.py', 'app/other.py', 'README.md', 'Dockerfile'];

describe('the build cache lens', () => {
  it('says which files make a step run again, and what never does', () => {
    const text = `FROM python:3.14
WORKDIR /app
RUN apt-get update
COPY requirements.txt \\
     ./
RUN pip install -r requirements.txt
COPY . .
CMD ["python", "main.py"]
`;
    assert.deepEqual(lensesOf(text, near(project, '*.md\n')), [
      'FROM: re-runs when the image python:3.14 changes',
      'WORKDIR: never re-runs from here on until COPY requirements.txt',
      'RUN: never re-runs from here on until COPY requirements.txt',
      'COPY: re-runs when requirements.txt changes',
      'RUN: re-runs when requirements.txt changes',
      'COPY: re-runs when any of 4 files changes',
      'CMD: re-runs when any of 4 files changes',
    ]);
  });

  it('follows stages, mounts, links and patterns', () => {
    const text = `FROM golang:1.25 AS build
COPY app/*.py /src/
RUN --mount=type=bind,source=requirements.txt,target=/r true
FROM alpine@sha256:${'0'.repeat(64)} AS base
RUN apk add curl
FROM base
COPY --link --from=busybox:1 /bin/busybox /b
COPY --from=build /out/a /a
COPY --link README.md /
`;
    assert.deepEqual(lensesOf(text, near(project)), [
      'FROM: never re-runs from here on until COPY --link --from=busybox:1 /bin/busybox /b',
      'RUN: never re-runs from here on until COPY --link --from=busybox:1 /bin/busybox /b',
      'COPY: re-runs when the image busybox:1 changes',
      'COPY: re-runs when the image busybox:1 or /out/a of build (made from any of 3 files) changes',
      'COPY: re-runs when README.md changes',
    ]);
  });

  it('counts the arguments that a RUN sees, and those that others name', () => {
    const text = `FROM scratch
ARG VERSION=1
ARG HTTP_PROXY
WORKDIR /a
LABEL version=$VERSION
RUN true
ADD https://example.com/a /a
`;
    assert.deepEqual(lensesOf(text, near([])), [
      'FROM: never re-runs from here on until ARG VERSION=1',
      'ARG: re-runs when the argument VERSION changes',
      // Declared, an argument for a proxy counts like any other.
      'ARG: re-runs when the argument HTTP_PROXY changes',
      'WORKDIR: never re-runs from here on until LABEL version=$VERSION',
      'LABEL: re-runs when the argument VERSION changes',
      'RUN: re-runs when the argument VERSION or the argument HTTP_PROXY changes',
      'ADD: re-runs when the argument VERSION, the argument HTTP_PROXY or https://example.com/a changes',
    ]);
  });

  it('follows arguments through ENV, flags and here-documents, into the stages on top', () => {
    const text = `FROM scratch AS base
ARG VERSION
ENV FOLDER=/v$VERSION OTHER=1
FROM base
COPY a \${FOLDER}/a
COPY b $OTHER/a
ARG UID
COPY --chown=$UID a /b
COPY <<EOF /c
$UID
EOF
RUN true
`;
    assert.deepEqual(lensesOf(text, near(['a', 'b'])).slice(3), [
      'COPY: re-runs when a or the argument VERSION changes',
      'COPY: re-runs when a, b or the argument VERSION changes',
      'ARG: re-runs when a, b or one of 2 other things changes',
      'COPY: re-runs when a, b or one of 2 other things changes',
      'COPY: re-runs when a, b or one of 2 other things changes',
      'RUN: re-runs when a, b or one of 2 other things changes',
    ]);
    const inherited = 'FROM scratch AS base\nARG V\nENV E=$V\nFROM base\nRUN true\nCOPY --link $E /\n';
    assert.deepEqual(lensesOf(inherited, near([])).slice(-2), [
      'RUN: re-runs when the argument V changes',
      'COPY: re-runs when the argument V or $E changes',
    ]);
    const source = 'FROM scratch\nARG FROM=app\nCOPY $FROM /\n';
    assert.equal(
      lensesOf(source, near(project)).at(-1),
      'COPY: re-runs when app/main.py, app/other.py or the argument FROM changes',
    );
    const quoted = 'FROM scratch\nARG UID\nCOPY <<"EOF" /d\n$UID\nEOF\nCOPY <<EOF /d\n$UID\nEOF\n';
    assert.deepEqual(lensesOf(quoted, near([])).slice(2), [
      'COPY: never re-runs from here on until COPY <<EOF /d',
      'COPY: re-runs when the argument UID changes',
    ]);
  });

  it('counts folders for all that comes behind them, and users for what is run', () => {
    const folder = 'FROM scratch\nARG NAME\nWORKDIR /$NAME\nCOPY a b\n';
    assert.equal(lensesOf(folder, near(['a'])).at(-1), 'COPY: re-runs when a or the argument NAME changes');
    const user = 'FROM scratch\nARG WHO\nUSER $WHO\nCOPY a /b\n';
    assert.equal(lensesOf(user, near(['a'])).at(-1), 'COPY: re-runs when a changes');
  });

  it('takes what is named by its content for what does not change', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const text = `FROM scratch
ADD --checksum=${digest} https://example.com/a /a
ADD https://example.com/b.git#${'1'.repeat(40)} /b
COPY --from=alpine@${digest} /c /c
ADD https://example.com/b.git#main /b
`;
    assert.deepEqual(lensesOf(text, near([])).slice(-2), [
      'COPY: never re-runs from here on until ADD https://example.com/b.git#main /b',
      'ADD: re-runs when https://example.com/b.git#main changes',
    ]);
  });

  it('says it in words where the folder is not known, or not looked into', () => {
    const text = 'FROM scratch\nCOPY src /src\nCOPY . .\n';
    assert.deepEqual(lensesOf(text, noSurroundings).slice(1), [
      'COPY: re-runs when src changes',
      'COPY: re-runs when src or any file of the build context changes',
    ]);
    assert.deepEqual(lensesOf('FROM scratch\nCOPY . .\n', near(['a'], null, ['node_modules'])).slice(1), [
      'COPY: re-runs when any of 1 or more files changes',
    ]);
    assert.deepEqual(lensesOf('FROM scratch\nCOPY . .\n', near(['a'], 'node_modules', ['node_modules'])).slice(1), [
      'COPY: re-runs when a changes',
    ]);
  });

  it('ends where stages copy from each other, and says nothing of other files', () => {
    assert.equal(lensesOf('FROM x AS a\nCOPY --from=b /x /\nFROM x AS b\nCOPY --from=a /y /\n', near([])).length, 2);
    const parsed = service.parse({ path: '/a.yaml', languageId: '', text: 'a: b\n' });
    assert.deepEqual(service.cacheLenses(parsed, noSurroundings), []);
  });
});
