import * as vscode from 'vscode';
import { assert, describe, eventually, it, leaveOut } from '../support/suite.ts';
import { openText, revert } from './demo.ts';

/** The registry that the harness has started; empty where the machine has none. */
declare const registryHost: string;
/** The same behind a password: `reader`, `secret`. */
declare const lockedRegistryHost: string;

const pin = 'plimsoll.pinDigest';

/**
 * Answers for a person while `body` runs: the extension under test is given the same `vscode` as its tests. An installed one has
 * its own.
 */
async function asPerson<T>(answers: Partial<typeof vscode.window>, body: () => Thenable<T>): Promise<T> {
  const before: Partial<typeof vscode.window> = { ...vscode.window };
  Object.assign(vscode.window, answers);
  try {
    return await body();
  } finally {
    Object.assign(
      vscode.window,
      Object.fromEntries(Object.keys(answers).map((name) => [name, Reflect.get(before, name)])),
    );
  }
}

/** A test that answers for a person. */
const itAsPerson: typeof it = (name, body, milliseconds) => {
  const { path = '' } = vscode.extensions.getExtension('plimsoll.plimsoll')?.extensionUri ?? {};
  if (/-\d+\.\d+\.\d+[^/]*$/.test(path)) leaveOut(name, 'an installed extension does not share the API of its tests');
  else it(name, body, milliseconds);
};

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

    it('writes the digest into the argument that is the image', async () => {
      const document = await openText('dockerfile', `ARG BASE=${image}\nFROM \${BASE}\nUSER app\n`);
      const at = document.getText().indexOf('{BASE');
      assert.equal(await vscode.commands.executeCommand<boolean>(pin, document.uri, at), true);
      assert.match(document.lineAt(0).text, /^ARG BASE=localhost:\d+\/team\/web:1\.2\.3@sha256:[0-9a-f]{64}$/);
      await revert();
    });

    itAsPerson('goes over to a newer tag that is chosen', async () => {
      const document = await openText('dockerfile', `FROM ${image}\nUSER app\n`);
      const offered: unknown[] = [];
      const showQuickPick = async (items: unknown) => {
        assert.ok(Array.isArray(items));
        offered.push(...items);
        return items[0];
      };
      const newer = () => vscode.commands.executeCommand<boolean>('plimsoll.newerTag', document.uri, 8);
      assert.equal(await asPerson({ showQuickPick }, newer), true);
      assert.deepEqual(offered, [{ label: '1.3.0', description: 'newest minor version' }]);
      assert.equal(document.lineAt(0).text, `FROM ${registryHost}/team/web:1.3.0`);
      await revert();
    });

    itAsPerson('asks with the password that was given, until it is forgotten', async () => {
      const text = `FROM ${lockedRegistryHost}/team/web:1.2.3\nUSER app\n`;
      const said: string[] = [];
      const showErrorMessage = async (message: string, ...more: unknown[]) => {
        said.push([message, ...more].join(' | '));
        return undefined;
      };
      const pins = async () => {
        const document = await openText('dockerfile', text);
        const did = await asPerson({ showErrorMessage }, () =>
          vscode.commands.executeCommand<boolean>(pin, document.uri, 8),
        );
        assert.equal(document.getText() !== text, did);
        await revert();
        return did;
      };
      assert.equal(await pins(), false);
      const refusal = `${lockedRegistryHost} does not let you read team/web: sign in, or check its name | Sign In`;
      assert.deepEqual(said, [refusal]);
      const answers = ['reader', 'secret'];
      await asPerson({ showInputBox: async () => answers.shift() }, () =>
        vscode.commands.executeCommand('plimsoll.registrySignIn', lockedRegistryHost),
      );
      assert.equal(await pins(), true);
      await vscode.commands.executeCommand('plimsoll.registrySignOut', lockedRegistryHost);
      assert.equal(await pins(), false);
      assert.deepEqual(said, [refusal, refusal]);
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
      const said: string[] = [];
      const showErrorMessage = async (message: string) => {
        said.push(message);
        return undefined;
      };
      const pins = () => vscode.commands.executeCommand<boolean>(pin, document.uri, 8);
      assert.equal(await asPerson({ showErrorMessage }, pins), false);
      assert.equal(document.lineAt(0).text, `FROM ${image}`);
      assert.deepEqual(said, [
        `The browser’s rules forbid an extension to ask ${registryHost}: use VS Code on the desktop or a remote machine for this`,
      ]);
      await revert();
    });
  }
});
