import * as vscode from 'vscode';
import { isCandidateName, isDockerfileName, isSettingsName } from '../core/parsed.ts';
import type { Service } from '../core/service.ts';
import { type Documents, pause } from './documents.ts';
import { readText } from './file-reader.ts';
import { isChecked } from './languages.ts';
import type { Log } from './log.ts';

/** Images of manifests are built from Dockerfiles. Patterns know no case: `isDockerfileName` decides. */
const manifests =
  '**/{*.yaml,*.yml,Dockerfile,Dockerfile.*,Containerfile,Containerfile.*,*.dockerfile,*.Dockerfile,*.containerfile}';
const unwanted = '**/{node_modules,.git,.hg,vendor}/**';
/** Beyond so many files nothing is said of what is in none of them. */
const mostFiles = 5_000;
/** Larger ones are generated, and nobody refers to what is in them by hand. */
const largest = 1_000_000;

/**
 * Keeps the service's index of the workspace up to date: what is saved at first, then each edit, rename and delete. Open
 * manifests are checked again when another has changed.
 */
export function watchWorkspace(service: Service, documents: Documents, log: Log): vscode.Disposable {
  const { workspace } = service;
  let stopped = false;
  /** Files that are gone although a document of theirs is open: its text no longer counts. */
  const deleted = new Set<string>();

  const isOpen = (uri: vscode.Uri) =>
    vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());

  /** A manifest anywhere may be the one that another names. */
  const changed = (path?: string): void =>
    documents.recheck((document) => document.uri.path !== path && !isDockerfileName(document.uri.path));

  const take = async (uri: vscode.Uri): Promise<boolean> => {
    if (isOpen(uri) || !(isCandidateName(uri.path) || isSettingsName(uri.path))) return false;
    const text = await readText(uri, largest);
    if (text === undefined) return workspace.remove(uri.path);
    return workspace.update({ path: uri.path, languageId: '', text });
  };

  const takeAndTell = (uri: vscode.Uri): void => {
    take(uri).then(
      (different) => {
        if (different) changed(uri.path);
      },
      (error: unknown) => log.failure('A manifest could not be read', error),
    );
  };

  const readAll = async (): Promise<void> => {
    const files = await vscode.workspace.findFiles(manifests, unwanted, mostFiles + 1);
    if (files.length > mostFiles) {
      log.info(`There are more than ${mostFiles} YAML files and Dockerfiles: references between them are not checked.`);
      return;
    }
    for (const uri of files) {
      if (stopped) return;
      try {
        await take(uri);
      } catch (error) {
        log.failure('A manifest could not be read', error);
      }
      await pause();
    }
    changed();
  };

  /** Of a new folder the editor may tell no more than the folder: what was put into it before it was watched is missed. */
  const takeFolder = async (uri: vscode.Uri): Promise<void> => {
    if (/\/(?:node_modules|\.git|\.hg|vendor)(?:\/|$)/.test(uri.path)) return;
    const { type } = await vscode.workspace.fs.stat(uri);
    if (type !== vscode.FileType.Directory) return;
    const files = await vscode.workspace.findFiles(new vscode.RelativePattern(uri, manifests), unwanted, mostFiles);
    for (const file of files) takeAndTell(file);
  };

  const watcher = vscode.workspace.createFileSystemWatcher(manifests);
  const folders = vscode.workspace.createFileSystemWatcher('**/*', false, true, true);
  const subscriptions = [
    watcher,
    folders,
    folders.onDidCreate((uri) => {
      takeFolder(uri).catch((error: unknown) => {
        // What is gone again by now has nothing in it.
        const gone = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
        if (!gone) log.failure('A new folder could not be listed', error);
      });
    }),
    watcher.onDidCreate((uri) => {
      deleted.delete(uri.path);
      takeAndTell(uri);
    }),
    watcher.onDidChange(takeAndTell),
    watcher.onDidDelete((uri) => {
      deleted.add(uri.path);
      if (workspace.remove(uri.path)) changed();
    }),
    documents.onDidCheck(({ document, analysis }) => {
      const { kind, file } = analysis.parsed;
      if (document.uri.scheme === 'untitled' || deleted.has(document.uri.path)) return;
      if (workspace.update({ ...file, languageId: kind === 'dockerfile' ? kind : '' })) changed(file.path);
    }),
    // Its unsaved text is gone: what is saved counts again.
    documents.onDidForget((document) => {
      if (isChecked(document) && document.uri.scheme !== 'untitled') takeAndTell(document.uri);
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => startReading()),
  ];
  const startReading = (): void => {
    readAll().catch((error: unknown) => log.failure('The manifests of the workspace could not be listed', error));
  };
  startReading();
  return {
    dispose() {
      stopped = true;
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
