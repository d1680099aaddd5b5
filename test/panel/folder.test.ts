import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Frame } from 'playwright-core';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';
import { choose, figure, fileBecomes, focusEditor, number, openPanel, shown } from './panel.ts';

const workspace = join(root, 'test', 'workspaces', 'shop');

describe('the panel of a folder', () => {
  let editor: OpenEditor;
  let panel: Frame;
  const onDisk = (name: string) => () => readFile(join(editor.folder, 'k8s', name), 'utf8');
  const chooseScope = (label: string) => choose(panel.locator('.scope select'), { label });
  const cpuOf = (name: string) => panel.locator(`input[aria-label^="${name},"][aria-label$=": cpu request"]`);

  before(async () => {
    editor = await openEditor({
      version: 'newest',
      hostKind: 'node',
      workspace,
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
      viewport: { width: 1300, height: 1200 },
    });
    panel = await openPanel(editor, 'web.yaml');
  });

  after(() => editor?.close());

  it('counts all its files, with totals by namespace', async () => {
    const alone = await number(figure(panel, 'totals-cpuRequest'));
    await chooseScope('folder k8s (3 files)');
    await panel.locator('.workload h3').filter({ hasText: 'log-agent' }).waitFor();
    assert.notEqual(await number(figure(panel, 'totals-cpuRequest')), alone);
    assert.equal(await number(figure(panel, 'namespace-observe-cpuRequest')), '100m');
    await editor.picture('panel-folder');
  });

  it('shows the place of a number in another of its files, and stays with the folder', async () => {
    await cpuOf('cache').waitFor();
    await figure(panel, 'namespace-observe-cpuRequest').click();
    await editor.page.locator('.tab.active').filter({ hasText: 'quota.yaml' }).waitFor();
    assert.match(await shown(panel.locator('.head h1')), /web\.yaml/);
    await editor.runCommand('Plimsoll: Unpin the Panel');
    await focusEditor(editor, 'web.yaml');
    await panel.locator('.head').filter({ hasText: 'web.yaml' }).waitFor();
  });

  it('applies a draft over two files as one edit, which one undo takes back', async () => {
    const [web, cache] = [await onDisk('web.yaml')(), await onDisk('cache.yaml')()];
    await chooseScope('folder k8s (3 files)');
    await cpuOf('cache').fill('300m');
    await cpuOf('web').fill('600m');
    await panel
      .locator('.draft .summary')
      .filter({ hasText: /^2 changes/ })
      .waitFor();
    assert.match(await shown(panel.locator('.draft .summary')), /nodes? instead of|same nodes?/);
    await panel.getByRole('button', { name: 'Apply' }).click();
    await panel.locator('.draft.open').waitFor({ state: 'detached' });
    await editor.runCommand('File: Save All');
    await fileBecomes(onDisk('cache.yaml'), cache.replace('cpu: 100m', 'cpu: 300m'));
    await fileBecomes(onDisk('web.yaml'), web.replace('cpu: 500m', 'cpu: 600m'));
    await focusEditor(editor, 'web.yaml');
    await editor.page.keyboard.press('ControlOrMeta+Z');
    await editor.page.locator('.view-line').filter({ hasText: 'cpu: 500m' }).waitFor();
    await editor.runCommand('File: Save All');
    await fileBecomes(onDisk('web.yaml'), web);
    await fileBecomes(onDisk('cache.yaml'), cache);
  });

  it('copies all of it as Markdown, without a link', async () => {
    await editor.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel.getByRole('button', { name: 'Copy as Markdown' }).click();
    const deadline = Date.now() + 10_000;
    const copied = () => editor.page.evaluate(() => navigator.clipboard.readText());
    while (Date.now() < deadline && !(await copied()).startsWith('## Load of folder k8s'))
      await panel.waitForTimeout(100);
    const text = await copied();
    assert.match(text, /^## Load of folder k8s[\s\S]*StatefulSet cache in shop[\s\S]*### Nodes/);
    assert.doesNotMatch(text, /\]\(|https?:|www\.|file:/);
    await focusEditor(editor, 'web.yaml');
  });

  it('keeps an assumption in .plimsoll.yaml when it is told to', async () => {
    const price = panel.locator('[data-field="input-nodePrice"]');
    await price.fill('0.09');
    await price.press('Enter');
    await panel.locator('.keeping p').filter({ hasText: 'in this workspace alone: node-hour price.' }).waitFor();
    await panel.getByRole('button', { name: 'Keep in .plimsoll.yaml' }).click();
    const kept = await readFile(join(workspace, '.plimsoll.yaml'), 'utf8');
    const path = join(editor.folder, '.plimsoll.yaml');
    await fileBecomes(() => readFile(path, 'utf8'), kept.replace('"0.0816"', '"0.09"'));
    await panel.locator('.keeping p').filter({ hasText: 'alone' }).waitFor({ state: 'detached' });
  });

  it('takes several kinds of node, and one away again', async () => {
    await choose(panel.locator('[data-field="input-moreNodeShapes"]'), 'r7g.xlarge');
    await panel.locator('.chip').filter({ hasText: 'r7g.xlarge' }).waitFor();
    await panel.locator('[data-section="nodes"] th').filter({ hasText: 'r7g.xlarge' }).first().waitFor();
    await panel.getByRole('button', { name: 'Take r7g.xlarge away' }).click();
    await panel.locator('.chip').waitFor({ state: 'detached' });
    // An empty list is what nobody has said: there is nothing left to keep.
    await panel.locator('.keeping p').filter({ hasText: 'alone' }).waitFor({ state: 'detached' });
  });
});
