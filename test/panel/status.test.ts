import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../src/build/progress.mjs';
import { type OpenEditor, openEditor } from '../support/editor.ts';

/** A ConfigMap with a misspelt field: one finding of the field table. */
const misspelt = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  lables: {}\ndata: {}\n';

/** The text of the language status, once it says all that is wanted. */
async function statusOf(editor: OpenEditor, ...wanted: readonly string[]): Promise<string> {
  const item = editor.page.locator('[id="status.languageStatus"]');
  const lines = editor.page.locator('.hover-language-status');
  const deadline = Date.now() + 30_000;
  for (let said = ''; ; ) {
    if (wanted.every((text) => said.includes(text))) return said;
    if (Date.now() > deadline) assert.fail(`The status says “${said}”, not ${wanted.join(' and ')}.`);
    // It is made anew each time it is shown. One move away from it may come while it is being shown, and leave it there.
    for (let move = 0; await lines.first().isVisible(); move++) {
      if (Date.now() > deadline) assert.fail('The status stays on the screen.');
      await editor.page.mouse.move(600 + (move % 2) * 40, 300, { steps: 3 });
      await editor.page.waitForTimeout(100);
    }
    await item.hover();
    await lines.first().waitFor();
    said = (await lines.allTextContents()).join('\n');
  }
}

describe('the language status', () => {
  const scene = async (beside: readonly string[], settings: Readonly<Record<string, unknown>> = {}) => {
    const workspace = join(root, 'test', 'workspaces', 'demo');
    const editor = await openEditor({ version: 'newest', hostKind: 'node', workspace, beside, settings });
    await writeFile(join(editor.folder, 'settings.yaml'), misspelt);
    await editor.openFile('settings.yaml');
    return editor;
  };

  it('counts the findings, those of the field table too', async () => {
    const editor = await scene([]);
    try {
      const said = await statusOf(editor, '1 finding', 'no .plimsoll.yaml');
      assert.match(said, /no \.plimsoll\.yamlSettings$/, 'no setting is found wrong, and no line more');
    } finally {
      await editor.close();
    }
  });

  it('says in one line to whom the fields are left', async () => {
    const editor = await scene(['redhat.vscode-yaml', 'ms-kubernetes-tools.vscode-kubernetes-tools']);
    try {
      await statusOf(editor, 'No findings', 'Fields are left to the Kubernetes extension');
      await editor.picture('language-status');
    } finally {
      await editor.close();
    }
  });

  it('leaves them to the YAML extension where its settings name the schema', async () => {
    const editor = await scene(['redhat.vscode-yaml'], { 'yaml.schemas': { kubernetes: ['*.yaml'] } });
    try {
      await statusOf(editor, 'No findings', 'Fields are left to the YAML extension');
    } finally {
      await editor.close();
    }
  });
});
