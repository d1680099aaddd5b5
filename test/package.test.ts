import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../src/build/progress.mjs';

/** Files that the editor, the gallery or the extension itself opens by name. */
const known = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/extension.js',
  'dist/panel.js',
  'dist/panel.css',
  'dist/third-party-notices.txt',
  'dist/data/NOTICE.md',
  'dist/data/end-of-life.json',
  'dist/data/official-images.json',
  'dist/data/retired-images.json',
  'media/icon-dark.svg',
  'media/icon-light.svg',
];

/** Every path that the manifest names, wherever in it. */
function namedFiles(value: unknown): readonly string[] {
  if (typeof value === 'string')
    return /^(\.\/)?(dist|media|syntaxes)\/[^\s]+\.\w+$/.test(value) ? [value.replace(/^\.\//, '')] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namedFiles) : [];
}

describe('the VSIX', () => {
  it('has every file that is needed and no other', async () => {
    const run = promisify(execFile);
    const { stdout } = await run(
      process.execPath,
      [join(root, 'node_modules/@vscode/vsce/vsce'), 'ls', '--no-dependencies'],
      { cwd: root },
    );
    const packed = stdout
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    const {
      scripts: _scripts,
      knip: _knip,
      ...manifest
    } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const pictures = [...readme.matchAll(/\]\((media\/[^)]+)\)/g)].map((match) => match[1] ?? '');
    const needed = new Set([...known, ...namedFiles(manifest), ...pictures]);
    assert.deepEqual(
      packed.filter((file) => !needed.has(file)),
      [],
      'superfluous',
    );
    assert.deepEqual(
      [...needed].filter((file) => !packed.includes(file)),
      [],
      'missing',
    );
  });
});
