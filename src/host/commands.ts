import * as vscode from 'vscode';
import type { Log } from './log.ts';

/** The commands that belong to no other feature. */
export function registerCommands(log: Log): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand('plimsoll.showLog', () => log.show()),
    vscode.commands.registerCommand('plimsoll.fixAll', () =>
      vscode.commands.executeCommand('editor.action.sourceAction', { kind: 'source.fixAll.plimsoll', apply: 'first' }),
    ),
  );
}
