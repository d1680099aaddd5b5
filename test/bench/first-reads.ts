import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Milliseconds that the catalogue of images takes to be read, and asked about one image, in fresh processes that have compiled
 * nothing yet: the quickest first, since other work on the machine only makes them slower.
 */
export async function firstReads(
  processes: number,
): Promise<readonly { readonly read: number; readonly asked: number }[]> {
  const entry = `${root}src/core/images/catalogue.ts`;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'cjs',
    write: false,
  });
  const script = `${outputFiles[0]?.text ?? ''}
    const { readFileSync } = require('node:fs');
    const { catalogueFiles, imageState, readCatalogue } = module.exports;
    const texts = catalogueFiles.map((name) => readFileSync(${JSON.stringify(`${root}src/data/`)} + name, 'utf8'));
    const start = performance.now();
    const catalogue = readCatalogue(texts);
    const read = performance.now();
    imageState({ catalogue, today: '2026-11-01' }, 'python', '3.7', 90);
    console.log(JSON.stringify({ read: read - start, asked: performance.now() - read }));`;
  return Array.from({ length: processes }, (): { read: number; asked: number } =>
    JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })),
  ).toSorted((a, b) => a.read - b.read);
}
