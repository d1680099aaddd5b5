import * as vscode from 'vscode';
import type { FileReader } from '../core/service.ts';

const decoder = new TextDecoder('utf-8');

/** Reads files of the file system that `base` is in; unsaved text comes before what is saved. */
export function fileReader(base: vscode.Uri): FileReader {
  return {
    async read(path) {
      const uri = base.with({ path, query: '', fragment: '' });
      // Only unsaved ones: a document whose file was deleted stays open with its last text.
      const unsaved = vscode.workspace.textDocuments.find(
        (document) => document.isDirty && document.uri.toString() === uri.toString(),
      );
      return unsaved?.getText() ?? readText(uri);
    },
    async list(folder) {
      const found = await vscode.workspace.fs.readDirectory(base.with({ path: folder, query: '', fragment: '' }));
      return found.map(([name, type]) => ({
        name,
        kind:
          (type & vscode.FileType.SymbolicLink) !== 0 ? 'link' : type === vscode.FileType.Directory ? 'folder' : 'file',
      }));
    },
  };
}

/** A saved file's text; undefined where there is no such file, or it has more bytes than `atMost`. */
export async function readText(uri: vscode.Uri, atMost?: number): Promise<string | undefined> {
  try {
    if (atMost !== undefined && (await vscode.workspace.fs.stat(uri)).size > atMost) return undefined;
    return decoder.decode(await vscode.workspace.fs.readFile(uri));
  } catch (error) {
    if (error instanceof vscode.FileSystemError && isAbsence(error.code)) return undefined;
    throw error;
  }
}

function isAbsence(code: string): boolean {
  return code === 'FileNotFound' || code === 'FileIsADirectory' || code === 'FileNotADirectory';
}
