// `node src/build/enter.mjs SCRIPT [argument]…` runs src/build/SCRIPT.ts with the pinned Node, after installing what is
// missing. Plain JavaScript for Node 20: on a fresh clone nothing else is there yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Explained, npmQuiet, root, runWithProgress, toolEnvironment } from './progress.mjs';

const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Whether every package of the lock file is installed in the version it names.
 * @returns {boolean}
 */
function isInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record) || !existsSync(node)) return false;
  /** @type {{ packages: Record<string, { version?: string, optional?: boolean }> }} */
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  /** @type {typeof wanted} */
  const present = JSON.parse(readFileSync(record, 'utf8'));
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) => path === '' || optional === true || present.packages[path]?.version === version,
  );
}

async function enter() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new Explained(`Node ${process.versions.node} is too old: install Node 20 or newer from https://nodejs.org.`);
  }
  if (!isInstalled()) {
    await runWithProgress('Installing dependencies', 'npm', ['ci', ...npmQuiet], {
      cwd: root,
      watch: join(root, 'node_modules'),
      mend: 'Check that the npm registry can be reached (npm config get registry), then run this again.',
    });
  }
  const [script, ...args] = process.argv.slice(2);
  const options = ['--disable-warning=MODULE_TYPELESS_PACKAGE_JSON', join(root, 'src', 'build', `${script}.ts`)];
  const child = spawn(node, [...options, ...args], { cwd: root, stdio: 'inherit', env: toolEnvironment });
  // Ctrl+C reaches the child by itself; this process waits for it to clean up.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

enter().catch((error) => {
  console.error(error instanceof Explained ? error.message : error);
  process.exitCode = 1;
});
