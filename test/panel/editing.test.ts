import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { focusEditor } from './panel.ts';

describe('the editor in Restricted Mode', () => {
  let editor: OpenEditor;

  before(async () => {
    const workspace = join(root, 'test', 'workspaces', 'demo');
    editor = await openEditor({ version: 'newest', hostKind: 'node', workspace, restricted: true });
    await editor.openFile('Dockerfile');
  });

  after(() => editor?.close());

  it('underlines findings', async () => {
    await editor.page.locator('.squiggly-warning').first().waitFor();
    await editor.picture('restricted');
  });

  it('opens a rule’s page from its finding', async () => {
    // The text lies above its underline and takes the pointer.
    await editor.page.locator('.squiggly-warning').first().hover({ force: true });
    const link = editor.page.locator('.monaco-hover a').filter({ hasText: 'dockerfile/user-missing' });
    await link.first().click();
    const page = await editor.webview('h1');
    assert.equal((await page.locator('h1').first().textContent())?.trim(), 'dockerfile/user-missing');
    await editor.picture('rule-page');
  });

  it('mends a finding from the keyboard', async () => {
    await focusEditor(editor, 'Dockerfile');
    await editor.page.keyboard.press('Control+G');
    await editor.page.locator('.quick-input-widget input').first().waitFor();
    await editor.page.keyboard.type('7:10');
    await editor.page.keyboard.press('Enter');
    await editor.page.keyboard.press('ControlOrMeta+.');
    await editor.page.locator('.action-widget').filter({ hasText: 'Add `--no-cache-dir`' }).waitFor();
    await editor.picture('quick-fixes');
    await editor.page.keyboard.press('Enter');
    await editor.page.locator('.view-line').filter({ hasText: 'pip install --no-cache-dir' }).waitFor();
  });
});
