import * as vscode from 'vscode';
import { assert, describe, eventually, it, leaveOut, sleep } from '../support/suite.ts';
import { openText, revert, shown } from './demo.ts';

/** Whether the machine has the program; the bundle says so. */
declare const shellCheckFound: boolean;

const text = 'FROM example.com/base:3.22\nUSER app\nRUN cd $1 && \\\n    ls\n';

async function withSetting(on: boolean, body: (document: vscode.TextDocument) => Promise<void>): Promise<void> {
  const settings = vscode.workspace.getConfiguration('plimsoll');
  const target = vscode.ConfigurationTarget.Global;
  const document = await openText('dockerfile', text);
  await settings.update('shellcheck', on, target);
  try {
    await body(document);
  } finally {
    await settings.update('shellcheck', undefined, target);
    await revert();
  }
}

function ofShellCheck(document: vscode.TextDocument) {
  return shown(document).filter(([rule]) => rule === 'dockerfile/shellcheck');
}

describe('ShellCheck', () => {
  const isNode = 'process' in globalThis;

  if (isNode && !shellCheckFound) leaveOut('is asked where the setting is on', 'there is no `shellcheck` on the PATH');
  else if (isNode) {
    it('is asked where the setting is on, about each script as it is typed', () =>
      withSetting(true, async (document) => {
        await eventually(() => assert.deepEqual(ofShellCheck(document), [['dockerfile/shellcheck', '3:8', '$1']]));
        const edit = new vscode.WorkspaceEdit();
        edit.replace(document.uri, new vscode.Range(2, 7, 2, 9), '"$1"');
        await vscode.workspace.applyEdit(edit);
        await eventually(() => assert.deepEqual(ofShellCheck(document), []));
      }));
  } else {
    it('is not asked in the browser, where nothing can be started', () =>
      withSetting(true, async (document) => {
        await sleep(1_000);
        assert.deepEqual(ofShellCheck(document), []);
      }));
  }

  it('is not asked by default', () =>
    withSetting(false, async (document) => {
      await sleep(1_000);
      assert.deepEqual(ofShellCheck(document), []);
    }));
});
