import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { field, focusEditor, openPanel } from './panel.ts';

const themes = [
  ['light', 'Light Modern', 'vscode-light'],
  ['dark', 'Dark Modern', 'vscode-dark'],
  ['high-contrast', 'Dark High Contrast', 'vscode-high-contrast'],
  ['high-contrast-light', 'Light High Contrast', 'vscode-high-contrast-light'],
] as const;

/** Of the window: room for one column in the side bar, and for two in an editor column. */
const narrow = { width: 1000, height: 1000 };
const wide = { width: 1800, height: 1000 };

describe('the panel in every theme', () => {
  let editor: OpenEditor;
  let panel: Frame;

  before(async () => {
    editor = await openEditor({
      version: 'newest',
      hostKind: 'node',
      workspace: join(root, 'test', 'workspaces', 'demo'),
      viewport: narrow,
    });
    panel = await openPanel(editor, 'deployment.yaml');
    await field(panel, 'cpu request').fill('200m');
    await panel.locator('.draft.open').waitFor();
  });

  after(() => editor?.close());

  const choose = async (theme: string, marker: string): Promise<void> => {
    await focusEditor(editor, 'deployment.yaml');
    await editor.page.keyboard.press('Control+K');
    await editor.page.keyboard.press('Control+T');
    await editor.page.locator('.quick-input-widget input').fill(theme);
    await editor.page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: theme }).waitFor();
    await editor.page.keyboard.press('Enter');
    await panel.locator(`body.${marker}`).waitFor();
  };

  for (const [name, theme, marker] of themes) {
    it(`is readable in ${name}, in one column`, async () => {
      await choose(theme, marker);
      const overflow = await panel.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `nothing sticks out sideways, but ${overflow} pixels do`);
      await editor.picture(`panel-${name}`);
    });
  }

  for (const [name, theme, marker] of themes) {
    it(`is readable in ${name}, in two columns`, async () => {
      if (name === 'light') {
        await editor.page.setViewportSize(wide);
        await editor.runCommand('Plimsoll: Show Load to the Side');
        await editor.runCommand('View: Toggle Primary Side Bar Visibility');
        panel = await editor.webview('#panel .columns');
      }
      await choose(theme, marker);
      const sections = await panel.locator('.column > .section').all();
      const boxes = await Promise.all(sections.map((section) => section.boundingBox()));
      const [load, ...others] = boxes.flatMap((box) => box ?? []);
      assert.ok(
        load !== undefined && others.some(({ x }) => x >= load.x + load.width),
        'the sections stand side by side',
      );
      // Away from the editor's own buttons, whose names would stand in the picture.
      await editor.page.mouse.move(300, 800);
      await editor.page.locator('.workbench-hover').waitFor({ state: 'hidden' });
      await editor.picture(`panel-${name}-wide`);
    });
  }
});
