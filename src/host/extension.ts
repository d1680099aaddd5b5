import * as vscode from 'vscode';

/** Called by the editor when a document of one of our languages is opened. */
export function activate(context: vscode.ExtensionContext): void {
  const diagnostics = vscode.languages.createDiagnosticCollection('plimsoll');
  context.subscriptions.push(diagnostics);
}
