import * as vscode from 'vscode';
import { isToHost, type PanelState, protocolVersion, type ToPanel } from '../protocol/messages.ts';
import type { Log } from './log.ts';
import type { PanelModel } from './panel-model.ts';

export const showWorkloadCommand = 'plimsoll.showWorkload';
const viewId = 'plimsoll.load';
const besideType = 'plimsoll.loadBeside';
const pinnedContext = 'plimsoll.pinned';

function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The page of the panel: no text of a document is in it, that comes by messages. */
function page(webview: vscode.Webview, dist: vscode.Uri): string {
  const nonce = newNonce();
  const file = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" nonce="${nonce}" href="${file('panel.css')}">
<title>Plimsoll: Load</title>
</head>
<body>
<div id="panel"></div>
<script nonce="${nonce}" src="${file('panel.js')}"></script>
</body>
</html>`;
}

/** The panel in its own view, and the same in an editor column. */
export function registerPanel(extension: vscode.Uri, model: PanelModel, log: Log): vscode.Disposable {
  const dist = vscode.Uri.joinPath(extension, 'dist');
  let view: vscode.WebviewView | undefined;
  let beside: vscode.WebviewPanel | undefined;

  const connect = (
    webview: vscode.Webview,
    place: PanelState['place'],
    isVisible: () => boolean,
  ): vscode.Disposable => {
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const post = (message: ToPanel): void => {
      webview.postMessage(message).then(undefined, (error: unknown) => log.failure('The panel did not hear', error));
    };
    let waiting: number | undefined;
    const sendNow = (): void => {
      clearTimeout(waiting);
      waiting = undefined;
      post({ protocol: protocolVersion, kind: 'state', state: { place, ...model.state() } });
    };
    /** Several changes at once make one state; a panel that nobody sees asks for its own when it is shown. */
    const send = (): void => {
      if (isVisible()) waiting ??= setTimeout(sendNow, 0);
    };
    /** One request after the other: a draft and its Apply arrive in this order. */
    let queue: Promise<unknown> = Promise.resolve();
    const receive = (message: unknown): void => {
      if (!isToHost(message)) {
        log.warn('The panel sent a message that this version does not know.');
        return;
      }
      queue = queue.then(async () => {
        const outcome = await model.handle(message.request);
        // The reply says that the request is done: the state that shows it goes before.
        if (waiting !== undefined || message.request.kind === 'ready') sendNow();
        post({ protocol: protocolVersion, kind: 'reply', to: message.id, outcome });
      });
    };
    const listening = vscode.Disposable.from(webview.onDidReceiveMessage(receive), model.onDidChange(send), {
      dispose: () => clearTimeout(waiting),
    });
    webview.html = page(webview, dist);
    return listening;
  };

  const describeView = (): void => {
    const { file, pinned } = model.heading();
    if (view !== undefined) view.description = file === undefined ? '' : pinned ? `${file} (pinned)` : file;
    if (beside !== undefined) beside.title = file === undefined ? 'Load' : `Load: ${file}`;
    vscode.commands
      .executeCommand('setContext', pinnedContext, pinned)
      .then(undefined, (error: unknown) => log.failure('The pin could not be shown', error));
  };

  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView(resolved) {
      view = resolved;
      const connection = connect(resolved.webview, 'view', () => resolved.visible);
      describeView();
      resolved.onDidDispose(() => {
        connection.dispose();
        view = undefined;
      });
    },
  };

  const showBeside = (): void => {
    if (beside !== undefined) {
      beside.reveal(undefined, true);
      return;
    }
    standBeside(
      vscode.window.createWebviewPanel(besideType, 'Load', {
        viewColumn: vscode.ViewColumn.Beside,
        preserveFocus: true,
      }),
    );
  };

  const standBeside = (made: vscode.WebviewPanel): void => {
    made.iconPath = {
      light: vscode.Uri.joinPath(extension, 'media', 'icon-light.svg'),
      dark: vscode.Uri.joinPath(extension, 'media', 'icon-dark.svg'),
    };
    beside = made;
    const connection = connect(made.webview, 'editor', () => made.visible);
    describeView();
    made.onDidDispose(() => {
      connection.dispose();
      beside = undefined;
    });
  };

  /** The editor gives the column back after its window was loaded again. */
  const serializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel(made) {
      if (beside === undefined) standBeside(made);
      else made.dispose();
      return Promise.resolve();
    },
  };

  const show = () => vscode.commands.executeCommand(`${viewId}.focus`);

  const showWorkload = async (uri: unknown, workload: unknown): Promise<void> => {
    if (!(uri instanceof vscode.Uri) || typeof workload !== 'string') return;
    model.showWorkload(await vscode.workspace.openTextDocument(uri), workload);
    if (beside?.visible !== true) await show();
  };

  return vscode.Disposable.from(
    vscode.window.registerWebviewViewProvider(viewId, provider),
    vscode.window.registerWebviewPanelSerializer(besideType, serializer),
    vscode.commands.registerCommand('plimsoll.showPanel', show),
    vscode.commands.registerCommand('plimsoll.showPanelBeside', showBeside),
    vscode.commands.registerCommand('plimsoll.pinPanel', () => model.setPinned(true)),
    vscode.commands.registerCommand('plimsoll.unpinPanel', () => model.setPinned(false)),
    vscode.commands.registerCommand(showWorkloadCommand, showWorkload),
    model.onDidChange(describeView),
    { dispose: () => beside?.dispose() },
  );
}
