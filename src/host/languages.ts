import type * as vscode from 'vscode';

/** The languages whose documents are checked; the manifest's activation events name the same. */
const languages: readonly string[] = ['dockerfile', 'yaml', 'dockercompose'];

/** Old versions, logs, search results and our own pages are no files that a person mends. */
const unwantedSchemes: readonly string[] = ['git', 'gitfs', 'output', 'search-editor', 'plimsoll-rule'];

/** For the providers of editor features. */
export const selector: vscode.DocumentSelector = languages.map((language) => ({ language }));

export function isChecked(document: vscode.TextDocument): boolean {
  return languages.includes(document.languageId) && !unwantedSchemes.includes(document.uri.scheme);
}

/** Whether the panel may show a document, even if only to say that there is nothing in it. */
export function isFollowed(document: vscode.TextDocument): boolean {
  return !unwantedSchemes.includes(document.uri.scheme);
}

/** Whether the panel leaves another file for a document: a program's source has nothing to show. */
export function mayHaveLoad(document: vscode.TextDocument): boolean {
  return isChecked(document) || (isFollowed(document) && /\.ya?ml$/i.test(document.uri.path));
}
