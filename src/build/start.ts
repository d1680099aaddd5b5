/**
 * `npm start [-- --browser]`: builds, and opens the demo workspace with the extension: in the VS Code on the PATH, or in
 * the editor from npm, whose address is printed and opened in the browser.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildProducts } from './bundle.ts';
import { ensureEditor, remoteAddress, startEditor, workbenchAddress } from './editor.ts';
import { Explained, root } from './progress.mjs';

const demo = join(root, 'test', 'workspaces', 'demo');

function findOnPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

function openInstalled(code: string): Promise<void> {
  console.log(`Opening ${demo} with ${code}`);
  const args = [`--extensionDevelopmentPath=${root}`, '--new-window', demo, join(demo, 'Dockerfile')];
  return new Promise((resolve, reject) => {
    const child = spawn(code, args, { stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', reject);
    child.on('exit', (status) => {
      if (status === 0) resolve();
      else
        reject(new Explained(`${code} ended with ${status}. npm start -- --browser uses the editor from npm instead.`));
    });
  });
}

async function openFromNpm(): Promise<void> {
  const editor = await ensureEditor('newest');
  const running = await startEditor({ editor });
  const address = workbenchAddress(running, demo, [
    ['extensionDevelopmentPath', remoteAddress(running, root)],
    ['openFile', remoteAddress(running, join(demo, 'Dockerfile'))],
    ['skipWelcome', 'true'],
  ]);
  console.log(`\nThe demo is open at\n\n  ${address}\n\nCtrl+C ends the editor.`);
  openBrowser(address);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await running.stop();
}

function openBrowser(address: string): void {
  const hasDisplay =
    process.platform !== 'linux' || (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']) !== undefined;
  if (!hasDisplay) return;
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const child = spawn(opener, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('No browser could be opened: open the address yourself.'));
  child.unref();
}

try {
  await buildProducts();
  const code = process.argv.includes('--browser') ? undefined : findOnPath(['code', 'code.cmd']);
  await (code === undefined ? openFromNpm() : openInstalled(code));
} catch (error) {
  console.error(error instanceof Explained ? error.message : error);
  process.exitCode = 1;
}
