import * as vscode from 'vscode';
import type { Fix } from '../core/engine/finding.ts';
import { minimalEdit, type TextEdit } from '../core/text/edit.ts';
import type { Span } from '../core/text/span.ts';

export function toRange(document: vscode.TextDocument, span: Span): vscode.Range {
  return new vscode.Range(document.positionAt(span.start), document.positionAt(span.end));
}

/** The text as a snippet, with a stop at each placeholder and all else taken literally. */
function toSnippet({ newText, placeholders = [] }: TextEdit): vscode.SnippetString {
  const snippet = new vscode.SnippetString();
  let done = 0;
  for (const { start, end } of placeholders) {
    snippet.appendText(newText.slice(done, start)).appendPlaceholder(newText.slice(start, end));
    done = end;
  }
  return snippet.appendText(newText.slice(done));
}

/** Edits of one document. Those with something to complete become snippets, the cursor in the first gap. */
export function toWorkspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const made = new vscode.WorkspaceEdit();
  made.set(
    document.uri,
    edits.map((edit) =>
      edit.placeholders === undefined
        ? vscode.TextEdit.replace(toRange(document, edit.span), edit.newText)
        : // The file's own indentation is in the text already.
          keepWhitespace(new vscode.SnippetTextEdit(toRange(document, edit.span), toSnippet(edit))),
    ),
  );
  return made;
}

function keepWhitespace(edit: vscode.SnippetTextEdit): vscode.SnippetTextEdit {
  // Newer than the oldest editor's typings, and ignored where it is unknown.
  return Object.assign(edit, { keepWhitespace: true });
}

/** The file that a fix makes beside the document, where it makes one. */
export function createdFile(document: vscode.TextDocument, { creates }: Fix): vscode.Uri | undefined {
  return creates && vscode.Uri.joinPath(document.uri, '..', creates.path);
}

function wholeOf(text: string): vscode.Range {
  const lines = text.split(/\r\n|\r|\n/);
  return new vscode.Range(0, 0, lines.length - 1, (lines.at(-1) ?? '').length);
}

/** A fix as the editor applies it, the new file included. */
export function fixEdit(document: vscode.TextDocument, fix: Fix): vscode.WorkspaceEdit {
  const made = toWorkspaceEdit(document, fix.edits);
  const created = createdFile(document, fix);
  if (fix.creates !== undefined && created !== undefined) {
    made.createFile(created, { ignoreIfExists: true });
    // Not as the new file's contents: those do not survive the editor's own code action command.
    made.replace(created, wholeOf(fix.creates.replaces ?? ''), fix.creates.text);
  }
  return made;
}

/** The one replacement that turns the document's text into `text`, or undefined where they are the same. */
export function rewrite(document: vscode.TextDocument, text: string): vscode.WorkspaceEdit | undefined {
  const old = document.getText();
  if (old === text) return undefined;
  return toWorkspaceEdit(document, [minimalEdit(old, { span: { start: 0, end: old.length }, newText: text })]);
}
