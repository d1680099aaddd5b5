import * as vscode from 'vscode';
import type { Severity } from '../core/engine/settings.ts';
import { isCandidateName, isDockerfileName } from '../core/parsed.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { Documents } from './documents.ts';
import { readText } from './file-reader.ts';
import type { Log } from './log.ts';

const wanted =
  '**/{Dockerfile,Dockerfile.*,*.dockerfile,*.Dockerfile,Containerfile,Containerfile.*,*.containerfile,*.yaml,*.yml}';
const unwanted = '**/{node_modules,.git,.hg,vendor}/**';
/** Larger files are generated ones: they are counted, not read. */
const largestFile = 2_000_000;

type Tally = Record<Severity, number> & { files: number; affected: number; skipped: number };

function plural(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function told(tally: Tally, cancelled: boolean): string {
  const counts = [
    tally.error > 0 ? plural(tally.error, 'error') : '',
    tally.warning > 0 ? plural(tally.warning, 'warning') : '',
    tally.information > 0 ? plural(tally.information, 'remark') : '',
  ].filter((part) => part !== '');
  const found = counts.length === 0 ? 'nothing to mend' : `${counts.join(', ')} in ${plural(tally.affected, 'file')}`;
  const skipped = tally.skipped > 0 ? ` ${plural(tally.skipped, 'file')} could not be read.` : '';
  return `${cancelled ? 'Stopped after' : 'Checked'} ${plural(tally.files, 'file')}: ${found}.${skipped}`;
}

/** Checks all files of the workspace, with progress and cancel; what is found stands in the Problems view. */
export function registerScan(documents: Documents, diagnostics: Diagnostics, log: Log): vscode.Disposable {
  const checkOne = async (uri: vscode.Uri, tally: Tally): Promise<void> => {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    const live = open && (await documents.current(open));
    const { size } = live ? { size: 0 } : await vscode.workspace.fs.stat(uri);
    const text = live || size > largestFile ? undefined : await readText(uri);
    if (live === undefined && text === undefined) {
      tally.skipped++;
      return;
    }
    const languageId = isDockerfileName(uri.path) ? 'dockerfile' : 'yaml';
    const analysis =
      live?.analysis ?? (await documents.checkFile(uri, { path: uri.path, languageId, text: text ?? '' }));
    if (live === undefined && text !== undefined) diagnostics.setScanned(uri, text, analysis.findings);
    if (analysis.parsed.kind !== 'other') tally.files++;
    if (analysis.findings.length > 0) tally.affected++;
    for (const { severity } of analysis.findings) tally[severity]++;
  };

  const scan = async (
    progress: vscode.Progress<{ message?: string; increment?: number }>,
    token: vscode.CancellationToken,
  ): Promise<Tally> => {
    const tally: Tally = { files: 0, affected: 0, skipped: 0, error: 0, warning: 0, information: 0 };
    diagnostics.clearScanned();
    const found = await vscode.workspace.findFiles(wanted, unwanted, undefined, token);
    const files = found.filter(({ path }) => isCandidateName(path));
    for (const [at, uri] of files.entries()) {
      if (token.isCancellationRequested) break;
      progress.report({ message: `${at + 1} of ${files.length}`, increment: 100 / files.length });
      try {
        await checkOne(uri, tally);
      } catch (error) {
        tally.skipped++;
        log.failure('A file could not be checked', error);
      }
    }
    return tally;
  };

  return vscode.commands.registerCommand('plimsoll.scanWorkspace', async () => {
    if ((vscode.workspace.workspaceFolders ?? []).length === 0) {
      await vscode.window.showInformationMessage('Open a folder first: there is no workspace to check.');
      return undefined;
    }
    let cancelled = false;
    const tally = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Plimsoll: checking the workspace', cancellable: true },
      async (progress, token) => {
        const result = await scan(progress, token);
        cancelled = token.isCancellationRequested;
        return result;
      },
    );
    const message = told(tally, cancelled);
    log.info(message);
    // Not awaited: the command is done, the message stays until it is read.
    vscode.window.showInformationMessage(message, 'Show Problems').then(
      (choice) =>
        choice === undefined ? undefined : vscode.commands.executeCommand('workbench.actions.view.problems'),
      (error: unknown) => log.failure('The result of the scan could not be shown', error),
    );
    return { ...tally };
  });
}
