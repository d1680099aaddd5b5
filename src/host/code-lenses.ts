import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { toRange } from './edits.ts';
import { selector } from './languages.ts';
import { showWorkloadCommand } from './panel.ts';
import { isEnabled } from './settings.ts';

/** One line above each workload: what it asks for. A click shows it in the panel. */
export function registerCodeLenses(service: Service, documents: Documents): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      if (!isEnabled('codeLens', document)) return [];
      return service.lenses(documents.parse(document)).map(
        ({ span, title, workload }) =>
          new vscode.CodeLens(toRange(document, span), {
            title,
            command: showWorkloadCommand,
            arguments: [document.uri, workload],
            tooltip: 'Show this workload in the panel',
          }),
      );
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plimsoll')) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(selector, provider),
  );
}
