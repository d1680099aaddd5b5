import * as vscode from 'vscode';
import type { FileReader } from '../core/service.ts';

const decoder = new TextDecoder('utf-8');

/** Reads files of the file system that `base` is in; an open document's text comes before what is saved. */
export function fileReader(base: vscode.Uri): FileReader {
  return {
    async read(path) {
      const uri = base.with({ path, query: '', fragment: '' });
      const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
      if (open !== undefined) return open.getText();
      return readText(uri);
    },
  };
}

/** A saved file's text; undefined where there is no such file. */
export async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    return decoder.decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && isAbsence(error.code)) return undefined;
    throw error;
  }
}

function isAbsence(code: string): boolean {
  return code === 'FileNotFound' || code === 'FileIsADirectory' || code === 'FileNotADirectory';
}
