import { performance } from 'node:perf_hooks';
import { defaultSettings } from '../../src/core/engine/settings.ts';
import { createService, drive, noSurroundings, type SourceFile } from '../../src/core/service.ts';
import { manifestFiles } from './inputs.ts';
import { measure, milliseconds, row } from './measure.ts';

/** The file with another memory request, as an edit leaves it. */
function edited(file: SourceFile, run: number): SourceFile {
  return { ...file, text: file.text.replace(/(\n {14}memory: )\d+Mi/, `$1${100 + Math.abs(run)}Mi`) };
}

/** The index of 1,000 files: how long it takes them in, an edit of one, and what another open file then costs. */
export async function workspace(): Promise<void> {
  const files = manifestFiles(1_000);
  const service = createService();
  let longest = 0;
  const start = performance.now();
  for (const file of files) {
    const before = performance.now();
    service.workspace.update(file);
    longest = Math.max(longest, performance.now() - before);
  }
  const whole = performance.now() - start;
  console.log(`\nIndex of ${files.length} files`);
  console.log(`  taken in within ${milliseconds(whole)}, one of them within ${milliseconds(longest)}`);
  const analyse = (file: SourceFile) => drive(service.analyse(file, defaultSettings, noSurroundings)).findings.length;
  const other = (run: number) => files[Math.abs(run * 37) % files.length];
  const open = files[1];
  if (open === undefined) return;
  const edit = (run: number) => {
    const file = edited(other(run) ?? open, run);
    service.workspace.update(file);
    return file;
  };
  console.log(row('one edit to the index', await measure(100, (run) => edit(run).path)));
  console.log(row('one edit to the findings in its own file', await measure(100, (run) => analyse(edit(run)))));
  const found = analyse(open);
  const again = await measure(100, (run) => {
    edit(run);
    return analyse(open);
  });
  console.log(row(`one edit to ${found} findings in another open file`, again));
}
