import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { toRange } from './edits.ts';
import { selector } from './languages.ts';
import { showWorkloadCommand } from './panel.ts';
import { isEnabled } from './settings.ts';

/** One line above each workload: what it asks for. A click shows it in the panel. In Dockerfiles: what re-runs a step. */
export function registerCodeLenses(service: Service, documents: Documents): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      if (!isEnabled('codeLens', document)) return [];
      const parsed = documents.parse(document);
      if (parsed.kind === 'dockerfile') {
        const checked = isEnabled('buildCacheLens', document) ? await documents.current(document) : undefined;
        if (checked === undefined) return [];
        return service
          .cacheLenses(checked.analysis.parsed, checked.surroundings)
          .map(({ span, title }) => new vscode.CodeLens(toRange(document, span), { title, command: '' }));
      }
      return service.lenses(parsed).map(
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
    // The folder may have been listed since the lenses were shown.
    documents.onDidCheck(({ analysis }) => {
      if (analysis.parsed.kind === 'dockerfile') changed.fire();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plimsoll')) changed.fire();
    }),
    vscode.languages.registerCodeLensProvider(selector, provider),
  );
}
