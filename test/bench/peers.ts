import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** What npm has of our kind, at the versions that we compare with. */
const versions = { 'dockerfile-utils': '0.16.3', 'yaml-language-server': '2.0.0', dclint: '3.1.0' } as const;

/** Something that checks a text, to be timed beside us. */
export interface Peer {
  readonly name: string;
  readonly check: (text: string) => unknown;
}

/** Installs the peers into a folder outside the repository, once. */
function installed(): NodeJS.Require {
  const folder = join(process.env.PLIMSOLL_EDITOR_CACHE ?? join(homedir(), '.cache', 'plimsoll'), 'peers');
  const manifest = join(folder, 'package.json');
  if (!Object.keys(versions).every((name) => existsSync(join(folder, 'node_modules', name, 'package.json')))) {
    console.log('installing the peers to compare with …');
    mkdirSync(folder, { recursive: true });
    writeFileSync(manifest, JSON.stringify({ private: true, dependencies: versions }));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  return createRequire(manifest);
}

export interface Peers {
  readonly dockerfile: Peer;
  readonly yaml: Peer;
  readonly compose: Peer;
}

/** @throws Error where npm cannot be reached */
export async function loadPeers(): Promise<Peers> {
  const require = installed();
  const load = (name: string): Promise<Record<string, never>> => import(require.resolve(name));
  const utils = require('dockerfile-utils') as { validate(text: string): unknown };
  const { getLanguageService } = (await load('yaml-language-server')) as unknown as {
    getLanguageService(context: object): {
      configure(settings: object): void;
      doValidation(document: unknown, isKubernetes: boolean): Promise<unknown>;
    };
  };
  const { TextDocument } = require('vscode-languageserver-textdocument') as {
    TextDocument: { create(uri: string, language: string, version: number, text: string): unknown };
  };
  const silent = { sendError: () => undefined, sendTrack: () => undefined, send: async () => undefined };
  const yaml = getLanguageService({
    schemaRequestService: () => Promise.resolve('{}'),
    workspaceContext: { resolveRelativePath: (path: string) => path },
    telemetry: silent,
  });
  yaml.configure({ validate: true, yamlVersion: '1.2', customTags: [] });
  let version = 0;
  const { DCLinter } = (await load('dclint')) as unknown as {
    DCLinter: new (config: object) => { lintFiles(paths: readonly string[], recursive: boolean): unknown };
  };
  const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
  const composePath = join(tmpdir(), 'plimsoll-bench-compose.yaml');
  return {
    dockerfile: { name: `dockerfile-utils ${versions['dockerfile-utils']}`, check: (text) => utils.validate(text) },
    yaml: {
      name: `yaml-language-server ${versions['yaml-language-server']}, no schema`,
      check: (text) => yaml.doValidation(TextDocument.create('file:///bench.yaml', 'yaml', version++, text), true),
    },
    compose: {
      name: `dclint ${versions.dclint}`,
      check: (text) => {
        writeFileSync(composePath, text);
        return linter.lintFiles([composePath], false);
      },
    },
  };
}
