import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { toRange } from './edits.ts';
import { selector } from './languages.ts';
import { isEnabled } from './settings.ts';

export function registerHover(service: Service, documents: Documents): vscode.Disposable {
  return vscode.languages.registerHoverProvider(selector, {
    async provideHover(document, position) {
      if (!isEnabled('hover', document)) return undefined;
      const checked = await documents.current(document);
      if (checked === undefined) return undefined;
      const { parsed, settings } = checked.analysis;
      const hover = service.hover(parsed, document.offsetAt(position), settings, checked.surroundings.images);
      if (hover === undefined) return undefined;
      return new vscode.Hover(new vscode.MarkdownString(hover.markdown), toRange(document, hover.span));
    },
  });
}
