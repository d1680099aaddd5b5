import * as vscode from 'vscode';
import { assert, describe, eventually, it, leaveOut } from '../support/suite.ts';
import { openText, revert } from './demo.ts';

/** The registry that the harness has started; empty where the machine has none. */
declare const registryHost: string;

const pin = 'plimsoll.pinDigest';

async function actionsAt(document: vscode.TextDocument, offset: number): Promise<readonly vscode.CodeAction[]> {
  const at = document.positionAt(offset);
  return vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(at, at),
    vscode.CodeActionKind.RefactorRewrite.value,
  );
}

describe('asking a registry', () => {
  const isNode = 'process' in globalThis;
  const image = `${registryHost}/team/web:1.2.3`;

  it('is offered at an image, with the name of who is asked', async () => {
    const document = await openText('dockerfile', 'FROM ghcr.io/team/web:1.2.3\nUSER app\n');
    await eventually(async () => {
      const titles = (await actionsAt(document, 8)).map(({ title }) => title);
      assert.deepEqual(titles, ['Pin to digest (asks ghcr.io)', 'Check for newer tag (asks ghcr.io)']);
    });
    assert.deepEqual((await actionsAt(document, document.getText().indexOf('USER'))).length, 0);
    await revert();
  });

  if (registryHost === '') leaveOut('pins an image to its digest', 'there is no `docker-registry` on the PATH');
  else if (isNode) {
    it('pins an image to the digest of its index', async () => {
      const document = await openText('dockerfile', `FROM ${image}\nUSER app\n`);
      assert.equal(await vscode.commands.executeCommand<boolean>(pin, document.uri, 8), true);
      assert.match(document.lineAt(0).text, /^FROM localhost:\d+\/team\/web:1\.2\.3@sha256:[0-9a-f]{64}$/);
      await revert();
    });

    it('changes nothing where the registry has no such image', async () => {
      const text = `FROM ${registryHost}/team/none:1\nUSER app\n`;
      const document = await openText('dockerfile', text);
      assert.equal(await vscode.commands.executeCommand<boolean>(pin, document.uri, 8), false);
      assert.equal(document.getText(), text);
      await revert();
    });
  } else {
    it('changes nothing in the browser, whose rules forbid it', async () => {
      const document = await openText('dockerfile', `FROM ${image}\nUSER app\n`);
      assert.equal(await vscode.commands.executeCommand<boolean>(pin, document.uri, 8), false);
      assert.equal(document.lineAt(0).text, `FROM ${image}`);
      await revert();
    });
  }
});
