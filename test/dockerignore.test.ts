import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cleanPath, ignoredBy, readIgnoreFile } from '../src/core/dockerfile/ignore.ts';

/** An ignore file, paths that it leaves out, and paths that it keeps. */
const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['node_modules', ['node_modules', 'node_modules/a/b.js'], ['web/node_modules', 'node_modules2']],
  ['/build', ['build', 'build/x'], ['src/build']],
  ['./dist/', ['dist', 'dist/a.js'], ['adist']],
  ['*.md', ['README.md'], ['docs/README.md', 'md']],
  ['**/*.md', ['README.md', 'docs/a/b.md'], ['a.mdx']],
  ['**/.env', ['.env', 'web/.env'], ['my.env', '.env.local']],
  ['**.log', ['a.log', 'x/a.log'], ['a.logs']],
  ['logs/**', ['logs/a', 'logs/a/b'], ['logs', 'blogs/a']],
  ['a**/*.txt', ['a/f.txt', 'a/b/c/f.txt'], ['b/f.txt']],
  ['**', ['a', 'a/b'], []],
  ['*', ['a', 'a/b/c'], []],
  ['**/temp/**', ['temp/a', 'x/temp/a/b'], ['temp', 'temps/a']],
  ['*/temp*', ['a/temporary', 'a/temp/b'], ['temp', 'a/b/temp']],
  ['temp?', ['tempa'], ['temp', 'tempab', 'temp/']],
  ['a[b-d]e', ['ace'], ['aae', 'ae']],
  ['a[^b-d]e', ['aze'], ['ace']],
  ['a(b)+{c}.$', ['a(b)+{c}.$'], ['ab']],
  ['a\\*b', ['a*b'], ['axb']],
  ['# comment\n #no comment\n\n  spaced  ', ['#no comment', 'spaced'], ['# comment', 'comment']],
  ['\ufefffirst\r\nsecond\r\n', ['first', 'second'], []],
  ['x/../y//z/.', ['y/z'], ['x', 'y']],
  ['docs\n!docs/README.md', ['docs', 'docs/x'], ['docs/README.md']],
  ['docs/*\n!docs/README.md\ndocs/README.md', ['docs/README.md'], []],
  ['!a.md\n*.md', ['a.md'], []],
  ['**\n! src/ ', ['a'], ['src', 'src/a/b']],
  ['*\n!/src', ['srcs'], ['src/a']],
  ['!\n[\na[b\n\\\nz', ['z'], ['[', 'a[b', '!']],
];

describe('.dockerignore', () => {
  for (const [text, left, kept] of table) {
    it(JSON.stringify(text), () => {
      const file = readIgnoreFile(text);
      for (const path of left) assert.ok(ignoredBy(file, path), `${path} is left out`);
      for (const path of kept) assert.equal(ignoredBy(file, path)?.pattern, undefined, `${path} is kept`);
    });
  }

  it('tells which line decided', () => {
    const file = readIgnoreFile('# all\n\n*.md\n!a.md\n**/a*\n');
    assert.equal(ignoredBy(file, 'b.md')?.line, 2);
    assert.equal(ignoredBy(file, 'a.md')?.line, 4);
    assert.equal(file.hasExceptions, true);
    assert.equal(readIgnoreFile('#!x\nb\n').hasExceptions, false);
  });

  it('is not slow where expressions are nested', () => {
    const file = readIgnoreFile(`${'**/a'.repeat(12)}/*x`);
    assert.equal(ignoredBy(file, `${'a/'.repeat(30)}b`), undefined);
  });

  it('cleans paths so that cleaning again changes nothing', () => {
    const part = fc.constantFrom('.', '..', '', 'a', 'b c', '...', 'é');
    const path = fc.array(part, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(path, (written) => {
        const once = cleanPath(written);
        assert.equal(cleanPath(once), once);
        assert.doesNotMatch(once, /\/\/|.\/$|(?:^|\/)\.\//);
      }),
    );
  });

  it('holds in a folder for all that is in it, takes all back with an exception, and reads any text', () => {
    const name = fc.stringMatching(/^[a-z0-9]{1,4}$/);
    const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const pattern = fc.array(fc.constantFrom('a', 'b', '*', '**', '/', '?', '.', '[a-c]', '!', '\\', '[', ' '), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(path, name, fc.array(pattern, { maxLength: 4 }), (folder, inside, lines) => {
        const text = lines.map((parts) => parts.join('')).join('\n');
        const file = readIgnoreFile(text);
        if (ignoredBy(file, folder) && !file.hasExceptions) assert.ok(ignoredBy(file, `${folder}/${inside}`));
        assert.equal(ignoredBy(readIgnoreFile(`${text}\n!**`), folder), undefined);
        assert.ok(ignoredBy(readIgnoreFile(`${text}\n${folder}`), `${folder}/${inside}`));
      }),
    );
  });
});
