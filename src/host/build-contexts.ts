import * as vscode from 'vscode';
import type { Parsed } from '../core/parsed.ts';
import type { Service, Surroundings } from '../core/service.ts';
import { fileReader } from './file-reader.ts';

/** How long files must have stopped coming and going before a folder is listed again, in milliseconds. */
const quiet = 500;

/** The folders of Dockerfiles and Compose files, listed when one is first checked and again when files come or go. */
export interface BuildContexts extends vscode.Disposable {
  /** What is known by now. */
  known(uri: vscode.Uri): Surroundings['context'];
  /** Lists the folder where it is needed and not known yet; whether there is more to show than before. */
  ask(parsed: Parsed, uri: vscode.Uri): Promise<boolean>;
  /** Fires with what tells whose folder has changed. */
  readonly onDidChange: vscode.Event<(uri: vscode.Uri) => boolean>;
}

function folderOf(uri: vscode.Uri): string {
  return vscode.Uri.joinPath(uri, '..').toString();
}

export function createBuildContexts(service: Service): BuildContexts {
  /** By folder; promises, so that several Dockerfiles of one folder list it once. */
  const asked = new Map<string, Promise<Surroundings['context']>>();
  const listed = new Map<string, Surroundings['context']>();
  const changed = new vscode.EventEmitter<(uri: vscode.Uri) => boolean>();
  const stale = new Set<string>();
  let timer: number | undefined;

  const tell = (): void => {
    const folders = new Set(stale);
    stale.clear();
    for (const folder of folders) {
      asked.delete(folder);
      listed.delete(folder);
    }
    changed.fire((uri) => folders.has(folderOf(uri)));
  };

  const touch = (uri: vscode.Uri): void => {
    const path = uri.toString();
    for (const folder of asked.keys()) if (path.startsWith(`${folder.replace(/\/$/, '')}/`)) stale.add(folder);
    if (stale.size === 0) return;
    clearTimeout(timer);
    timer = setTimeout(tell, quiet);
  };

  const watcher = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
  const subscriptions = [changed, watcher, watcher.onDidCreate(touch), watcher.onDidDelete(touch)];
  return {
    onDidChange: changed.event,
    known: (uri) => listed.get(folderOf(uri)),
    async ask(parsed, uri) {
      if ((parsed.kind !== 'dockerfile' && parsed.kind !== 'compose') || uri.scheme === 'untitled') return false;
      const folder = folderOf(uri);
      if (listed.has(folder)) return false;
      const asking = asked.get(folder) ?? service.buildContext(parsed, fileReader(uri));
      asked.set(folder, asking);
      const context = await asking;
      // Another file of the folder may name something where this one does not.
      if (asked.get(folder) !== asking) return false;
      if (context === undefined) asked.delete(folder);
      else listed.set(folder, context);
      return context !== undefined;
    },
    dispose() {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
