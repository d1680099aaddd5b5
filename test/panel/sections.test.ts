import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { field, fileBecomes, focusEditor, openPanel, shown } from './panel.ts';

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

async function sidewaysOverflow(panel: Frame): Promise<number> {
  return panel.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

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
      it(`shows ${sections.join(', ')} of ${file}`, async () => {
        await focusEditor(editor, 'web.yaml');
        await editor.openFile(file);
        await panel.locator('.head').filter({ hasText: file }).waitFor();
        await panel.locator(`[data-section="${sections.at(-1)}"]`).waitFor();
        assert.deepEqual(
          await panel
            .locator('[data-section]')
            .evaluateAll((all) => all.map((one) => one.getAttribute('data-section'))),
          sections,
        );
        for (const section of sections) {
          const place = panel.locator(`[data-section="${section}"]`);
          assert.notEqual(await shown(place.locator('.telling')), '', `${section} says something when it is closed`);
          await place.scrollIntoViewIfNeeded();
          await place.screenshot({ path: join(root, 'out', 'pictures', `section-${section}-${file}-${name}.png`) });
        }
        assert.ok((await sidewaysOverflow(panel)) <= 0, 'nothing sticks out sideways');
      });
    }

    if (name === 'dark') {
      it('of a folder counts all its files, and a change in another of them is applied there', async () => {
        await focusEditor(editor, 'web.yaml');
        await panel.locator('.head').filter({ hasText: 'web.yaml' }).waitFor();
        await panel.locator('.scope select').selectOption({ label: 'folder k8s (3 files)' });
        await panel.locator('.workload h3').filter({ hasText: 'log-agent' }).waitFor();
        await panel
          .locator('[data-section="load"]')
          .screenshot({ path: join(root, 'out', 'pictures', 'section-folder.png') });
        const path = join(editor.folder, 'k8s', 'cache.yaml');
        const text = await readFile(path, 'utf8');
        const memory = panel
          .locator('.workload', { hasText: 'cache' })
          .locator('input[aria-label$=": cpu request"]')
          .first();
        await memory.fill('300m');
        await panel.locator('.draft.open').waitFor();
        await panel.getByRole('button', { name: 'Apply' }).click();
        await panel.locator('.draft.open').waitFor({ state: 'detached' });
        await editor.runCommand('File: Save All');
        await fileBecomes(() => readFile(path, 'utf8'), text.replace('cpu: 100m', 'cpu: 300m'));
        await panel.locator('.scope select').selectOption({ label: 'this file' });
      });

      it('keeps an assumption in .plimsoll.yaml when it is told to', async () => {
        const price = field(panel, 'price of a node-hour').or(panel.locator('[data-field="input-nodePrice"]')).first();
        await price.fill('0.09');
        await price.press('Enter');
        await panel.getByRole('button', { name: 'Keep 1 assumption in .plimsoll.yaml' }).click();
        const path = join(editor.folder, '.plimsoll.yaml');
        const kept = await readFile(join(root, 'test', 'workspaces', 'shop', '.plimsoll.yaml'), 'utf8');
        await fileBecomes(() => readFile(path, 'utf8'), kept.replace('"0.0816"', '"0.09"'));
      });
    }
  });
}

describe('the panel at any width', () => {
  it('is readable from 250 to 1,400 pixels, and can be used by keyboard', async () => {
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
      await editor.runCommand('View: Close Other Editors in Group').catch(() => undefined);
      for (const width of [1400, 900, 640]) {
        await editor.page.setViewportSize({ width, height: 1000 });
        await panel.waitForTimeout(300);
        assert.ok((await sidewaysOverflow(panel)) <= 0, `nothing sticks out in a window of ${width}`);
      }
      await panel.locator('.place').first().focus();
      const seen = new Set<string>();
      for (let step = 0; step < 40; step++) {
        await editor.page.keyboard.press('Tab');
        seen.add(await panel.evaluate(() => document.activeElement?.tagName ?? ''));
      }
      for (const kind of ['BUTTON', 'INPUT', 'SELECT', 'SUMMARY']) assert.ok(seen.has(kind), `Tab reaches a ${kind}`);
    } finally {
      await editor.close();
    }
  });
});
