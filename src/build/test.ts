/**
 * `npm test [-- PART [FILTER]]`: types, lint, core suites, editor suites, panel tests, in this order; all of them or one.
 * FILTER narrows core, editor and panel to the files whose name contains it. Ends with `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { chromiumMissing, findChromium, runInEditor, type Scene, sceneName } from '../../test/support/editor.ts';
import { registryMissing, startRegistry } from '../../test/support/registry.ts';
import { shellCheckMissing } from '../../test/support/shellcheck.ts';
import { buildEditorSuite, buildProducts, editorSuite } from './bundle.ts';
import { type EditorVersion, ensureEditor } from './editor.ts';
import { Explained, root } from './progress.mjs';

const parts = ['types', 'lint', 'core', 'editor', 'panel'] as const;
type Part = (typeof parts)[number];

type Count = { readonly passed: number; readonly failed: number };

const none: Count = { passed: 0, failed: 0 };
const success: Count = { passed: 1, failed: 0 };
const failure: Count = { passed: 0, failed: 1 };

function add(counts: readonly Count[]): Count {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), none);
}

/** Runs one step and counts what it throws as one failure: the steps after it still run. */
async function step(name: string, body: () => Promise<Count>): Promise<Count> {
  const started = Date.now();
  console.log(`\n── ${name}`);
  const count = await body().catch((error: unknown) => {
    console.error(error instanceof Explained ? error.message : error);
    return failure;
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`── ${name}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
  return count;
}

function command(name: string, args: readonly string[]): Promise<Count> {
  const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    const child = spawn(name, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('exit', (code) => resolve(code === 0 ? success : failure));
  });
}

/** Tests that this machine cannot run, with the reason. */
const leftOut: string[] = [];

async function nodeTests(folder: string, filter: string, concurrency: number): Promise<Count> {
  const path = join(root, folder);
  const names = existsSync(path) ? readdirSync(path) : [];
  const files = names
    .filter((name) => name.endsWith('.test.ts') && name.includes(filter))
    .map((name) => join(path, name));
  if (files.length === 0) throw new Explained(`No test file in ${folder} has a name with “${filter}”.`);
  const stream = run({
    files,
    concurrency,
    timeout: 600_000,
    execArgv: ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON'],
  });
  let count = none;
  stream.on('test:summary', (summary) => {
    // Each file has a summary of its own; the one without a file is of the whole run.
    if (summary.file !== undefined) return;
    const { tests, passed, skipped, todo } = summary.counts;
    count = { passed, failed: Math.max(tests - passed - skipped - todo, summary.success ? 0 : 1) };
  });
  stream.on('test:pass', ({ name, skip }) => {
    if (typeof skip === 'string') leftOut.push(`${name}: ${skip}`);
  });
  const report = stream.compose(spec());
  report.pipe(process.stdout, { end: false });
  await new Promise((resolve, reject) => {
    report.on('end', resolve);
    report.on('error', reject);
  });
  return count.passed + count.failed === 0 ? failure : count;
}

async function packageVsix(): Promise<string> {
  const vsix = join(root, 'out', 'plimsoll.vsix');
  await mkdir(join(root, 'out'), { recursive: true });
  const args = [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--out',
    vsix,
  ];
  if ((await command('vsce', args)).failed > 0) throw new Error('vsce could not package the extension.');
  return vsix;
}

function editorScenes(vsix: string): readonly Scene[] {
  const workspace = join(root, 'test', 'workspaces', 'demo');
  const versions: readonly EditorVersion[] = ['newest', 'oldest'];
  return versions.flatMap((version): Scene[] => [
    { version, hostKind: 'node', workspace },
    { version, hostKind: 'web', workspace },
    { version, hostKind: 'node', workspace, vsix },
  ]);
}

/** Installs both editors one after the other; begun early, since the first time takes minutes. */
async function installEditors(): Promise<void> {
  if (findChromium() === undefined) throw new Explained(chromiumMissing);
  await ensureEditor('newest');
  await ensureEditor('oldest');
}

async function main(only: Part | undefined, filter: string): Promise<Count> {
  const wants = (part: Part) => only === undefined || only === part;
  const counts: Count[] = [];
  const take = async (name: string, body: () => Promise<Count>) => {
    const count = await step(name, body);
    counts.push(count);
    return count;
  };
  const editors = wants('editor') || wants('panel') ? installEditors() : undefined;
  // Reported where the editors are needed; without this an early failure would end the process.
  editors?.catch(() => undefined);

  if (wants('types')) await take('types', () => command('npm', ['run', '--silent', 'types']));
  if (wants('lint')) await take('lint', () => command('npm', ['run', '--silent', 'lint']));
  if (!wants('core') && !wants('editor') && !wants('panel')) return add(counts);
  const built = await take('build', () => buildProducts().then(() => success));
  if (built.failed > 0) return add(counts);
  if (wants('core')) await take('core', () => nodeTests('test', filter, 2));
  if (editors === undefined) return add(counts);
  const ready = await take('editors', () => editors.then(() => success));
  if (ready.failed > 0) return add(counts);
  if (wants('editor')) {
    const isHere = registryMissing === false;
    const registry = isHere ? await startRegistry({ password: false }) : undefined;
    const locked = isHere ? await startRegistry({ password: true }) : undefined;
    for (const one of [registry, locked]) await one?.push('team/web', ['1.2.3', '1.3.0']);
    try {
      await buildEditorSuite(filter, {
        shellCheckFound: shellCheckMissing === false,
        registryHost: registry?.host ?? '',
        lockedRegistryHost: locked?.host ?? '',
      });
      for (const scene of editorScenes(await packageVsix())) {
        await take(sceneName(scene), () => runInEditor({ ...scene, testsPath: editorSuite }));
      }
    } finally {
      await registry?.stop();
      await locked?.stop();
    }
  }
  if (wants('panel')) await take('panel', () => nodeTests('test/panel', filter, 1));
  return add(counts);
}

const [only, filter = ''] = process.argv.slice(2);
const part = parts.find((name) => name === only);
if (only !== undefined && part === undefined) {
  console.error(`“${only}” is not a part of the tests: ${parts.join(', ')}.`);
  process.exitCode = 2;
} else {
  const total = await main(part, filter).catch((error: unknown) => {
    console.error(error);
    return failure;
  });
  if (leftOut.length > 0) console.log(`\nLeft out:\n${leftOut.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 ? 0 : 1;
}
