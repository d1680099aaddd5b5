/** What the suites inside the editor share: the demo's files and what Plimsoll says of them. */
import * as vscode from 'vscode';
import { assert, eventually } from '../support/suite.ts';

/** Address of a file of the opened workspace. */
export function fileUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a workspace is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file in the editor, its unsaved changes of earlier tests thrown away. */
export async function openFile(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  await vscode.window.showTextDocument(document, { preview: false });
  if (document.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
  return document;
}

/** Opens text that is in no file. */
export async function openText(language: string, content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** A finding as the tests compare it: rule, place counted from one, text under it. */
export type Shown = readonly [rule: string, place: string, text: string];

function ruleOf({ code }: vscode.Diagnostic): string {
  return typeof code === 'object' ? String(code.value) : String(code);
}

/** Our diagnostics of a document, in the order of the file. */
export function diagnostics(document: vscode.TextDocument): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === 'plimsoll')
    .toSorted((a, b) => a.range.start.compareTo(b.range.start) || ruleOf(a).localeCompare(ruleOf(b)));
}

export function shown(document: vscode.TextDocument): readonly Shown[] {
  return diagnostics(document).map((diagnostic) => {
    const { start } = diagnostic.range;
    return [ruleOf(diagnostic), `${start.line + 1}:${start.character + 1}`, document.getText(diagnostic.range)];
  });
}

/** Waits until the editor shows exactly these findings. */
export async function showsExactly(document: vscode.TextDocument, expected: readonly Shown[]): Promise<void> {
  await eventually(() => assert.deepEqual(shown(document), expected));
}

/** Waits for the one finding of a rule. */
export function findingOf(document: vscode.TextDocument, rule: string): Promise<vscode.Diagnostic> {
  return eventually(() => {
    const found = diagnostics(document).find((diagnostic) => ruleOf(diagnostic) === rule);
    assert.ok(found, `${rule} is shown`);
    return found;
  });
}

/** The quick-fixes that the editor offers at a finding. */
export async function fixesAt(
  document: vscode.TextDocument,
  { range }: vscode.Diagnostic,
): Promise<readonly vscode.CodeAction[]> {
  const kind = vscode.CodeActionKind.QuickFix.value;
  const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    kind,
    50,
  );
  return actions;
}

/** Throws away the changes of the active document. */
export async function revert(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.files.revert');
}
