import * as vscode from 'vscode';
import {
  type Credentials,
  digestOf,
  type HttpClient,
  RegistryError,
  type RegistryImage,
  registryImage,
  tagsOf,
} from '../core/registry/client.ts';
import { newerTags } from '../core/registry/newer-tags.ts';
import type { Service, WrittenImage } from '../core/service.ts';
import type { Documents } from './documents.ts';
import { toRange } from './edits.ts';
import { isChecked, selector } from './languages.ts';
import type { Log } from './log.ts';

/** How long one request may take, in milliseconds. */
const patience = 15_000;

const pinCommand = 'plimsoll.pinDigest';
const newerCommand = 'plimsoll.newerTag';

/** A request took too long. */
class TimeoutError extends Error {}

function inBrowser(): boolean {
  return typeof process !== 'object';
}

function httpClient(token: vscode.CancellationToken): HttpClient {
  return async ({ method, url, headers }) => {
    const abort = new AbortController();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      abort.abort();
    }, patience);
    const cancelled = token.onCancellationRequested(() => abort.abort());
    try {
      const response = await fetch(url, { method, headers, signal: abort.signal });
      const text = method === 'HEAD' ? '' : await response.text();
      return {
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        text: async () => text,
      };
    } catch (error) {
      if (late) throw new TimeoutError();
      throw error;
    } finally {
      clearTimeout(timer);
      cancelled.dispose();
    }
  };
}

/** What to tell a person; undefined where they gave it up themselves. Never with what was sent. */
function explained(error: unknown, registry: string, token: vscode.CancellationToken): string | undefined {
  if (token.isCancellationRequested) return undefined;
  if (error instanceof RegistryError) return error.message;
  if (error instanceof TimeoutError) return `${registry} did not answer within ${patience / 1000} s`;
  if (inBrowser())
    return `The browser’s rules forbid an extension to ask ${registry}: use VS Code on the desktop or a remote machine for this`;
  return `${registry} could not be reached: is there a network, and does it want a proxy?`;
}

function secretKey(registry: string): string {
  return `registry ${registry}`;
}

async function credentialsFor(secrets: vscode.SecretStorage, registry: string): Promise<Credentials | undefined> {
  const kept = await secrets.get(secretKey(registry));
  if (kept === undefined) return undefined;
  const read: unknown = JSON.parse(kept);
  if (typeof read !== 'object' || read === null || !('user' in read) || !('password' in read)) return undefined;
  return { user: String(read.user), password: String(read.password) };
}

/** The image that a command is about: the one that a code action names, else the one at the cursor. */
interface Chosen {
  readonly document: vscode.TextDocument;
  readonly image: WrittenImage;
}

/**
 * What asks a registry, and only when a person says so: pin an image to its digest, look for newer tags, sign in and out.
 * Credentials are in the editor's secret storage and nowhere else.
 */
export function registerRegistry(
  secrets: vscode.SecretStorage,
  service: Service,
  documents: Documents,
  log: Log,
): vscode.Disposable {
  const imageIn = (document: vscode.TextDocument, offset: number): WrittenImage | undefined =>
    isChecked(document) ? service.imageAt(documents.parse(document), offset) : undefined;

  const chosen = async (uri: unknown, offset: unknown): Promise<Chosen | undefined> => {
    const editor = vscode.window.activeTextEditor;
    const document = uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
    const at = typeof offset === 'number' ? offset : editor && document?.offsetAt(editor.selection.active);
    const image = document && at !== undefined ? imageIn(document, at) : undefined;
    if (document === undefined || image === undefined) {
      await vscode.window.showInformationMessage('Put the cursor on an image first: behind FROM or in `image:`.');
      return undefined;
    }
    return { document, image };
  };

  const asked = async <T>(
    image: WrittenImage,
    ask: (client: HttpClient, at: RegistryImage, credentials: Credentials | undefined) => Promise<T>,
  ): Promise<T | undefined> => {
    const at = registryImage(image.registry, image.repository);
    const title = `Asking ${at.registry} about ${at.repository}`;
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, async (_progress, token) => {
      try {
        const credentials = await credentialsFor(secrets, at.registry);
        return await ask(httpClient(token), at, credentials);
      } catch (error) {
        const message = explained(error, at.registry, token);
        log.failure('A registry gave no answer', error);
        // Not awaited: the progress ends now, the message stays until it is read.
        if (message !== undefined) showError(message, at.registry);
        return undefined;
      }
    });
  };

  const showError = (message: string, registry: string): void => {
    vscode.window.showErrorMessage(message, 'Sign In').then(
      (choice) =>
        choice === undefined ? undefined : vscode.commands.executeCommand('plimsoll.registrySignIn', registry),
      (error: unknown) => log.failure('A message could not be shown', error),
    );
  };

  /** Writes another reference in the image's place, unless it was edited meanwhile. */
  const write = async ({ document, image }: Chosen, text: string): Promise<boolean> => {
    const now = imageIn(document, image.span.start);
    if (now === undefined || now.text !== image.text || !now.editable) {
      await vscode.window.showInformationMessage(
        image.editable ? 'The image was edited meanwhile.' : 'A variable writes this image: change its value by hand.',
      );
      return false;
    }
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, toRange(document, now.span), text);
    return vscode.workspace.applyEdit(edit);
  };

  const pin = async (uri?: unknown, offset?: unknown): Promise<boolean> => {
    const about = await chosen(uri, offset);
    if (about === undefined) return false;
    const { image } = about;
    const digest = await asked(image, (client, at, credentials) =>
      digestOf(client, at, image.tag ?? 'latest', credentials),
    );
    if (digest === undefined) return false;
    const name = image.digest === undefined ? image.text : image.text.slice(0, -image.digest.length - 1);
    return write(about, `${name}@${digest}`);
  };

  const newer = async (uri?: unknown, offset?: unknown): Promise<boolean> => {
    const about = await chosen(uri, offset);
    if (about === undefined) return false;
    const { image } = about;
    const { tag } = image;
    if (tag === undefined) {
      await vscode.window.showInformationMessage('The image has no tag: there is nothing to compare with.');
      return false;
    }
    const tags = await asked(image, tagsOf);
    if (tags === undefined) return false;
    const found = newerTags(tag, tags);
    if (found.length === 0) {
      await vscode.window.showInformationMessage(`No tag of the form of \`${tag}\` is newer.`);
      return false;
    }
    const items = found.map(({ tag: label, step }) => ({ label, description: `newest ${step} version` }));
    const choice = await vscode.window.showQuickPick(items, { title: `Newer than ${image.text}` });
    if (choice === undefined) return false;
    const name = image.text.slice(0, image.text.length - tag.length - (image.digest ? image.digest.length + 1 : 0));
    return write(about, `${name}${choice.label}`);
  };

  const signIn = async (named?: unknown): Promise<void> => {
    const registry =
      typeof named === 'string'
        ? named
        : await vscode.window.showInputBox({ title: 'Registry', value: 'docker.io', ignoreFocusOut: true });
    if (!registry) return;
    const user = await vscode.window.showInputBox({ title: `User at ${registry}`, ignoreFocusOut: true });
    if (!user) return;
    const prompt = 'A token that may only read is enough';
    const title = `Password or token of ${user} at ${registry}`;
    const password = await vscode.window.showInputBox({ title, prompt, password: true, ignoreFocusOut: true });
    if (!password) return;
    await secrets.store(secretKey(registry), JSON.stringify({ user, password }));
  };

  const signOut = async (named?: unknown): Promise<void> => {
    const registry =
      typeof named === 'string' ? named : await vscode.window.showInputBox({ title: 'Registry', value: 'docker.io' });
    if (registry) await secrets.delete(secretKey(registry));
  };

  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range) {
      const offset = document.offsetAt(range.start);
      const image = imageIn(document, offset);
      if (image === undefined) return [];
      const { registry } = registryImage(image.registry, image.repository);
      const kind = vscode.CodeActionKind.RefactorRewrite;
      const action = (title: string, command: string) => {
        const made = new vscode.CodeAction(title, kind);
        made.command = { title, command, arguments: [document.uri, offset] };
        return made;
      };
      return [
        action(`Pin to digest (asks ${registry})`, pinCommand),
        ...(image.tag === undefined ? [] : [action(`Check for newer tag (asks ${registry})`, newerCommand)]),
      ];
    },
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand(pinCommand, pin),
    vscode.commands.registerCommand(newerCommand, newer),
    vscode.commands.registerCommand('plimsoll.registrySignIn', signIn),
    vscode.commands.registerCommand('plimsoll.registrySignOut', signOut),
    vscode.languages.registerCodeActionsProvider(selector, provider, {
      providedCodeActionKinds: [vscode.CodeActionKind.RefactorRewrite],
    }),
  );
}
