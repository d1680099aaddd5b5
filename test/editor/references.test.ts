import * as vscode from 'vscode';
import { assert, describe, eventually, it, sleep } from '../support/suite.ts';
import { diagnostics, fileUri, findingOf, openFile, shown } from './demo.ts';

const encoder = new TextEncoder();

function write(name: string, text: string): Thenable<void> {
  return vscode.workspace.fs.writeFile(fileUri(name), encoder.encode(text));
}

const settings = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  mode: fast\n`;

const pod = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      envFrom:
        - configMapRef:
            name: settings
`;

function references(document: vscode.TextDocument) {
  return shown(document).filter(([rule]) => rule === 'kubernetes/reference-unknown');
}

describe('references between files', () => {
  it('follow edits, renames and deletes of the other file', async () => {
    await write('together/settings.yaml', settings('setings'));
    await write('together/pod.yaml', pod);
    const document = await openFile('together/pod.yaml');
    await eventually(() =>
      assert.deepEqual(references(document), [['kubernetes/reference-unknown', '11:19', 'settings']]),
    );

    const other = await vscode.workspace.openTextDocument(fileUri('together/settings.yaml'));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(other.uri, new vscode.Range(3, 8, 3, 15), 'settings');
    await vscode.workspace.applyEdit(edit);
    await eventually(() => assert.deepEqual(references(document), []));
    await other.save();

    await write('together/others.yaml', settings('others'));
    const move = new vscode.WorkspaceEdit();
    move.renameFile(other.uri, fileUri('apart/settings.yaml'));
    await vscode.workspace.applyEdit(move);
    // Elsewhere in the workspace it still exists. The watcher would take a file that comes and goes for none.
    await sleep(1_500);
    await eventually(() => assert.deepEqual(references(document), []));
    await vscode.workspace.fs.delete(fileUri('apart/settings.yaml'));
    await eventually(() =>
      assert.deepEqual(references(document), [['kubernetes/reference-unknown', '11:19', 'settings']]),
    );
  });

  it('lead to the other file', async () => {
    await write('keys/settings.yaml', settings('settings'));
    await write(
      'keys/pod.yaml',
      pod
        .replace('envFrom:', 'env:')
        .replace(
          '- configMapRef:\n            name: settings',
          '- name: MODE\n          valueFrom: {configMapKeyRef: {name: settings, key: modus}}',
        ),
    );
    const document = await openFile('keys/pod.yaml');
    await findingOf(document, 'kubernetes/reference-unknown');
    const found = diagnostics(document).find(({ message }) => message.includes('modus'));
    const [related] = found?.relatedInformation ?? [];
    assert.ok(related);
    assert.match(related.location.uri.path, /keys\/settings\.yaml$/);
    assert.equal(related.location.range.start.line, 3);
  });
});
