import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { toRange } from './edits.ts';

const kinds = { key: vscode.CompletionItemKind.Property, value: vscode.CompletionItemKind.Value } as const;

/** Keys and values of `.plimsoll.yaml`. */
export function registerCompletion(service: Service, documents: Documents): vscode.Disposable {
  const provider: vscode.CompletionItemProvider = {
    provideCompletionItems(document, position) {
      return service
        .complete(documents.parse(document), document.offsetAt(position))
        .map(({ kind, label, description, newText, span }) => {
          const item = new vscode.CompletionItem(label, kinds[kind]);
          item.documentation = new vscode.MarkdownString(description);
          item.insertText = newText;
          item.filterText = newText;
          item.range = toRange(document, span);
          return item;
        });
    },
  };
  const files: vscode.DocumentSelector = { language: 'yaml', pattern: '**/.plimsoll.{yaml,yml}' };
  return vscode.languages.registerCompletionItemProvider(files, provider, ':', ' ');
}
