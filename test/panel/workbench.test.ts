import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';

describe('the workbench', () => {
  let editor: OpenEditor;

  before(async () => {
    const workspace = join(root, 'test', 'workspaces', 'demo');
    editor = await openEditor({ version: 'newest', hostKind: 'node', workspace });
  });

  after(() => editor?.close());

  it('opens a file of the workspace', async () => {
    await editor.openFile('deployment.yaml');
    const language = editor.page.locator('.statusbar-item').filter({ hasText: /^YAML$/ });
    await language.waitFor();
    assert.equal(await language.count(), 1);
    await editor.picture('workbench');
  });

  it('runs a command of the palette', async () => {
    await editor.runCommand('View: Toggle Problems');
    await editor.page.locator('.markers-panel').waitFor();
  });
});
