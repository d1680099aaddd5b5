import * as vscode from 'vscode';
import { assert, describe, eventually, it } from '../support/suite.ts';
import { fileUri, findingOf, openFile, openText, revert } from './demo.ts';

function words(hovers: readonly vscode.Hover[]): string {
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

async function hoverAt(document: vscode.TextDocument, needle: string): Promise<string> {
  const position = document.positionAt(document.getText().indexOf(needle) + needle.length - 1);
  return words(
    await vscode.commands.executeCommand<readonly vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      position,
    ),
  );
}

describe('features', () => {
  it('explain a quantity on hover', async () => {
    const document = await openFile('deployment.yaml');
    await findingOf(document, 'kubernetes/image-not-pinned');
    assert.match(await hoverAt(document, 'memory: 256Mi'), /268,435,456/);
    assert.match(await hoverAt(document, 'resources'), /Burstable/);
  });

  it('tell each workload’s load in one line above it', async () => {
    const document = await openFile('deployment.yaml');
    const lenses = await eventually(async () => {
      const found = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      assert.ok(found.some(({ command }) => command?.command === 'plimsoll.showWorkload'));
      return found;
    });
    const [lens] = lenses.filter(({ command }) => command?.command === 'plimsoll.showWorkload');
    assert.equal(lens?.command?.title, '3 × Burstable · 300m–1.5 CPU · 768Mi–3Gi');
    await vscode.commands.executeCommand('plimsoll.showWorkload', ...(lens?.command?.arguments ?? []));
  });

  it('tell above each step of an image what makes the builder run it again', async () => {
    const document = await openFile('Dockerfile');
    const titles = async () => {
      const lenses = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        50,
      );
      return lenses.map(({ command, range }) => `${range.start.line + 1} ${command?.title}`);
    };
    // The folder is listed beside the first check.
    await eventually(async () =>
      assert.ok(
        (await titles()).some((title) => /^5 .*\b5 files\b/.test(title)),
        (await titles()).join('; '),
      ),
    );
    const settings = vscode.workspace.getConfiguration('plimsoll');
    await settings.update('buildCacheLens.enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      await eventually(async () => assert.deepEqual(await titles(), []));
    } finally {
      await settings.update('buildCacheLens.enabled', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  it('are silent where their setting says so', async () => {
    const document = await openFile('deployment.yaml');
    const settings = vscode.workspace.getConfiguration('plimsoll');
    const target = vscode.ConfigurationTarget.Workspace;
    for (const feature of ['hover', 'codeLens', 'inlayHints'])
      await settings.update(`${feature}.enabled`, false, target);
    try {
      assert.equal(await hoverAt(document, 'memory: 256Mi'), '');
      const lenses = await vscode.commands.executeCommand<readonly vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      assert.equal(lenses.length, 0);
      const hints = await vscode.commands.executeCommand<readonly vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, document.lineCount, 0),
      );
      assert.equal(hints.length, 0);
    } finally {
      for (const feature of ['hover', 'codeLens', 'inlayHints'])
        await settings.update(`${feature}.enabled`, undefined, target);
    }
  });

  it('tell how old an official image is, and complete its tags', async () => {
    const document = await openFile('Dockerfile');
    await eventually(async () =>
      assert.match(await hoverAt(document, 'python:3.7'), /Python 3&#46;7 ended on 2023-06-27/),
    );
    const hints = async () =>
      (
        await vscode.commands.executeCommand<readonly vscode.InlayHint[]>(
          'vscode.executeInlayHintProvider',
          document.uri,
          new vscode.Range(0, 0, 1, 0),
        )
      ).map(({ label }) => label);
    assert.deepEqual(await hints(), ['ended 2023-06']);
    const settings = vscode.workspace.getConfiguration('plimsoll');
    await settings.update('imageAgeHints.enabled', false, vscode.ConfigurationTarget.Workspace);
    try {
      await eventually(async () => assert.deepEqual(await hints(), []));
    } finally {
      await settings.update('imageAgeHints.enabled', undefined, vscode.ConfigurationTarget.Workspace);
    }
    const typed = await openText('dockerfile', 'FROM python:\n');
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      typed.uri,
      new vscode.Position(0, 12),
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const tag of ['3.14-slim', '3.14']) assert.ok(labels.includes(tag), tag);
    await revert();
  });

  it('complete .plimsoll.yaml and check it', async () => {
    const uri = fileUri('.plimsoll.yaml');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('profle: strict\npolicy:\n  cpuLimits: \n'));
    try {
      const document = await openFile('.plimsoll.yaml');
      await findingOf(document, 'file/settings');
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(2, 13),
      );
      const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      for (const value of ['optional', 'required', 'forbidden']) assert.ok(labels.includes(value), value);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  it('heed a .plimsoll.yaml beside the file', async () => {
    const uri = fileUri('.plimsoll.yaml');
    const document = await openFile('deployment.yaml');
    await findingOf(document, 'kubernetes/image-not-pinned');
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode('rules:\n  kubernetes/image-not-pinned: off\n'));
    const count = () => vscode.languages.getDiagnostics(document.uri).length;
    try {
      await eventually(() => assert.equal(count(), 6));
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
    await eventually(() => assert.equal(count(), 7));
  });

  it('show a rule’s page', async () => {
    await vscode.commands.executeCommand('plimsoll.showRule', 'dockerfile/maintainer');
    await eventually(() => {
      const labels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
      assert.ok(
        labels.some((label) => label.includes('maintainer')),
        labels.join(', '),
      );
    });
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('are all commands of the manifest', async () => {
    const extension = vscode.extensions.getExtension('plimsoll.plimsoll');
    const manifest: { contributes: { commands: readonly { command: string }[] } } = extension?.packageJSON;
    const known = await vscode.commands.getCommands(true);
    for (const { command } of manifest.contributes.commands) assert.ok(known.includes(command), command);
  });
});
