import * as vscode from 'vscode';
import { assert, describe, eventually, it } from '../support/suite.ts';

describe('activation', () => {
  it('happens when a Dockerfile is opened, not before', async () => {
    const extension = vscode.extensions.getExtension('plimsoll.plimsoll');
    assert.ok(extension, 'the extension is known to the editor');
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder, 'a workspace is open');
    assert.equal(extension.isActive, false);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, 'Dockerfile'));
    assert.equal(document.languageId, 'dockerfile');
    await eventually(() => assert.ok(extension.isActive, 'the extension is active'));
  });
});
