import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { cutOff, field, figure, number, openPanel, shown } from './panel.ts';

describe('the panel', () => {
  let editor: OpenEditor;
  let panel: Frame;

  before(async () => {
    editor = await openEditor({
      version: 'newest',
      hostKind: 'web',
      workspace: join(root, 'test', 'workspaces', 'panel'),
    });
    panel = await openPanel(editor, 'stack.yaml');
  });

  after(() => editor?.close());

  const shows = (file: string) => panel.locator('.head').filter({ hasText: file }).waitFor();

  it('shows every workload of a file, with its containers and their roles', async () => {
    assert.deepEqual(await panel.locator('.workload h3').allInnerTexts(), ['shop', 'report']);
    assert.deepEqual(await panel.locator('.workload .qos .now').allInnerTexts(), ['Burstable', 'Guaranteed']);
    assert.deepEqual(await panel.locator('.workload').first().locator('h4 .place').allInnerTexts(), [
      'migrate',
      'shop',
      'proxy',
    ]);
    // The init container asks for more than both others together: it decides.
    assert.equal(await number(figure(panel, 'totals-cpuRequest')), '3');
    await editor.picture('panel-stack');
  });

  it('has fields for devices and storage that a container asks for', async () => {
    await editor.openFile('training.yaml');
    await shows('training.yaml');
    const gpus = field(panel, 'nvidia.com/gpu limit');
    assert.equal(await gpus.inputValue(), '2');
    await gpus.fill('4');
    await panel.locator('.draft.open').waitFor();
    assert.deepEqual(await cutOff(panel), []);
    await editor.picture('panel-devices');
    await panel.getByRole('button', { name: 'Reset' }).click();
  });

  it('shows names from a document as text, whatever they hold', async () => {
    await editor.openFile('hostile.yaml');
    await shows('hostile.yaml');
    await panel.locator('.workload h3').filter({ hasText: '<img src=x onerror="window.stolen=1">' }).waitFor();
    await panel.locator('h4').filter({ hasText: '</button><script>' }).waitFor();
    assert.equal(await field(panel, 'cpu request').inputValue(), '"><b>250m');
    assert.equal(await panel.locator('#panel img, #panel script, #panel b').count(), 0);
    assert.equal(await panel.evaluate(() => 'stolen' in window), false);
    await editor.picture('panel-hostile');
  });

  it('stays with its file while it is pinned', async () => {
    // In its own view the editor's title has the pin.
    await editor.runCommand('Plimsoll: Pin the Panel to This File');
    await editor.openFile('config.yaml');
    await shows('hostile.yaml');
    await editor.runCommand('Plimsoll: Unpin the Panel');
    await shows('config.yaml');
  });

  for (const [file, words] of [
    ['config.yaml', /workload|runs/],
    ['empty.yaml', /empty/i],
    ['broken.yaml', /YAML|line|mend|parse/i],
  ] as const) {
    it(`says what to do where ${file} has nothing to show`, async () => {
      await editor.openFile(file);
      await shows(file);
      const message = await shown(panel.locator('.nothing p, .warning').first());
      assert.match(message, words);
      await editor.picture(`panel-${file.replace('.yaml', '')}`);
    });
  }

  it('animates a change only where motion is allowed', async () => {
    await editor.openFile('stack.yaml');
    await shows('stack.yaml');
    const durations = () =>
      panel
        .locator('.bar .reserved')
        .evaluateAll((all) => [...new Set(all.map((one) => getComputedStyle(one).transitionDuration))]);
    await editor.page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.notDeepEqual(await durations(), ['0s']);
    await editor.page.emulateMedia({ reducedMotion: 'reduce' });
    assert.deepEqual(await durations(), ['0s']);
    await editor.page.emulateMedia({ reducedMotion: null });
  });

  it('stays with its file while a program is looked at, which has no load', async () => {
    await editor.openFile('stack.yaml');
    await shows('stack.yaml');
    await editor.openFile('notes.txt');
    await panel.waitForTimeout(500);
    await shows('stack.yaml');
  });

  it('comes back as it was after it was hidden', async () => {
    await editor.openFile('stack.yaml');
    await shows('stack.yaml');
    await field(panel, 'memory limit').fill('768Mi');
    await panel.locator('.draft.open').waitFor();
    await panel.locator('[data-section="shares"] summary').click();
    await editor.runCommand('View: Show Explorer');
    await editor.runCommand('Plimsoll: Show Load');
    panel = await editor.webview('#panel .draft.open');
    assert.equal(await panel.locator('[data-section="shares"]').getAttribute('open'), null);
    await panel.getByRole('button', { name: 'Reset' }).click();
  });

  it('stands in an editor column too', async () => {
    await editor.runCommand('Plimsoll: Show Load to the Side');
    await editor.page.locator('.tab').filter({ hasText: 'Load: stack.yaml' }).waitFor();
    await editor.runCommand('View: Show Explorer');
    const beside = await editor.webview('#panel .workload');
    assert.deepEqual(await beside.locator('.workload h3').allInnerTexts(), ['shop', 'report']);
    await editor.picture('panel-beside');
  });

  it('comes back in its column after the window was loaded again', async () => {
    // The editor writes down what is open every few seconds.
    await editor.page.waitForTimeout(8_000);
    await editor.page.reload();
    const beside = await editor.webview('#panel .workload', 60_000);
    assert.deepEqual(await beside.locator('.workload h3').allInnerTexts(), ['shop', 'report']);
    assert.equal(await editor.page.locator('.tab').filter({ hasText: 'Load: stack.yaml' }).count(), 1);
  });
});
