import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { selector } from './languages.ts';
import { isEnabled } from './settings.ts';

export function registerInlayHints(service: Service, documents: Documents): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let known = false;
  const provider: vscode.InlayHintsProvider = {
    onDidChangeInlayHints: changed.event,
    async provideInlayHints(document, range) {
      const [values, ages] = [isEnabled('inlayHints', document), isEnabled('imageAgeHints', document)];
      if (!values && !ages) return [];
      const checked = await documents.current(document);
      if (checked === undefined) return [];
      const start = document.offsetAt(range.start);
      const end = document.offsetAt(range.end);
      const { parsed, settings } = checked.analysis;
      const { images } = checked.surroundings;
      return [
        ...(values ? service.inlayHints(parsed, settings) : []),
        ...(ages && images ? service.imageHints(parsed, images) : []),
      ]
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
    documents.onDidCheck(({ surroundings: { images } }) => {
      // The data of images arrives once, after the first check.
      if (images !== undefined && !known) changed.fire();
      known ||= images !== undefined;
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plimsoll')) changed.fire();
    }),
    vscode.languages.registerInlayHintsProvider(selector, provider),
  );
}
