import * as vscode from 'vscode';
import { assert, describe, eventually, it } from '../support/suite.ts';
import { findingOf, fixesAt, openFile, openText, revert } from './demo.ts';

async function applied(document: vscode.TextDocument, action: vscode.CodeAction | undefined): Promise<string> {
  assert.ok(action?.edit, 'the action has an edit');
  assert.ok(await vscode.workspace.applyEdit(action.edit), 'the editor takes the edit');
  return document.getText();
}

describe('fixes', () => {
  it('are offered at the finding: the preferred one first, suppressions last', async () => {
    const document = await openFile('Dockerfile');
    const actions = await fixesAt(document, await findingOf(document, 'dockerfile/pip-no-cache-dir'));
    assert.equal(actions[0]?.title, 'Add `--no-cache-dir`');
    assert.equal(actions[0]?.isPreferred, true);
    assert.match(actions.at(-1)?.title ?? '', /ignore|silence|suppress/i);
    assert.equal(actions.filter(({ isPreferred }) => isPreferred === true).length, 1);
  });

  it('change what they say and nothing else', async () => {
    const document = await openFile('Dockerfile');
    const before = document.getText();
    const [fix] = await fixesAt(document, await findingOf(document, 'dockerfile/pip-no-cache-dir'));
    assert.equal(await applied(document, fix), before.replace('pip install', 'pip install --no-cache-dir'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  });

  it('are applied by the editor’s own command', async () => {
    const document = await openFile('Dockerfile');
    const before = document.getText();
    const { range } = await findingOf(document, 'dockerfile/pip-no-cache-dir');
    const editor = await vscode.window.showTextDocument(document, {
      selection: new vscode.Range(range.start, range.start),
    });
    assert.ok(editor.selection.isEmpty);
    await eventually(async () => {
      await vscode.commands.executeCommand('editor.action.autoFix');
      // The edit may come after the command has returned: asked again too soon, the editor makes it twice.
      await eventually(() => assert.ok(document.getText() !== before), 3_000);
    });
    assert.equal(document.getText(), before.replace('pip install', 'pip install --no-cache-dir'));
    await revert();
  });

  it('create the file that they promise', async () => {
    const document = await openFile('Dockerfile');
    const [fix] = await fixesAt(document, await findingOf(document, 'dockerfile/context-without-ignore'));
    await applied(document, fix);
    const created = vscode.Uri.joinPath(document.uri, '..', '.dockerignore');
    await (await vscode.workspace.openTextDocument(created)).save();
    assert.ok((await vscode.workspace.fs.stat(created)).size > 0);
    await eventually(() => {
      const rules = vscode.languages.getDiagnostics(document.uri).map(({ code }) => JSON.stringify(code));
      assert.ok(!rules.some((rule) => rule.includes('context-without-ignore')), 'the finding is gone');
    });
    await vscode.workspace.fs.delete(created);
    await findingOf(document, 'dockerfile/context-without-ignore');
  });

  it('leave gaps to complete where a person has to decide', async () => {
    const document = await openFile('deployment.yaml');
    const found = await findingOf(document, 'kubernetes/image-not-pinned');
    const [fix] = await fixesAt(document, found);
    assert.ok(fix?.isPreferred !== true, 'what is to be completed is never preferred');
    const editor = await vscode.window.showTextDocument(document, {
      selection: new vscode.Range(found.range.start, found.range.start),
    });
    await eventually(async () => {
      await vscode.commands.executeCommand('editor.action.codeAction', { kind: 'quickfix', apply: 'first' });
      assert.match(document.getText(), /image: your-docker-image:\S+/);
    });
    await eventually(() => assert.ok(document.getText(editor.selection).length > 0, 'the gap is selected'));
    await revert();
  });

  it('mend all of one rule in the file', async () => {
    const document = await openFile('compose.yaml');
    const before = document.getText();
    const actions = await fixesAt(document, await findingOf(document, 'compose/port-unquoted'));
    const all = actions.find(({ title }) => title.includes('all') && title.includes('compose/port-unquoted'));
    const wanted = before.replace('- 8080:80', '- "8080:80"').replace('- 6379:6379', '- "6379:6379"');
    assert.equal(await applied(document, all), wanted);
    await revert();
  });

  it('mend all that is safe by source.fixAll.plimsoll, on save too', async () => {
    const document = await openFile('Dockerfile');
    const before = document.getText();
    await findingOf(document, 'dockerfile/pip-no-cache-dir');
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(0, 0, document.lineCount, 0),
      'source.fixAll.plimsoll',
    );
    assert.equal(actions.length, 1);
    const wanted = before
      .replace('pip install', 'pip install --no-cache-dir')
      .replace('ENV NAME World', 'ENV NAME=World');
    assert.equal(await applied(document, actions[0]), wanted);
    await revert();

    const settings = vscode.workspace.getConfiguration('editor', document.uri);
    const target = vscode.ConfigurationTarget.Workspace;
    await settings.update('codeActionsOnSave', { 'source.fixAll.plimsoll': 'explicit' }, target);
    try {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), '# saved\n');
      await vscode.workspace.applyEdit(edit);
      await document.save();
      await eventually(() => assert.equal(document.getText(), `# saved\n${wanted}`));
    } finally {
      await settings.update('codeActionsOnSave', undefined, target);
      await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(before));
    }
    await eventually(() => assert.equal(document.getText(), before));
  });

  it('suppress a finding by a comment', async () => {
    const document = await openText('dockerfile', 'FROM example.com/base:3.22\nMAINTAINER me\nUSER app\n');
    const actions = await fixesAt(document, await findingOf(document, 'dockerfile/maintainer'));
    const suppress = actions.find(({ edit }) =>
      edit?.get(document.uri).some((part) => JSON.stringify(part).includes('plimsoll-ignore')),
    );
    assert.match(
      await applied(document, suppress),
      /^FROM example\.com\/base:3\.22\n# plimsoll-ignore dockerfile\/maintainer.*\nMAINTAINER/,
    );
    await eventually(() => assert.equal(vscode.languages.getDiagnostics(document.uri).length, 0));
    await revert();
  });
});
