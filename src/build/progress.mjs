// Runs a command that takes long and says so: plain JavaScript, because it is needed before anything is installed.
import { execFile, spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

/** The environment in which the project's own tools, Node 24 first among them, are found before the machine's. */
export const toolEnvironment = {
  ...process.env,
  PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`,
};

/** What npm is told in every installation: be quiet, and do not try for minutes where there is no network. */
export const npmQuiet = [
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--fetch-retry-mintimeout=2000',
  '--fetch-retry-maxtimeout=8000',
];

/** A failure that has been explained in one line: shown to the user without a stack. */
export class Explained extends Error {}

/**
 * Size of a folder in MB, undefined where it cannot be told.
 * @param {string} folder
 * @returns {Promise<number | undefined>}
 */
function folderSize(folder) {
  return new Promise((resolve) => {
    execFile('du', ['-sk', folder], (_error, stdout) => {
      const kilobytes = Number.parseInt(stdout, 10);
      resolve(Number.isNaN(kilobytes) ? undefined : Math.round(kilobytes / 1024));
    });
  });
}

/**
 * Runs a command silently, prints what is going on every five seconds, and shows its output only when it fails.
 * @param {string} label what is being done, as the user reads it
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd: string, watch?: string, mend: string, env?: NodeJS.ProcessEnv }} options `watch` is the folder whose size is shown; `mend` is
 *   the advice given on failure
 * @returns {Promise<void>}
 */
export function runWithProgress(label, command, args, options) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  console.log(`${label} …`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    const timer = setInterval(async () => {
      const size = options.watch === undefined ? undefined : await folderSize(options.watch);
      if (child.exitCode === null) console.log(`${label} … ${seconds()}${size === undefined ? '' : `, ${size} MB`}`);
    }, 5000);
    const stop = () => child.kill();
    process.once('exit', stop);
    child.on('error', (error) => {
      clearInterval(timer);
      process.off('exit', stop);
      reject(new Explained(`${label} failed: ${error.message}. ${options.mend}`));
    });
    child.on('close', (code) => {
      clearInterval(timer);
      process.off('exit', stop);
      if (code === 0) {
        console.log(`${label}: done in ${seconds()}`);
        resolve();
        return;
      }
      console.error(output.trim().split('\n').slice(0, 5).join('\n'));
      reject(new Explained(`${label} failed (exit ${code}). ${options.mend}`));
    });
  });
}
