import * as vscode from 'vscode';
import { assert, describe, eventually, it } from '../support/suite.ts';
import { diagnostics, findingOf, openFile, openText, revert, shown, showsExactly } from './demo.ts';

describe('findings', () => {
  it('of the demo Dockerfile are exactly these', async () => {
    await showsExactly(await openFile('Dockerfile'), [
      ['dockerfile/user-missing', '1:6', 'python:3.7'],
      ['dockerfile/image-ended', '1:13', '3.7'],
      ['dockerfile/context-without-ignore', '5:6', '.'],
      ['dockerfile/copy-before-install', '5:6', '.'],
      ['dockerfile/pip-no-cache-dir', '7:9', 'install'],
      ['dockerfile/legacy-key-value', '11:5', 'NAME'],
    ]);
  });

  it('of the demo Deployment are exactly these', async () => {
    await showsExactly(await openFile('deployment.yaml'), [
      ['kubernetes/capabilities-not-dropped', '18:17', 'python-app'],
      ['kubernetes/privilege-escalation', '18:17', 'python-app'],
      ['kubernetes/readiness-probe-missing', '18:17', 'python-app'],
      ['kubernetes/run-as-non-root', '18:17', 'python-app'],
      ['kubernetes/seccomp-profile', '18:17', 'python-app'],
      ['kubernetes/writable-root-filesystem', '18:17', 'python-app'],
      ['kubernetes/image-not-pinned', '19:18', 'your-docker-image'],
    ]);
  });

  it('of the demo Compose file are exactly these', async () => {
    await showsExactly(await openFile('compose.yaml'), [
      ['compose/version-obsolete', '1:1', 'version'],
      ['compose/limits-missing', '4:3', 'web'],
      ['compose/port-on-all-interfaces', '7:9', '8080:80'],
      ['compose/port-unquoted', '7:9', '8080:80'],
      ['compose/cache-service-access', '13:3', 'cache'],
      ['compose/limits-missing', '13:3', 'cache'],
      ['compose/image-without-version', '14:12', 'redis'],
      ['compose/port-on-all-interfaces', '16:9', '6379:6379'],
      ['compose/port-unquoted', '16:9', '6379:6379'],
    ]);
  });

  it('say how bad it is, and link to a page that opens without a network', async () => {
    const found = await findingOf(await openFile('Dockerfile'), 'dockerfile/pip-no-cache-dir');
    assert.equal(found.severity, vscode.DiagnosticSeverity.Warning);
    const { code } = found;
    assert.ok(typeof code === 'object');
    const page = await vscode.workspace.openTextDocument(code.target);
    assert.match(page.getText(), /^# dockerfile\/pip-no-cache-dir\n/);
    assert.equal(page.languageId, 'markdown');
  });

  it('follow what is typed', async () => {
    const document = await openText('dockerfile', 'FROM example.com/base:3.22\nUSER app\n');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), 'MAINTAINER me\n');
    await vscode.workspace.applyEdit(edit);
    await showsExactly(document, [['dockerfile/maintainer', '2:1', 'MAINTAINER']]);
    const undo = new vscode.WorkspaceEdit();
    undo.delete(document.uri, new vscode.Range(1, 0, 2, 0));
    await vscode.workspace.applyEdit(undo);
    await showsExactly(document, []);
    await revert();
  });

  it('are told apart from what a suppression silences', async () => {
    const text =
      'FROM example.com/base:3.22\n# plimsoll-ignore dockerfile/maintainer: kept for the registry\nMAINTAINER me\nUSER app\n';
    const document = await openText('dockerfile', text);
    await showsExactly(document, []);
    await revert();
    const idle = await openText('dockerfile', text.replace('MAINTAINER me\n', ''));
    await eventually(() =>
      assert.deepEqual(
        shown(idle).map(([rule]) => rule),
        ['file/unused-suppression'],
      ),
    );
    await revert();
  });

  it('heed the settings', async () => {
    const document = await openFile('Dockerfile');
    await findingOf(document, 'dockerfile/user-missing');
    const settings = vscode.workspace.getConfiguration('plimsoll');
    const set = (rules: unknown) => settings.update('rules', rules, vscode.ConfigurationTarget.Workspace);
    await set({ 'dockerfile/user-missing': 'error', 'dockerfile/copy-before-install': 'off' });
    try {
      await eventually(() => {
        const severities = diagnostics(document).map(({ severity }) => severity);
        assert.equal(severities[0], vscode.DiagnosticSeverity.Error);
        assert.equal(severities.length, 5);
      });
    } finally {
      await set(undefined);
    }
    await eventually(() => assert.equal(diagnostics(document).length, 6));
  });

  it('are found in the whole workspace', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const result = await vscode.commands.executeCommand<{ files: number; warning: number }>('plimsoll.scanWorkspace');
    assert.equal(result.files, 3);
    assert.ok(result.warning >= 5);
  }, 40_000);
});
