import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';
import { analyse } from '../src/build/bundle.ts';

const models = [
  'text',
  'quantity',
  'yaml',
  'shell',
  'images',
  'dockerfile',
  'compose',
  'kubernetes',
  'sizing',
  'caches',
];

/**
 * Who may import whom, by folder; src/core's own files are by their names. A folder may always import itself.
 * Only imports that survive compilation count: a type may come from anywhere the compiler's configuration allows.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  text: [],
  quantity: ['text'],
  shell: ['text'],
  yaml: ['text', 'quantity'],
  images: ['text', 'data'],
  sizing: ['quantity', 'data'],
  dockerfile: ['text', 'shell', 'images'],
  caches: ['text', 'yaml', 'compose', 'kubernetes'],
  compose: ['text', 'yaml', 'quantity', 'images', 'sizing'],
  kubernetes: ['text', 'yaml', 'quantity', 'images', 'sizing', 'data'],
  workspace: [...models, 'parsed'],
  engine: [...models, 'workspace'],
  rules: [...models, 'workspace', 'engine'],
  parsed: ['yaml', 'dockerfile', 'kubernetes', 'compose'],
  features: [...models, 'workspace', 'engine', 'parsed'],
  report: ['text', 'engine', 'features', 'sizing', 'quantity'],
  service: [...models, 'workspace', 'engine', 'rules', 'features', 'report', 'parsed'],
  protocol: [],
  panel: ['protocol'],
  registry: [],
  host: ['service', 'parsed', 'registry', 'engine', 'text', 'report', 'protocol'],
  cli: ['service', 'parsed', 'engine', 'text', 'report'],
};

type Arrow = { readonly from: string; readonly to: string };

function folderOf(path: string): string {
  const parts = path.split('/');
  if (parts[1] !== 'core') return parts[1] ?? '';
  return parts.length === 3 ? (parts[2] ?? '').replace('.ts', '') : (parts[2] ?? '');
}

async function arrows(product: 'extension' | 'panel' | 'cli'): Promise<readonly Arrow[]> {
  const { metafile } = await analyse(product);
  return Object.entries(metafile.inputs).flatMap(([from, input]) =>
    input.imports
      .map(({ path }) => ({ from, to: path }))
      .filter((arrow) => [from, arrow.to].every((path) => path.startsWith('src/') && !path.startsWith('src/build/'))),
  );
}

describe('architecture', () => {
  for (const product of ['extension', 'panel', 'cli'] as const) {
    it(`the ${product} has no arrow against the list`, async () => {
      const all = await arrows(product);
      const wrong = all.filter(({ from, to }) => {
        const [source, target] = [folderOf(from), folderOf(to)];
        return source !== target && !(allowed[source] ?? []).includes(target);
      });
      assert.deepEqual(wrong, []);
    });
  }

  it('a rule is imported by the index of its group alone', async () => {
    const rule = /^src\/core\/rules\/[^/]+\/(?!index\.ts)[^/]+\.ts$/;
    const wrong = (await arrows('extension')).filter(({ from, to }) => rule.test(to) && rule.test(from));
    assert.deepEqual(wrong, []);
  });

  it('a parsing package stays behind its folder', async () => {
    const homes = { yaml: 'src/core/yaml/', unbash: 'src/core/shell/', 'dockerfile-ast': 'src/core/dockerfile/' };
    const { metafile } = await analyse('extension');
    const wrong = Object.entries(homes).flatMap(([name, home]) =>
      Object.entries(metafile.inputs)
        .filter(
          ([from, { imports }]) =>
            from.startsWith('src/') &&
            !from.startsWith(home) &&
            imports.some(({ path }) => path.startsWith(`node_modules/${name}/`)),
        )
        .map(([from]) => `${from} imports ${name}`),
    );
    assert.deepEqual(wrong, []);
  });
});

describe('the extension bundle', () => {
  it('loads where neither process nor Buffer nor a module loader exists', async () => {
    const { files } = await analyse('extension');
    // Anything of the editor's API may be extended or called while the module loads.
    const vscode: object = new Proxy(
      function nothing() {
        // Called for nothing: the traps answer.
      },
      {
        get: (_target, key) => (key === 'prototype' ? {} : vscode),
        apply: () => vscode,
        construct: () => vscode,
        // The bundle copies the module's own names into a child of its prototype.
        getPrototypeOf: () => vscode,
      },
    );
    const module = { exports: {} as Record<string, unknown> };
    const require = (name: string) => {
      assert.equal(name, 'vscode');
      return vscode;
    };
    const sandbox = {
      module,
      exports: module.exports,
      require,
      TextEncoder,
      TextDecoder,
      console,
      setTimeout,
      clearTimeout,
    };
    vm.runInNewContext(files.get('extension.js') ?? '', sandbox);
    assert.equal(typeof module.exports['activate'], 'function');
  });

  // The plan was 120 kB: yaml, unbash and dockerfile-ast alone are 70, and each rule with its words adds one. src/README.md says more.
  it('is at most 560 kB gzipped', async () => {
    const { files } = await analyse('extension');
    const bytes = gzipSync(files.get('extension.js') ?? '').length;
    assert.ok(bytes <= 560_000, `${bytes} bytes`);
  });
});
