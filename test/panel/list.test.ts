import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { openPanel } from './panel.ts';

describe('a list of workloads in the panel', () => {
  let editor: OpenEditor;
  let panel: Frame;

  before(async () => {
    editor = await openEditor({
      version: 'newest',
      hostKind: 'web',
      workspace: join(root, 'test', 'workspaces', 'list'),
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
    });
    panel = await openPanel(editor, 'apps.yaml');
  });

  after(() => editor?.close());

  it('has all rows, those too that the first frame leaves out', async () => {
    const rows = panel.locator('.rows button.opens');
    await rows.nth(13).waitFor();
    // Out of view they have no rendered text.
    assert.deepEqual(
      await rows.allTextContents(),
      Array.from({ length: 14 }, (_, at) => `app-${at + 1}`),
    );
  });

  it('says whose each formula is', async () => {
    const shares = panel.locator('[data-section=shares]');
    const text = (await shares.textContent()) ?? '';
    for (const name of ['app-1', 'app-2', 'app-3']) assert.ok(text.includes(`${name}: CPU_core`), name);
    await shares.scrollIntoViewIfNeeded();
    await editor.picture('panel-list');
  });
});
