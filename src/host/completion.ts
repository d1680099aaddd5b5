import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { toRange } from './edits.ts';
import { selector } from './languages.ts';

const kinds = { key: vscode.CompletionItemKind.Property, value: vscode.CompletionItemKind.Value } as const;

/** Keys and values of `.plimsoll.yaml`; names and tags of official images everywhere else. */
export function registerCompletion(service: Service, documents: Documents): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    provideCompletionItems(document, position) {
      return service
        .complete(documents.parse(document), document.offsetAt(position), documents.last(document)?.surroundings.images)
        .map(({ kind, label, description, newText, span, order }) => {
          const item = new vscode.CompletionItem(label, kinds[kind]);
          item.documentation = new vscode.MarkdownString(description);
          item.insertText = newText;
          item.filterText = newText;
          if (order !== undefined) item.sortText = `${order}`.padStart(6, '0');
          item.range = toRange(document, span);
          return item;
        });
    },
  };
  return vscode.languages.registerCompletionItemProvider(selector, provider, ':', ' ', '=');
}
