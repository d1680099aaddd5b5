/**
 * Bundles everything that ships, and the suites that run inside the editor.
 * `node src/build/bundle.ts [--watch]`; the metafiles in `dist/meta` feed the architecture and size tests.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build, context, type Metafile } from 'esbuild';
import { root } from './progress.mjs';

const dist = join(root, 'dist');

const shared = {
  absWorkingDir: root,
  bundle: true,
  target: 'es2023',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  alias: { 'vscode-languageserver-types': join(root, 'src/build/lsp-types-shim.ts') },
} as const satisfies BuildOptions;

/** Neither Node nor a browser may be presumed: the same file runs in the Node host and in a web worker. */
const neutral = {
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  // Node's own is only asked for where there is a Node.
  external: ['vscode', 'node:child_process'],
  inject: [join(root, 'src/build/buffer-shim.ts')],
} as const satisfies BuildOptions;

/** What ships, by the name of its metafile. */
const products = {
  extension: { ...shared, ...neutral, entryPoints: ['src/host/extension.ts'], outfile: 'dist/extension.js' },
  panel: {
    ...shared,
    format: 'iife',
    platform: 'browser',
    entryPoints: [
      { in: 'src/panel/main.ts', out: 'panel' },
      { in: 'src/panel/panel.css', out: 'panel' },
    ],
    outdir: 'dist',
  },
  cli: {
    ...shared,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
} as const satisfies Readonly<Record<string, BuildOptions>>;

/** A bundle in memory: what is in it and from where. */
export type Analysis = { readonly metafile: Metafile; readonly files: ReadonlyMap<string, string> };

/** Bundles one product as it ships, without writing it. */
export async function analyse(name: 'extension' | 'panel' | 'cli'): Promise<Analysis> {
  const { metafile, outputFiles } = await build({ ...products[name], minify: true, metafile: true, write: false });
  return { metafile, files: new Map(outputFiles.map((file) => [basename(file.path), file.text])) };
}

/** Bundles the extension, the panel and the command line into `dist`. */
export async function buildProducts(): Promise<void> {
  await rm(dist, { recursive: true, force: true });
  await mkdir(join(dist, 'meta'), { recursive: true });
  const results = await Promise.allSettled(
    Object.entries(products).map(async ([name, options]) => {
      const { metafile } = await build({ ...options, minify: true, metafile: true });
      await writeFile(join(dist, 'meta', `${name}.json`), JSON.stringify(metafile));
      return metafile;
    }),
  );
  const metafiles = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  await copyData();
  await writeFile(join(dist, 'third-party-notices.txt'), notices(metafiles));
}

/**
 * Snapshots too large for the bundle are files of their own, which a host reads when they are first needed; with them goes
 * where all facts come from.
 */
async function copyData(): Promise<void> {
  const source = join(root, 'src', 'data');
  if (!existsSync(source)) return;
  for (const name of readdirSync(source).filter((name) => /\.(?:json|md)$/.test(name))) {
    await cp(join(source, name), join(dist, 'data', name));
  }
}

/** The licences of the packages that really are in the bundles. */
function notices(metafiles: readonly Metafile[]): string {
  const packages = new Set<string>();
  for (const input of metafiles.flatMap((metafile) => Object.keys(metafile.inputs))) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name !== undefined) packages.add(name);
  }
  const parts = [...packages].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    const manifest: { version: string; license?: string } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} is bundled but has no licence file.`);
    return `${name} ${manifest.version} (${manifest.license ?? 'see below'})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return `Plimsoll contains these packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** The module that the editor loads as `extensionTestsPath`: the same file for the Node host and the web host. */
export const editorSuite = join(root, 'out', 'editor', 'suite.js');

/**
 * Bundles `test/editor/*.test.ts` into {@link editorSuite}.
 * @param filter only the suites whose file name contains it
 * @param facts of this machine, which the suites see as constants
 */
export async function buildEditorSuite(
  filter = '',
  facts: Readonly<Record<string, boolean | string>> = {},
): Promise<void> {
  const folder = join(root, 'test', 'editor');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name.includes(filter));
  if (files.length === 0) throw new Error(`No suite in test/editor has a name with “${filter}”.`);
  const imports = files.sort().map((name) => `import './${name}';`);
  await build({
    ...shared,
    ...neutral,
    stdin: {
      contents: `${imports.join('\n')}\nexport { runSuites as run } from '../support/suite.ts';`,
      resolveDir: folder,
      loader: 'ts',
    },
    define: Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, JSON.stringify(value)])),
    sourcemap: 'inline',
    outfile: editorSuite,
  });
}

async function watch(): Promise<void> {
  await mkdir(dist, { recursive: true });
  for (const options of Object.values(products)) {
    const watcher = await context({ ...options, sourcemap: 'inline', logLevel: 'info' });
    await watcher.watch();
  }
  await copyData();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // esbuild has already said what is wrong, and where.
  await (process.argv.includes('--watch') ? watch() : buildProducts()).catch(() => process.exit(1));
}
