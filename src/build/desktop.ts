/** `npm run test:desktop`: the editor suite in the desktop VS Code, which @vscode/test-electron downloads. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { buildEditorSuite, buildProducts, editorSuite } from './bundle.ts';
import { editorReleases } from './editor.ts';
import { root } from './progress.mjs';

await buildProducts();
await buildEditorSuite(process.argv[2]);
const temporary = await mkdtemp(join(tmpdir(), 'plimsoll-desktop-'));
const workspace = join(temporary, 'demo');
try {
  await cp(join(root, 'test', 'workspaces', 'demo'), workspace, { recursive: true });
  for (const version of ['stable', editorReleases.oldest.vscode]) {
    console.log(`\n── VS Code ${version}, desktop`);
    const launchArgs = [workspace, '--disable-extensions', '--disable-workspace-trust', '--skip-welcome'];
    await runTests({ version, extensionDevelopmentPath: root, extensionTestsPath: editorSuite, launchArgs });
  }
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(
    `The desktop tests failed: ${reason}. Where VS Code cannot be downloaded, npm test runs the same suite.`,
  );
  process.exitCode = 1;
} finally {
  await rm(temporary, { recursive: true, force: true });
}
