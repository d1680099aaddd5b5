import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { field, figure, fileBecomes, focusEditor, number, openPanel, shown } from './panel.ts';

describe('a draft in the panel', () => {
  let editor: OpenEditor;
  let panel: Frame;
  const onDisk = () => readFile(join(editor.folder, 'deployment.yaml'), 'utf8');

  before(async () => {
    editor = await openEditor({
      version: 'newest',
      hostKind: 'node',
      workspace: join(root, 'test', 'workspaces', 'demo'),
    });
    panel = await openPanel(editor, 'deployment.yaml');
  });

  after(() => editor?.close());

  it('begins from the numbers of the file', async () => {
    assert.equal(await number(figure(panel, 'totals-cpuRequest')), '300m');
    assert.equal(await number(figure(panel, 'totals-memoryRequest')), '768Mi');
    assert.equal(await number(figure(panel, 'totals-pods')), '3');
    assert.equal(await shown(panel.locator('.workload .qos .now')), 'Burstable');
    assert.equal(await field(panel, 'cpu request').inputValue(), '100m');
    assert.equal(await field(panel, 'memory limit').inputValue(), '1Gi');
    assert.equal(await field(panel, 'replicas').inputValue(), '3');
    assert.equal(await panel.getByRole('button', { name: 'Apply' }).count(), 0);
  });

  it('is explained where the focus is', async () => {
    await figure(panel, 'totals-cpuRequest').focus();
    const explanation = panel.locator('#explanation');
    await explanation.waitFor();
    assert.match(await shown(explanation), /3 × 100m/);
    assert.equal(await figure(panel, 'totals-cpuRequest').getAttribute('aria-describedby'), 'explanation');
    await editor.page.keyboard.press('Escape');
    await explanation.waitFor({ state: 'hidden' });
  });

  it('shows the line of a number that is clicked', async () => {
    await figure(panel, 'totals-cpuRequest').click();
    await editor.page
      .locator('.statusbar-item')
      .filter({ hasText: /^Ln 22, Col \d+ \(4 selected\)$/ })
      .waitFor();
  });

  it('keeps its explanation when it is clicked, with each field as a link, for the keyboard too', async () => {
    await figure(panel, 'totals-memoryRequest').click();
    const link = panel.locator('#explanation .link').filter({ hasText: 'replicas' });
    await panel.locator('h1').hover();
    await link.click();
    await editor.page
      .locator('.statusbar-item')
      .filter({ hasText: /^Ln 8, Col \d+ \(1 selected\)$/ })
      .waitFor();
    await figure(panel, 'totals-memoryRequest').focus();
    await editor.page.keyboard.press('Enter');
    await editor.page.keyboard.press('Tab');
    assert.equal(await panel.evaluate(() => document.activeElement?.textContent), 'memory request');
    await editor.page.keyboard.press('Enter');
    await editor.page
      .locator('.statusbar-item')
      .filter({ hasText: /^Ln 23, Col \d+ \(5 selected\)$/ })
      .waitFor();
    await editor.page.keyboard.press('Escape');
    await panel.locator('#explanation').waitFor({ state: 'detached' });
  });

  it('changes totals and QoS at once, and says what it was', async () => {
    await field(panel, 'cpu request').fill('200m');
    await panel.locator('.draft.open').waitFor();
    assert.equal(await number(figure(panel, 'totals-cpuRequest')), '600m');
    assert.match(await shown(figure(panel, 'totals-cpuRequest').locator('del')), /300m/);
    await editor.picture('panel-draft');
    await field(panel, 'cpu request').fill('500m');
    await field(panel, 'memory request').fill('1Gi');
    await panel.locator('.qos .now').filter({ hasText: 'Guaranteed' }).waitFor();
    assert.match(await shown(panel.locator('.qos del')), /Burstable/);
  });

  it('refuses what is no quantity, and says why', async () => {
    await field(panel, 'cpu request').fill('plenty');
    await panel.locator('.field.wrong .note').waitFor();
    assert.equal(await field(panel, 'cpu request').getAttribute('aria-invalid'), 'true');
    assert.equal(await panel.getByRole('button', { name: 'Apply' }).isDisabled(), true);
  });

  it('is dropped by Reset, nothing written', async () => {
    await panel.getByRole('button', { name: 'Reset' }).click();
    await panel.locator('.draft.open').waitFor({ state: 'detached' });
    assert.equal(await field(panel, 'cpu request').inputValue(), '100m');
    assert.equal(await number(figure(panel, 'totals-cpuRequest')), '300m');
  });

  it('is applied by one edit that one undo takes back, byte for byte', async () => {
    const original = await onDisk();
    await field(panel, 'cpu request').fill('200m');
    await field(panel, 'replicas').fill('5');
    await figure(panel, 'totals-cpuRequest').locator('.now').filter({ hasText: /^1$/ }).waitFor();
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.locator('.draft.open').waitFor({ state: 'detached' });
    await focusEditor(editor, 'deployment.yaml');
    await editor.page.keyboard.press('ControlOrMeta+S');
    const wanted = original.replace('replicas: 3', 'replicas: 5').replace('cpu: 100m', 'cpu: 200m');
    await fileBecomes(onDisk, wanted);
    await editor.page.keyboard.press('ControlOrMeta+Z');
    await editor.page.keyboard.press('ControlOrMeta+S');
    await fileBecomes(onDisk, original);
    await figure(panel, 'totals-cpuRequest').filter({ hasText: '300m' }).waitFor();
  });

  it('is refused once the file is another, until it is kept or reset', async () => {
    await field(panel, 'memory request').fill('512Mi');
    await panel.locator('.draft.open').waitFor();
    await focusEditor(editor, 'deployment.yaml');
    await editor.page.keyboard.press('ControlOrMeta+End');
    await editor.page.keyboard.type('#changed');
    await panel.getByRole('alert').filter({ hasText: 'changed' }).waitFor();
    assert.equal(await panel.getByRole('button', { name: 'Apply' }).count(), 0);
    await panel.getByRole('button', { name: 'Keep draft' }).click();
    await panel.getByRole('button', { name: 'Apply' }).waitFor();
    await panel.getByRole('button', { name: 'Reset' }).click();
    await panel.locator('.draft.open').waitFor({ state: 'detached' });
    await focusEditor(editor, 'deployment.yaml');
    await editor.page.keyboard.press('ControlOrMeta+Z');
  });

  it('is refused by the host, too, where the panel still shows an older version', async () => {
    await field(panel, 'memory request').fill('512Mi');
    const apply = await panel.getByRole('button', { name: 'Apply' }).elementHandle();
    const original = await onDisk();
    await focusEditor(editor, 'deployment.yaml');
    await editor.page.keyboard.press('ControlOrMeta+End');
    await editor.page.keyboard.type('#later');
    await panel.getByRole('alert').filter({ hasText: 'changed' }).waitFor();
    // The button of before is no longer there, but asks as it did when it was.
    await apply?.evaluate((button) => button instanceof HTMLElement && button.click());
    await panel.waitForTimeout(1000);
    assert.equal(await panel.locator('.draft.open').count(), 1);
    await panel.getByRole('button', { name: 'Reset' }).click();
    await panel.locator('.draft.open').waitFor({ state: 'detached' });
    await focusEditor(editor, 'deployment.yaml');
    await editor.page.keyboard.press('ControlOrMeta+S');
    await fileBecomes(onDisk, `${original}#later`);
    await editor.page.keyboard.press('ControlOrMeta+Z');
    await editor.page.keyboard.press('ControlOrMeta+S');
    await fileBecomes(onDisk, original);
  });

  it('is made and applied with the keyboard alone', async () => {
    const original = await onDisk();
    await editor.runCommand('Plimsoll: Show Load');
    const { keyboard } = editor.page;
    await tabTo('cpu limit');
    await keyboard.type('750m');
    await keyboard.press('Escape');
    assert.equal(await field(panel, 'cpu limit').inputValue(), '500m');
    // Not by Ctrl+A: the workbench hears that too, and selects once more while the text is being typed.
    await keyboard.press('End');
    await keyboard.press('Shift+Home');
    await keyboard.type('750m');
    await keyboard.press('Enter');
    await panel.locator('.draft.open').waitFor();
    assert.equal(await focused(), 'cpu limit');
    await tabTo('Apply');
    await keyboard.press('Enter');
    await panel.locator('.draft.open').waitFor({ state: 'detached' });
    await focusEditor(editor, 'deployment.yaml');
    await keyboard.press('ControlOrMeta+S');
    await fileBecomes(onDisk, original.replace('cpu: 500m', 'cpu: 750m'));
  });

  /** What has the focus: a button's text, or the end of a field's label. */
  function focused(): Promise<string> {
    return panel.evaluate(() => {
      const active = document.activeElement;
      const label = active?.getAttribute('aria-label');
      return label?.split(': ').at(-1) ?? active?.textContent?.trim() ?? '';
    });
  }

  async function tabTo(wanted: string): Promise<void> {
    const passed: string[] = [];
    for (let step = 0; step < 80; step++) {
      const here = await focused();
      if (here === wanted) return;
      passed.push(here);
      await editor.page.keyboard.press('Tab');
    }
    assert.fail(`Tab does not reach “${wanted}”, only ${passed.join(', ')}.`);
  }
});
