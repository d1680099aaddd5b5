/**
 * The harness of the editor tests: the real VS Code (see `src/build/editor.ts`) shown in the system's Chromium.
 * `runInEditor` runs the suite inside the extension host; `openEditor` gives the workbench as a page to be driven.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { type Browser, chromium, type Frame, type Page } from 'playwright-core';
import {
  type EditorVersion,
  editorReleases,
  ensureEditor,
  installVsix,
  type RunningEditor,
  remoteAddress,
  startEditor,
  workbenchAddress,
} from '../../src/build/editor.ts';
import { Explained, root } from '../../src/build/progress.mjs';
import { suiteMark } from './suite.ts';

/** Where the extension runs: in Node, or in the web worker that vscode.dev uses. */
export type HostKind = 'node' | 'web';

/** What both ways into the editor take. */
export type Scene = {
  readonly version: EditorVersion;
  readonly hostKind: HostKind;
  /** Folder to open. A copy of it is opened, so that a test may write to it. */
  readonly workspace: string;
  /** A packaged extension to install and use in place of the working tree; Node host only. */
  readonly vsix?: string;
  /** Machine settings, by full name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Opens the workspace in Restricted Mode. */
  readonly restricted?: boolean;
  /** Extensions that are installed too, by id: stand-ins that do nothing. */
  readonly beside?: readonly string[];
};

/** The outcome of a suite inside the editor. */
export type SuiteResult = { readonly passed: number; readonly failed: number; readonly hostKind: HostKind };

const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macBrowsers = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of the system's Chromium or Chrome, or undefined where there is none. */
export function findChromium(): string | undefined {
  const named = process.env['PLIMSOLL_CHROMIUM'];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const candidates = chromiumNames.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...macBrowsers].find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What to say, and to do, where Chromium is missing. */
export const chromiumMissing =
  'Chromium was not found: install it (apt-get install chromium) or set PLIMSOLL_CHROMIUM to a Chrome or Chromium binary.';

/** Starts the Chromium of the system. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Explained(chromiumMissing);
  const background = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-dev-shm-usage',
    ...background,
  ];
  return chromium.launch({ executablePath, args });
}

/** A started editor with its workspace, and the page that shows it. */
type Stage = {
  readonly running: RunningEditor;
  readonly page: Page;
  /** The copy of the workspace that is open. */
  readonly folder: string;
  readonly payload: (readonly [string, string])[];
  close(): Promise<void>;
};

/** Sets the scene but does not open the workbench yet. */
async function prepare(scene: Scene, viewport = { width: 1280, height: 800 }): Promise<Stage> {
  if (scene.vsix !== undefined && scene.hostKind === 'web') throw new Error('A VSIX is tested in the Node host.');
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of undo.reverse()) await step();
  };
  try {
    const editor = await ensureEditor(scene.version);
    const temporary = await mkdtemp(join(tmpdir(), 'plimsoll-test-'));
    undo.push(() => rm(temporary, { recursive: true, force: true, maxRetries: 5 }));
    const folder = join(temporary, basename(scene.workspace));
    await cp(scene.workspace, folder, { recursive: true });
    const extensionsFolder = join(temporary, 'extensions');
    await mkdir(extensionsFolder);
    if (scene.vsix !== undefined) await installVsix(editor, scene.vsix, extensionsFolder);
    for (const id of scene.beside ?? []) await emptyExtension(join(extensionsFolder, `${id}-0.0.1`), id);
    const { restricted } = scene;
    // The address has a switch for this too (extensionDevelopmentKind), which the editor ignores when it has a server.
    const web = scene.hostKind === 'web' ? { 'remote.extensionKind': { 'plimsoll.plimsoll': ['web'] } } : {};
    const running = await startEditor({
      editor,
      extensionsFolder,
      settings: { ...scene.settings, ...web },
      ...(restricted !== undefined && { restricted }),
    });
    undo.push(() => running.stop());
    const browser = await launchBrowser();
    undo.push(() => browser.close());
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(20_000);
    const developed =
      scene.vsix === undefined
        ? root
        : await emptyExtension(join(temporary, 'empty-extension'), 'plimsoll-tests.empty');
    const payload: (readonly [string, string])[] = [
      ['extensionDevelopmentPath', remoteAddress(running, developed)],
      ['skipWelcome', 'true'],
    ];
    return { running, page, folder, payload, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * An extension that does nothing. The editor runs tests only while one is developed, which beside an installed VSIX is
 * such a one.
 */
async function emptyExtension(folder: string, id: string): Promise<string> {
  const [publisher, name] = id.split('.');
  await mkdir(folder);
  const manifest = { name, publisher, version: '0.0.1', engines: { vscode: '^1.100.0' } };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

/**
 * Runs a bundled suite (`run()` of a CommonJS module, see `suite.ts`) inside the extension host and prints its lines.
 * Rejects when the editor ends the run without a result within `milliseconds`. All that the editor's console said is in
 * `out/logs`.
 */
export async function runInEditor(
  scene: Scene & {
    readonly testsPath: string;
    readonly milliseconds?: number;
    readonly print?: (text: string) => void;
  },
): Promise<SuiteResult> {
  const stage = await prepare(scene);
  const print = scene.print ?? ((text: string) => console.log(text));
  const log: string[] = [];
  let result: SuiteResult | undefined;
  const take = (text: string): void => {
    log.push(text);
    if (!text.startsWith(suiteMark)) return;
    const said = text.slice(suiteMark.length);
    if (said.startsWith('{')) result = JSON.parse(said);
    else print(`  ${said.replaceAll('\n', '\n    ')}`);
  };
  try {
    const code = await suiteEnd(stage, scene.testsPath, take, scene.milliseconds ?? 180_000);
    if (result === undefined) throw new Error(`The suite ended with code ${code} before it told a result.`);
    if ((code === 0) !== (result.failed === 0))
      throw new Error(`Exit code ${code} contradicts ${result.failed} failures.`);
    if (result.hostKind !== scene.hostKind) throw new Error(`The suite ran in the ${result.hostKind} host.`);
    return result;
  } catch (error) {
    await keepPicture(stage.page, `failed-run-${scene.version}-${scene.hostKind}`);
    print(log.slice(-20).join('\n').slice(-3000));
    throw error;
  } finally {
    await stage.close();
    await mkdir(join(root, 'out', 'logs'), { recursive: true });
    const name = `${scene.version}-${scene.vsix === undefined ? scene.hostKind : 'vsix'}.log`;
    await writeFile(join(root, 'out', 'logs', name), `${log.join('\n')}\n\n${stage.running.log()}`);
  }
}

/** Opens the workbench with the suite and gives the exit code that the extension host reports. */
function suiteEnd(
  { page, running, folder, payload }: Stage,
  testsPath: string,
  take: (text: string) => void,
  milliseconds: number,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`The suite gave no result within ${milliseconds / 1000} s.`));
    }, milliseconds);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
    };
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
        take(args.map(String).join(' '));
      });
      await page.exposeFunction('codeAutomationExit', (code: number) => end(() => resolve(code)));
      const tests = ['extensionTestsPath', remoteAddress(running, testsPath)] as const;
      await page.goto(workbenchAddress(running, folder, [...payload, tests]));
    };
    page.once('crash', () => end(() => reject(new Error('The page of the editor crashed.'))));
    open().catch((error: unknown) => end(() => reject(error)));
  });
}

/** Saves what the page shows to `out/pictures`, for whoever looks into a failure. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const path = join(root, 'out', 'pictures', `${name}.png`);
  await page.screenshot({ path }).catch((error: unknown) => console.error(`No picture of the failure: ${error}`));
}

/** The workbench, driven from outside as a user does. */
export type OpenEditor = {
  readonly page: Page;
  /** The opened copy of the workspace: read it to see what was saved. */
  readonly folder: string;
  /** Opens a file of the workspace through Quick Open and waits until its tab is active. */
  openFile(name: string): Promise<void>;
  /** Runs a command of the command palette by its full title. */
  runCommand(title: string): Promise<void>;
  /** Waits for the webview in which `selector` is visible and gives its frame. */
  webview(selector: string, milliseconds?: number): Promise<Frame>;
  /** Saves a picture to `out/pictures/NAME.png`. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
};

/** Opens the workbench with the extension on a copy of a workspace. The caller must `close` it, failed or not. */
export async function openEditor(
  scene: Scene & { readonly viewport?: { readonly width: number; readonly height: number } },
): Promise<OpenEditor> {
  const { page, folder, payload, running, close } = await prepare(scene, scene.viewport);
  try {
    await page.goto(workbenchAddress(running, folder, payload), { timeout: 60_000 });
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  } catch (error) {
    await keepPicture(page, `failed-open-${scene.version}-${scene.hostKind}`);
    await close();
    throw error;
  }
  const input = page.locator('.quick-input-widget .quick-input-box input');
  const pick = async (shortcut: string, text: string) => {
    await page.keyboard.press(shortcut);
    await input.waitFor();
    const rows = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text.replace(/^>/, '') });
    // A search that begins before the workspace is known finds nothing, and does not look again by itself.
    for (let attempt = 1; ; attempt++) {
      await input.fill('');
      await input.fill(text);
      const found = await rows
        .first()
        .waitFor({ timeout: 8_000 })
        .then(() => true)
        .catch((error: unknown) => {
          if (attempt === 4) throw error;
          return false;
        });
      if (found) break;
    }
    await rows.first().click();
    await input.waitFor({ state: 'hidden' });
  };
  return {
    page,
    folder,
    openFile: async (name) => {
      await pick('ControlOrMeta+P', name);
      await page
        .locator('.tab.active')
        .filter({ hasText: basename(name) })
        .first()
        .waitFor();
    },
    runCommand: (title) => pick('F1', `>${title}`),
    webview: (selector, milliseconds = 20_000) => findFrame(page, selector, milliseconds),
    picture: async (name) => {
      await page.screenshot({ path: join(root, 'out', 'pictures', `${name}.png`) });
    },
    close,
  };
}

async function findFrame(page: Page, selector: string, milliseconds: number): Promise<Frame> {
  const deadline = Date.now() + milliseconds;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) {
      if (frame === page.mainFrame()) continue;
      // A frame that is being replaced rejects: it is looked for again.
      const visible = await frame
        .locator(selector)
        .first()
        .isVisible()
        .catch(() => false);
      if (visible) return frame;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`No webview shows “${selector}” after ${milliseconds} ms.`);
}

/** How a scene is named in logs: `1.139.1 web host`. */
export function sceneName(scene: Pick<Scene, 'version' | 'hostKind' | 'vsix'>): string {
  const where = scene.vsix === undefined ? `${scene.hostKind} host` : 'installed VSIX';
  return `VS Code ${editorReleases[scene.version].vscode} (${scene.version}), ${where}`;
}
