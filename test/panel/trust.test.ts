import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openEditor } from '../support/editor.ts';
import { shellCheckMissing } from '../support/shellcheck.ts';

/** What the editor's list of problems says of a Dockerfile with the setting for ShellCheck on. */
async function problems(restricted: boolean): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'plimsoll-trust-'));
  await writeFile(join(workspace, 'Dockerfile'), 'FROM python:3.7\nUSER app\nRUN cd $1 && \\\n    ls\n');
  const settings = { 'plimsoll.shellcheck': true };
  const editor = await openEditor({ version: 'newest', hostKind: 'node', workspace, settings, restricted });
  try {
    await editor.openFile('Dockerfile');
    await editor.runCommand('View: Toggle Problems');
    const list = editor.page.locator('.markers-panel');
    await list.filter({ hasText: 'Python 3.7 ended' }).waitFor({ timeout: 60_000 });
    const ofShellCheck = list.filter({ hasText: 'dockerfile/shellcheck' });
    // What does not come takes as long as what does.
    if (restricted) await editor.page.waitForTimeout(3_000);
    else await ofShellCheck.waitFor();
    await editor.picture(restricted ? 'problems-restricted' : 'problems-trusted');
    return (await list.textContent()) ?? '';
  } finally {
    await editor.close();
    await rm(workspace, { recursive: true, force: true });
  }
}

describe('ShellCheck and the trust in a workspace', { skip: shellCheckMissing }, () => {
  it('is asked in a trusted one', async () => {
    assert.match(await problems(false), /dockerfile\/shellcheck/);
  });

  it('is not in Restricted Mode, where all else is checked as ever', async () => {
    assert.doesNotMatch(await problems(true), /dockerfile\/shellcheck/);
  });
});
