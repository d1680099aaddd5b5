import * as vscode from 'vscode';
import type { Draft, LoadView } from '../core/features/load-view.ts';
import type { Preview } from '../core/features/preview.ts';
import type { Parsed } from '../core/parsed.ts';
import type { Service } from '../core/service.ts';
import type { Outcome, PanelRequest, PanelState } from '../protocol/messages.ts';
import type { AssumptionStore } from './assumption-store.ts';
import type { Documents } from './documents.ts';
import { toRange, toWorkspaceEdit } from './edits.ts';
import { isFollowed, mayHaveLoad } from './languages.ts';
import type { Log } from './log.ts';
import { fileScope, filesInScope, namespaceInScope, scopeChoices } from './panel-scope.ts';
import { editorSettings } from './settings.ts';

/** What a person has typed into the panel for one file, by the file's own ids, and the text that stood there then. */
interface OpenDraft {
  readonly text: string;
  readonly fields: Draft;
}

/** What all panels show: one truth, wherever they stand. */
export interface PanelModel extends vscode.Disposable {
  readonly onDidChange: vscode.Event<void>;
  state(): Omit<PanelState, 'place'>;
  /** The part of the state that the editor shows around the panel; cheap. */
  heading(): Pick<PanelState, 'file' | 'pinned'>;
  /** Does what a panel asks. Never rejects: failure is an outcome. */
  handle(request: PanelRequest): Promise<Outcome>;
  /** Follows a document and brings one of its workloads into view. */
  showWorkload(document: vscode.TextDocument, workload: string): void;
  setPinned(pinned: boolean): void;
}

const staleMessage =
  'A file was changed after this draft was begun. Keep the draft to check it against the files as they are now, or reset it.';

/** Workloads that a long list begins with: see `rowsAtOnce` of the panel. */
const rowsAtFirst = 20;

const done: Outcome = { ok: true };

function refused(reason: string): Outcome {
  return { ok: false, reason };
}

function nothing(message: string): LoadView {
  return { kind: 'nothing', reason: 'no-file', message };
}

function without(fields: Draft, field: string): Draft {
  return Object.fromEntries(Object.entries(fields).filter(([id]) => id !== field));
}

export function createPanelModel(
  service: Service,
  documents: Documents,
  assumptions: AssumptionStore,
  log: Log,
): PanelModel {
  const changed = new vscode.EventEmitter<void>();
  const highlight = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
    borderColor: new vscode.ThemeColor('editor.findMatchHighlightBorder'),
  });
  /** By path. */
  const drafts = new Map<string, OpenDraft>();
  let document: vscode.TextDocument | undefined;
  let pinned = false;
  let chosen = fileScope;
  /** Of many workloads, those that are shown whole. */
  const opened = new Set<string>();
  let rows = rowsAtFirst;
  let focus: PanelState['focus'];
  // A panel remembers the last one that it followed, longer than a window lives.
  let serial = Date.now();

  const follow = (next: vscode.TextDocument | undefined): void => {
    if (next === undefined || next === document || !isFollowed(next)) return;
    if (document !== undefined && !mayHaveLoad(next)) return;
    document = next;
    focus = undefined;
    opened.clear();
    rows = rowsAtFirst;
    changed.fire();
  };

  /** Where nothing is followed yet: the panel itself may be what is active, as after the window was loaded again. */
  const followVisible = (editors: readonly vscode.TextEditor[]): void => {
    if (document !== undefined) return;
    const shown = [vscode.window.activeTextEditor, ...editors].find((editor) => editor && isFollowed(editor.document));
    follow(shown?.document);
  };

  const scopeOf = (of: vscode.TextDocument): string => scopeChoices(service, of.uri.path, chosen).chosen;
  const othersOf = (of: vscode.TextDocument): readonly Parsed[] => filesInScope(service, of.uri.path, scopeOf(of));

  const nearOf = (of: vscode.TextDocument) => service.workspace.neighboursOf(of.uri.path)?.near ?? [];
  /** Files whose fields the panel may show beside those of the document: an autoscaler may stand in a file of its own. */
  const pathsBeside = (of: vscode.TextDocument): ReadonlySet<string> =>
    new Set([...othersOf(of).map(({ file }) => file.path), ...nearOf(of).map(({ path }) => path)]);

  /** The text of a file as it stands, open or not. */
  const textOf = (of: vscode.TextDocument, path: string): string | undefined =>
    path === of.uri.path
      ? of.getText()
      : (service.workspace.manifests().get(path)?.file.text ?? nearOf(of).find((one) => one.path === path)?.text);

  /** The drafts of the files in view as one, by the ids that the panel knows. */
  const draftOf = (of: vscode.TextDocument): Draft => {
    const fields: Record<string, string> = { ...drafts.get(of.uri.path)?.fields };
    for (const path of pathsBeside(of)) {
      for (const [id, text] of Object.entries(drafts.get(path)?.fields ?? {})) {
        fields[service.fieldOfFile(path, id)] = text;
      }
    }
    return fields;
  };

  const draftsInView = (of: vscode.TextDocument): readonly (readonly [path: string, draft: OpenDraft])[] => {
    return [of.uri.path, ...pathsBeside(of)].flatMap((path) => {
      const draft = drafts.get(path);
      return draft === undefined ? [] : [[path, draft] as const];
    });
  };

  const isStale = (of: vscode.TextDocument): boolean =>
    draftsInView(of).some(([path, { text }]) => textOf(of, path) !== text);

  const preview = (of: vscode.TextDocument, draft: Draft): Preview => {
    try {
      const settings = documents.last(of)?.analysis.settings ?? editorSettings(service, of.uri).settings;
      return service.preview({
        parsed: documents.parse(of),
        others: othersOf(of),
        namespace: namespaceInScope(scopeOf(of)),
        settings,
        draft,
        inputs: assumptions.inputs(),
        opened,
        rows,
        surroundings: documents.last(of)?.surroundings,
      });
    } catch (error) {
      log.failure('The load could not be computed', error);
      return {
        load: nothing(
          'The load of this file could not be computed, which is a defect of Plimsoll: its log says where.',
        ),
        sections: [],
      };
    }
  };

  const setField = (of: vscode.TextDocument, id: string, text: string | undefined): Outcome => {
    const { file, field } = service.fileOfField(id);
    const path = file === '' ? of.uri.path : file;
    const basis = textOf(of, path);
    if (basis === undefined) return refused('The file of this field is no longer there.');
    const draft = drafts.get(path) ?? { text: basis, fields: {} };
    const fields = text === undefined ? without(draft.fields, field) : { ...draft.fields, [field]: text.trim() };
    if (Object.keys(fields).length === 0) drafts.delete(path);
    else drafts.set(path, { ...draft, fields });
    // A draft that says again what the files say is no change.
    const { load } = preview(of, draftOf(of));
    if (load.kind === 'load' && load.draft.changes === 0) for (const [one] of draftsInView(of)) drafts.delete(one);
    changed.fire();
    return done;
  };

  const apply = async (of: vscode.TextDocument): Promise<Outcome> => {
    const open = draftsInView(of);
    if (open.length === 0) return refused('There is nothing to apply.');
    if (isStale(of)) {
      changed.fire();
      return refused(staleMessage);
    }
    const all = new vscode.WorkspaceEdit();
    for (const [path, { fields, text }] of open) {
      const target = path === of.uri.path ? of : await vscode.workspace.openTextDocument(of.uri.with({ path }));
      if (target.getText() !== text) return refused(staleMessage);
      const made = service.draftEdits(documents.parse(target), fields);
      if (made.kind === 'refused') return refused(made.reason);
      for (const [uri, edits] of toWorkspaceEdit(target, made.edits).entries()) all.set(uri, edits);
    }
    for (const [path] of open) drafts.delete(path);
    const applied = await vscode.workspace.applyEdit(all);
    if (!applied) {
      for (const [path, draft] of open) drafts.set(path, draft);
      changed.fire();
      return refused('The editor did not accept the edit: a file may be read-only, or was changed at the same moment.');
    }
    changed.fire();
    return done;
  };

  const reveal = async (
    of: vscode.TextDocument,
    { version, spans }: PanelRequest & { kind: 'reveal' },
  ): Promise<Outcome> => {
    const file = spans[0]?.file;
    const target = file === undefined ? of : await vscode.workspace.openTextDocument(of.uri.with({ path: file }));
    const ranges = spans.filter((span) => span.file === file).map((span) => toRange(target, span));
    const first = ranges[0];
    if (first === undefined) return refused('Nothing is written for this number: it follows from defaults.');
    if (version !== of.version) return refused('The file has just changed: look again.');
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === target);
    // A file that is looked at from the panel of another shall not become the one that is followed.
    const wasPinned = pinned;
    pinned ||= target !== of;
    const editor = await vscode.window.showTextDocument(target, {
      preserveFocus: true,
      selection: first,
      ...(shown?.viewColumn !== undefined && { viewColumn: shown.viewColumn }),
    });
    if (pinned !== wasPinned) changed.fire();
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    editor.setDecorations(highlight, ranges);
    return done;
  };

  const copy = async (of: vscode.TextDocument): Promise<Outcome> => {
    const scope = scopeChoices(service, of.uri.path, chosen);
    const name =
      scope.chosen === fileScope
        ? nameOf(of)
        : (scope.choices.find(({ value }) => value === scope.chosen)?.text ?? nameOf(of));
    await vscode.env.clipboard.writeText(service.markdown(name, preview(of, draftOf(of))));
    return done;
  };

  const handle = async (request: PanelRequest): Promise<Outcome> => {
    if (request.kind === 'ready') return done;
    if (request.kind === 'input') {
      await assumptions.set(request.name, request.text.trim());
      changed.fire();
      return done;
    }
    if (request.kind === 'forgetInputs') {
      await assumptions.forget();
      changed.fire();
      return done;
    }
    const of = document;
    if (of === undefined || of.isClosed) return refused('The file is no longer open.');
    switch (request.kind) {
      case 'draft':
        return setField(of, request.field, request.text);
      case 'undraft':
        return setField(of, request.field, undefined);
      case 'apply':
        return apply(of);
      case 'reset':
        for (const [path] of draftsInView(of)) drafts.delete(path);
        break;
      case 'keep':
        for (const [path, draft] of draftsInView(of)) {
          const text = textOf(of, path);
          if (text === undefined) drafts.delete(path);
          else drafts.set(path, { ...draft, text });
        }
        break;
      case 'keepInputs': {
        const configuration = documents.last(of)?.surroundings.configuration?.path;
        const reason = await assumptions.keep(of.uri, configuration);
        if (reason !== undefined) return refused(reason);
        break;
      }
      case 'open':
        if (request.open) opened.add(request.workload);
        else opened.delete(request.workload);
        break;
      case 'rows':
        rows = Math.max(rowsAtFirst, request.count);
        break;
      case 'scope':
        chosen = request.value;
        rows = rowsAtFirst;
        break;
      case 'copy':
        return copy(of);
      case 'pin':
        setPinned(request.pinned);
        break;
      case 'reveal':
        return reveal(of, request);
      default:
        return request satisfies never;
    }
    changed.fire();
    return done;
  };

  const setPinned = (next: boolean): void => {
    pinned = next && document !== undefined;
    if (!pinned) follow(vscode.window.activeTextEditor?.document);
    changed.fire();
  };

  const subscriptions = [
    changed,
    highlight,
    vscode.window.onDidChangeActiveTextEditor((editor) => {
      if (!pinned) follow(editor?.document);
    }),
    vscode.window.onDidChangeVisibleTextEditors(followVisible),
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && event.contentChanges.length > 0) {
        for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(highlight, []);
        if (drafts.has(event.document.uri.path)) changed.fire();
      }
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (kind !== undefined) textEditor.setDecorations(highlight, []);
    }),
    documents.onDidCheck((checked) => {
      if (checked.document === document || chosen !== fileScope) changed.fire();
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      if (closed !== document) return;
      drafts.delete(closed.uri.path);
      document = undefined;
      pinned = false;
      follow(vscode.window.activeTextEditor?.document);
      changed.fire();
    }),
  ];
  followVisible(vscode.window.visibleTextEditors);

  const heading = (): Pick<PanelState, 'file' | 'pinned'> => ({
    file: document && nameOf(document),
    pinned,
  });

  return {
    onDidChange: changed.event,
    heading,
    state() {
      const unkept = service.assumptionLabels(assumptions.inputs());
      const scope = scopeChoices(service, document?.uri.path, chosen);
      if (document === undefined) {
        const load = nothing('Open a Kubernetes manifest, a Compose file or a Dockerfile to see what it comes to.');
        return { ...heading(), scope, version: 0, load, sections: [], unkept, stale: undefined, focus: undefined };
      }
      return {
        ...heading(),
        scope,
        version: document.version,
        ...preview(document, draftOf(document)),
        unkept,
        stale: isStale(document) ? staleMessage : undefined,
        focus,
      };
    },
    async handle(request) {
      try {
        return await handle(request);
      } catch (error) {
        log.failure(`The panel's request “${request.kind}” failed`, error);
        return refused('That did not work: the log of Plimsoll says more.');
      }
    },
    showWorkload(of, workload) {
      follow(of);
      opened.add(workload);
      focus = { workload, serial: ++serial };
      changed.fire();
    },
    setPinned,
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
      drafts.clear();
    },
  };
}

function nameOf({ uri }: vscode.TextDocument): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
