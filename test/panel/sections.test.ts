import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { cutOff, focusEditor, openPanel, openSections, setWidth, shown } from './panel.ts';

const themes = [
  ['light', 'Default Light Modern'],
  ['dark', 'Default Dark Modern'],
] as const;

/** The sections that each file of the workspace has. */
const files = [
  ['web.yaml', ['load', 'nodes', 'shares', 'runtime', 'rollout', 'network']],
  ['cache.yaml', ['load', 'nodes', 'shares', 'runtime', 'rollout', 'cache', 'network']],
  ['compose.yaml', ['load', 'host', 'runtime', 'cache', 'network']],
  ['Dockerfile', ['dockerfile']],
] as const;

/** Of the panel in an editor column: as narrow as such a column gets, a usual one, and as wide as a window. */
const widths = [250, 420, 1400];

for (const [name, theme] of themes) {
  describe(`the sections of the panel, ${name}`, () => {
    let editor: OpenEditor;
    let panel: Frame;

    before(async () => {
      editor = await openEditor({
        version: 'newest',
        hostKind: 'node',
        workspace: join(root, 'test', 'workspaces', 'shop'),
        settings: { 'workbench.colorTheme': theme },
        viewport: { width: 1500, height: 1500 },
      });
      panel = await openPanel(editor, 'web.yaml');
      await editor.runCommand('View: Toggle Primary Side Bar Visibility');
      await editor.runCommand('Plimsoll: Show Load to the Side');
      panel = await editor.webview('#panel .columns');
    });

    after(() => editor?.close());

    for (const [file, sections] of files) {
      it(`shows ${sections.join(', ')} of ${file}, at any width`, async () => {
        await editor.page.setViewportSize({ width: 1500, height: 1500 });
        await focusEditor(editor, 'web.yaml');
        await editor.openFile(file);
        await panel.locator('.head').filter({ hasText: file }).waitFor();
        await panel.locator(`[data-section="${sections.at(-1)}"]`).waitFor();
        await openSections(panel);
        for (const width of widths) {
          await setWidth(editor, panel, width);
          const there = await panel
            .locator('[data-section]')
            .evaluateAll((all) => all.map((one) => one.getAttribute('data-section')));
          // Where two columns stand side by side, each has its own.
          if (width < 700) assert.deepEqual(there, sections);
          else assert.deepEqual(there.toSorted(), sections.toSorted());
          assert.deepEqual(await cutOff(panel), [], `nothing is cut off at ${width} pixels`);
          for (const section of sections) {
            const place = panel.locator(`[data-section="${section}"]`);
            assert.notEqual(await shown(place.locator('.telling')), '', `${section} says something when it is closed`);
            const path = join(root, 'out', 'pictures', `section-${section}-${file}-${name}-${width}.png`);
            await place.screenshot({ path });
          }
        }
      });
    }
  });
}

describe('the panel by keyboard', () => {
  it('reaches every kind of control, and is seen to have the focus', async () => {
    const editor = await openEditor({
      version: 'newest',
      hostKind: 'web',
      workspace: join(root, 'test', 'workspaces', 'shop'),
      viewport: { width: 1400, height: 1000 },
    });
    try {
      await openPanel(editor, 'web.yaml');
      await editor.runCommand('View: Toggle Primary Side Bar Visibility');
      await editor.runCommand('Plimsoll: Show Load to the Side');
      const panel = await editor.webview('#panel .columns');
      await panel.locator('.place').first().focus();
      const seen = new Set<string>();
      for (let step = 0; step < 50; step++) {
        await editor.page.keyboard.press('Tab');
        const [tag, marked] = await panel.evaluate(() => {
          const active = document.activeElement;
          // A closed list is drawn by what stands over it.
          const drawn = active?.tagName === 'SELECT' ? active.nextElementSibling : active;
          return [active?.tagName ?? '', drawn !== null && drawn !== undefined && getComputedStyle(drawn).outlineStyle];
        });
        assert.equal(marked, 'solid', `a ${tag} with the focus has an outline`);
        seen.add(`${tag}`);
      }
      for (const kind of ['BUTTON', 'INPUT', 'SELECT', 'SUMMARY']) assert.ok(seen.has(kind), `Tab reaches a ${kind}`);
    } finally {
      await editor.close();
    }
  });
});
