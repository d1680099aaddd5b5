import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { selector } from './languages.ts';
import { isEnabled } from './settings.ts';

export function registerInlayHints(service: Service, documents: Documents): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range) {
      if (!isEnabled('inlayHints', document)) return [];
      const checked = await documents.current(document);
      if (checked === undefined) return [];
      const start = document.offsetAt(range.start);
      const end = document.offsetAt(range.end);
      const { parsed, settings } = checked.analysis;
      return service
        .inlayHints(parsed, settings)
        .filter(({ offset }) => start <= offset && offset <= end)
        .map(({ offset, label, tooltip }) => {
          const hint = new vscode.InlayHint(document.positionAt(offset), label);
          hint.paddingLeft = true;
          hint.tooltip = tooltip;
          return hint;
        });
    },
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plimsoll')) changed.fire();
    }),
    vscode.languages.registerInlayHintsProvider(selector, provider),
  );
}
