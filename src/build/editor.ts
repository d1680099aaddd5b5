/**
 * The real VS Code from the npm registry: `code-server` contains the whole server and workbench, and its inner server
 * runs without code-server's own wrapper. Used by the editor tests and by `npm start` where no VS Code is installed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmQuiet, runWithProgress } from './progress.mjs';

/** Which VS Code: the newest one tested, or the oldest one that `engines.vscode` allows. */
export type EditorVersion = 'newest' | 'oldest';

type EditorRelease = {
  readonly vscode: string;
  readonly codeServer: string;
  readonly node: number;
  readonly ripgrep?: string;
};

/** The two releases and the major version of Node that runs each. */
export const editorReleases: Readonly<Record<EditorVersion, EditorRelease>> = {
  newest: { vscode: '1.139.1', codeServer: '4.139.1', node: 24 },
  // Its ripgrep, which `workspace.findFiles` needs, comes from a separate package.
  oldest: { vscode: '1.100.3', codeServer: '4.100.3', node: 20, ripgrep: '1.18' },
};

/** An installed editor: the folder of its server and the Node binary that runs it. */
export type Editor = { readonly version: EditorVersion; readonly folder: string; readonly node: string };

/** A started editor. */
export type RunningEditor = {
  /** Address of the workbench, e.g. `http://127.0.0.1:4123`. */
  readonly url: string;
  /** `host:port`, the authority of `vscode-remote://` addresses. */
  readonly authority: string;
  /** Ends the server and deletes its data. */
  stop(): Promise<void>;
  /** What the server printed so far. */
  log(): string;
};

const mend =
  'Check that the npm registry can be reached (npm config get registry) and that the disk has 2 GB free, then run this again.';

/** The folder of the downloaded editors: `PLIMSOLL_EDITOR_CACHE`, or `~/.cache/plimsoll`. */
export function editorCache(): string {
  return process.env['PLIMSOLL_EDITOR_CACHE'] ?? join(homedir(), '.cache', 'plimsoll');
}

/**
 * Makes `folder` by `fill`, or leaves it alone where it exists. It is filled under another name and renamed when whole,
 * so that an interrupted installation is begun again and never mistaken for a finished one.
 */
async function installOnce(folder: string, fill: (partial: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return;
  const cache = editorCache();
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const partial = `${folder}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    await fill(partial);
    // Another run may have finished the same installation in the meantime: its result is as good.
    if (!existsSync(folder)) await rename(partial, folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of readdirSync(cache)) {
    const pid = /\.partial-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function npmInstall(label: string, folder: string, watch: string, args: readonly string[]): Promise<void> {
  await runWithProgress(label, 'npm', ['install', '--ignore-scripts', ...npmQuiet, ...args], {
    cwd: folder,
    watch,
    mend,
  });
}

async function ensureNode(major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const folder = join(editorCache(), `node-${major}`);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${process.arch}`;
  await installOnce(folder, async (partial) => {
    await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(`Installing Node ${major} for the editor`, partial, partial, [`${name}@${major}`]);
  });
  return join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * Installs an editor into the cache unless it is there already: minutes the first time, nothing afterwards.
 * Throws `Explained` when the registry cannot be reached.
 */
export async function ensureEditor(version: EditorVersion): Promise<Editor> {
  const release = editorReleases[version];
  const node = await ensureNode(release.node);
  const folder = join(editorCache(), `code-server-${release.codeServer}`);
  const inside = ['node_modules', 'code-server', 'lib', 'vscode'] as const;
  await installOnce(folder, async (partial) => {
    const what = `Installing VS Code ${release.vscode} (${version})`;
    const server = join(partial, ...inside);
    // A manifest of its own: without one a later npm install in the folder would remove the package.
    await writeFile(join(partial, 'package.json'), '{ "private": true }\n');
    await npmInstall(`${what}, 1 of 3`, partial, partial, [`code-server@${release.codeServer}`]);
    await npmInstall(`${what}, 2 of 3`, server, partial, ['--omit=dev']);
    await npmInstall(`${what}, 3 of 3`, join(server, 'extensions'), partial, ['--omit=dev']);
    for (const place of [server, join(server, 'extensions')]) {
      const link = join(place, 'node_modules.asar');
      if (!existsSync(link) && existsSync(join(place, 'node_modules'))) await symlink('node_modules', link);
    }
    if (release.ripgrep !== undefined) await installRipgrep(partial, server, release.ripgrep);
  });
  return { version, folder: join(folder, ...inside), node };
}

async function installRipgrep(partial: string, server: string, range: string): Promise<void> {
  const own = join(partial, 'ripgrep');
  await mkdir(own);
  await writeFile(join(own, 'package.json'), '{ "private": true }\n');
  await npmInstall('Installing ripgrep for the editor', own, own, [`@vscode/ripgrep@${range}`]);
  const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
  const target = join(server, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(target, { recursive: true });
  const source = join(own, 'node_modules', '@vscode', `ripgrep-${process.platform}-${process.arch}`, 'bin', binary);
  await cp(source, join(target, binary));
  await rm(own, { recursive: true });
}

/** A TCP port that is free at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
}

/** What the editor is started with. */
export type EditorOptions = {
  readonly editor: Editor;
  /** A free port is taken when absent. */
  readonly port?: number;
  /** Folder of installed extensions, see {@link installVsix}; an empty one is made when absent. */
  readonly extensionsFolder?: string;
  /** Machine settings beside those that keep the workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The workspace opens in Restricted Mode, and only extensions that support it run. */
  readonly restricted?: boolean;
};

const quietSettings = {
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.banner': 'never',
  'files.autoSave': 'off',
  'git.enabled': false,
};

/**
 * Starts an editor's server with fresh data and waits until it answers.
 * Throws, with the end of its log, when it ends early or stays silent for 60 seconds.
 */
export async function startEditor(options: EditorOptions): Promise<RunningEditor> {
  const { editor } = options;
  const port = options.port ?? (await freePort());
  const data = await mkdtemp(join(tmpdir(), 'plimsoll-editor-'));
  const machine = join(data, 'data', 'Machine');
  await mkdir(machine, { recursive: true });
  await writeFile(join(machine, 'settings.json'), JSON.stringify({ ...quietSettings, ...options.settings }));
  const args = ['--host', '127.0.0.1', '--port', String(port), '--without-connection-token'];
  args.push('--accept-server-license-terms', '--server-data-dir', data, '--telemetry-level', 'off');
  // Without the driver the newest editor ignores a development extension named in the address.
  args.push('--enable-smoke-test-driver', '--extensions-dir', options.extensionsFolder ?? join(data, 'extensions'));
  if (options.restricted !== true) args.push('--disable-workspace-trust');
  const child = spawn(editor.node, [join(editor.folder, 'out', 'server-main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let log = '';
  child.stdout.on('data', (chunk) => {
    log += chunk;
  });
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await endProcess(child);
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const authority = `127.0.0.1:${port}`;
  const url = `http://${authority}`;
  try {
    await waitUntilReady(url, child, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, authority, stop, log: () => log };
}

async function waitUntilReady(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null)
      throw new Error(`The editor ended with code ${child.exitCode}:\n${log().slice(-2000)}`);
    // A refused connection is what a server that is still starting looks like.
    const answer = await fetch(`${url}/version`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error(`The editor did not answer within 60 seconds:\n${log().slice(-2000)}`);
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(timer);
}

/** Installs a packaged extension into `extensionsFolder`, as a user does. Throws with the editor's words on failure. */
export async function installVsix(editor: Editor, vsix: string, extensionsFolder: string): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'plimsoll-install-'));
  const main = join(editor.folder, 'out', 'server-main.js');
  const args = [main, '--accept-server-license-terms', '--server-data-dir', data, '--extensions-dir', extensionsFolder];
  const child = spawn(editor.node, [...args, '--install-extension', vsix], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  let log = '';
  child.stdout.on('data', (chunk) => {
    log += chunk;
  });
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  await rm(data, { recursive: true, force: true });
  if (code !== 0) throw new Error(`The editor refused ${vsix} (exit ${code}):\n${log}`);
  const list = await readFile(join(extensionsFolder, 'extensions.json'), 'utf8');
  if (!list.includes('plimsoll')) throw new Error(`The editor did not install ${vsix}:\n${log}`);
}

/** Address by which the workbench reads a file of this machine through its server. */
export function remoteAddress(running: RunningEditor, path: string): string {
  const slashed = path.replaceAll('\\', '/');
  return `vscode-remote://${running.authority}${encodeURI(slashed.startsWith('/') ? slashed : `/${slashed}`)}`;
}

/** Address that opens `folder` in the workbench; `payload` holds the workbench's own switches as name and value. */
export function workbenchAddress(
  running: RunningEditor,
  folder: string,
  payload: readonly (readonly [string, string])[],
): string {
  const query = payload.length === 0 ? '' : `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return `${running.url}/?folder=${encodeURIComponent(folder)}${query}`;
}
