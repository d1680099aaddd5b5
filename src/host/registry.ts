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
import { explained, httpClient } from './http.ts';
import { isChecked, selector } from './languages.ts';
import type { Log } from './log.ts';

const pinCommand = 'plimsoll.pinDigest';
const newerCommand = 'plimsoll.newerTag';

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

/** The image with a digest; without one given, of the same form. */
function pinned({ text, digest }: WrittenImage, to = 'sha256:0'): string {
  return `${digest === undefined ? text : text.slice(0, -digest.length - 1)}@${to}`;
}

/** The image with another tag and no digest. */
function retagged({ text, tag = '', digest }: WrittenImage, to: string): string {
  return text.slice(0, text.length - tag.length - (digest === undefined ? 0 : digest.length + 1)) + to;
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

  /** Not awaited: what was asked for is done, the message stays until it is read. */
  const tell = (message: string): void => {
    vscode.window.showInformationMessage(message).then(undefined, (error: unknown) => {
      log.failure('A message could not be shown', error);
    });
  };

  const chosen = async (uri: unknown, offset: unknown): Promise<Chosen | undefined> => {
    const editor = vscode.window.activeTextEditor;
    const document = uri instanceof vscode.Uri ? await vscode.workspace.openTextDocument(uri) : editor?.document;
    const at = typeof offset === 'number' ? offset : editor && document?.offsetAt(editor.selection.active);
    const image = document && at !== undefined ? imageIn(document, at) : undefined;
    if (document === undefined || image === undefined) {
      tell('Put the cursor on an image first: behind FROM or in `image:`.');
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
        if (token.isCancellationRequested) return undefined;
        log.failure('A registry gave no answer', error);
        // Not awaited: the progress ends now, the message stays until it is read.
        showError(error, at.registry);
        return undefined;
      }
    });
  };

  const showError = (error: unknown, registry: string): void => {
    const mayHelp = error instanceof RegistryError && (error.kind === 'unauthorized' || error.kind === 'limited');
    vscode.window.showErrorMessage(explained(error, registry), ...(mayHelp ? ['Sign In'] : [])).then(
      (choice) =>
        choice === undefined ? undefined : vscode.commands.executeCommand('plimsoll.registrySignIn', registry),
      (error: unknown) => log.failure('A message could not be shown', error),
    );
  };

  /** Whether an image of that form can be written in the place; tells why not. */
  const canWrite = ({ document, image }: Chosen, text: string): boolean => {
    const can = service.imageRewritten(documents.parse(document), image, text) !== undefined;
    if (!can) tell('A variable writes this image: change its value by hand.');
    return can;
  };

  /** Writes another reference in the image's place, unless it was edited meanwhile. */
  const write = async ({ document, image }: Chosen, text: string): Promise<boolean> => {
    const parsed = documents.parse(document);
    const now = service.imageAt(parsed, image.span.start);
    if (now?.text !== image.text) {
      tell('The image was edited meanwhile.');
      return false;
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { span, newText } of service.imageRewritten(parsed, now, text) ?? [])
      edit.replace(document.uri, toRange(document, span), newText);
    return vscode.workspace.applyEdit(edit);
  };

  const pin = async (uri?: unknown, offset?: unknown): Promise<boolean> => {
    const about = await chosen(uri, offset);
    if (about === undefined) return false;
    const { image } = about;
    if (!canWrite(about, pinned(image))) return false;
    const digest = await asked(image, (client, at, credentials) =>
      digestOf(client, at, image.tag ?? 'latest', credentials),
    );
    return digest !== undefined && write(about, pinned(image, digest));
  };

  const newer = async (uri?: unknown, offset?: unknown): Promise<boolean> => {
    const about = await chosen(uri, offset);
    if (about === undefined) return false;
    const { image } = about;
    const { tag } = image;
    if (tag === undefined) {
      tell('The image has no tag: there is nothing to compare with.');
      return false;
    }
    if (!canWrite(about, retagged(image, '0'))) return false;
    const tags = await asked(image, tagsOf);
    if (tags === undefined) return false;
    const found = newerTags(tag, tags);
    if (found.length === 0) {
      tell(`No tag of the form of \`${tag}\` is newer.`);
      return false;
    }
    const items = found.map(({ tag: label, step }) => ({ label, description: `newest ${step} version` }));
    const choice = await vscode.window.showQuickPick(items, { title: `Newer than ${image.text}` });
    if (choice === undefined) return false;
    if (image.digest === undefined) return write(about, retagged(image, choice.label));
    // What was pinned stays pinned.
    const digest = await asked(image, (client, at, credentials) => digestOf(client, at, choice.label, credentials));
    return digest !== undefined && write(about, `${retagged(image, choice.label)}@${digest}`);
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
      const can = (text: string) => service.imageRewritten(documents.parse(document), image, text) !== undefined;
      const kind = vscode.CodeActionKind.RefactorRewrite;
      const action = (title: string, command: string) => {
        const made = new vscode.CodeAction(title, kind);
        made.command = { title, command, arguments: [document.uri, offset] };
        return made;
      };
      return [
        ...(can(pinned(image)) ? [action(`Pin to digest (asks ${registry})`, pinCommand)] : []),
        ...(image.tag !== undefined && can(retagged(image, '0'))
          ? [action(`Check for newer tag (asks ${registry})`, newerCommand)]
          : []),
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
