import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../src/build/progress.mjs';
import { openEditor } from '../support/editor.ts';
import { field, openPanel } from './panel.ts';

const themes = [
  ['light', 'Default Light Modern', 'vscode-light'],
  ['dark', 'Default Dark Modern', 'vscode-dark'],
  ['high-contrast', 'Default High Contrast', 'vscode-high-contrast'],
  ['high-contrast-light', 'Default High Contrast Light', 'vscode-high-contrast-light'],
] as const;

/** Of the window: room for one column in the side bar, and for two in an editor column. */
const narrow = 1000;
const wide = 1800;

describe('the panel in every theme', () => {
  for (const [name, theme, marker] of themes) {
    it(`is readable in ${name}`, async () => {
      const editor = await openEditor({
        version: 'newest',
        hostKind: 'node',
        workspace: join(root, 'test', 'workspaces', 'demo'),
        settings: { 'workbench.colorTheme': theme },
        viewport: { width: narrow, height: 1000 },
      });
      try {
        const panel = await openPanel(editor, 'deployment.yaml');
        assert.equal(await panel.locator(`body.${marker}`).count(), 1);
        await field(panel, 'cpu request').fill('200m');
        await panel.locator('.draft.open').waitFor();
        const overflow = await panel.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(overflow <= 0, `nothing sticks out sideways, but ${overflow} pixels do`);
        await editor.picture(`panel-${name}`);
        await editor.page.setViewportSize({ width: wide, height: 1000 });
        await editor.runCommand('Plimsoll: Show Load to the Side');
        await editor.runCommand('View: Toggle Primary Side Bar Visibility');
        const beside = await editor.webview('#panel .columns');
        const columns = beside.locator('.column > .section');
        const boxes = await Promise.all((await columns.all()).map((section) => section.boundingBox()));
        const [load, ...others] = boxes.flatMap((box) => box ?? []);
        assert.ok(
          load !== undefined && others.some(({ x }) => x >= load.x + load.width),
          'the sections stand side by side',
        );
        // Away from the editor's own buttons, whose names would stand in the picture.
        await editor.page.mouse.move(300, 800);
        await editor.page.locator('.workbench-hover').waitFor({ state: 'hidden' });
        await editor.picture(`panel-${name}-wide`);
      } finally {
        await editor.close();
      }
    });
  }
});
