import * as vscode from 'vscode';
import type { Draft, LoadInputs, LoadView } from '../core/features/load-view.ts';
import type { Service } from '../core/service.ts';
import type { Outcome, PanelRequest, PanelState } from '../protocol/messages.ts';
import type { Documents } from './documents.ts';
import { toRange, toWorkspaceEdit } from './edits.ts';
import { isFollowed } from './languages.ts';
import type { Log } from './log.ts';
import { editorSettings } from './settings.ts';

/** What a person has typed into the panel for one document, and the version that stood there when it was begun. */
interface OpenDraft {
  readonly version: number;
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
  'The file was changed after this draft was begun. Keep the draft to check it against the file as it is now, or reset it.';

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

export function createPanelModel(service: Service, documents: Documents, log: Log): PanelModel {
  const changed = new vscode.EventEmitter<void>();
  const highlight = vscode.window.createTextEditorDecorationType({
    backgroundColor: new vscode.ThemeColor('editor.findMatchHighlightBackground'),
    borderColor: new vscode.ThemeColor('editor.findMatchHighlightBorder'),
  });
  const drafts = new Map<string, OpenDraft>();
  let document: vscode.TextDocument | undefined;
  let pinned = false;
  let inputs: Partial<LoadInputs> = {};
  let focus: PanelState['focus'];
  let serial = 0;

  const keyOf = (of: vscode.TextDocument): string => of.uri.toString();
  const draftOf = (of: vscode.TextDocument): OpenDraft | undefined => drafts.get(keyOf(of));

  const follow = (next: vscode.TextDocument | undefined): void => {
    if (next === undefined || next === document || !isFollowed(next)) return;
    document = next;
    focus = undefined;
    changed.fire();
  };

  const load = (of: vscode.TextDocument, fields: Draft): LoadView => {
    try {
      const settings = documents.last(of)?.analysis.settings ?? editorSettings(service, of.uri).settings;
      return service.load(documents.parse(of), settings, fields, {
        nodeCpu: inputs.nodeCpu ?? settings.node.cpu,
        nodeMemory: inputs.nodeMemory ?? settings.node.memory,
        memoryOverhead: inputs.memoryOverhead ?? '96Mi',
      });
    } catch (error) {
      log.failure('The load could not be computed', error);
      return nothing('The load of this file could not be computed, which is a defect of Plimsoll: its log says where.');
    }
  };

  const setField = (of: vscode.TextDocument, field: string, text: string | undefined): Outcome => {
    const draft = draftOf(of) ?? { version: of.version, fields: {} };
    const fields = text === undefined ? without(draft.fields, field) : { ...draft.fields, [field]: text.trim() };
    // A field that says again what the file says is no change.
    const view = load(of, fields);
    const kept = view.kind === 'load' && view.draft.changes === 0 ? {} : fields;
    if (Object.keys(kept).length === 0) drafts.delete(keyOf(of));
    else drafts.set(keyOf(of), { version: draft.version, fields: kept });
    changed.fire();
    return done;
  };

  const apply = async (of: vscode.TextDocument, version: number): Promise<Outcome> => {
    const draft = draftOf(of);
    if (draft === undefined) return refused('There is nothing to apply.');
    if (draft.version !== of.version || version !== of.version) {
      changed.fire();
      return refused(staleMessage);
    }
    const made = service.draftEdits(
      service.parse({ path: of.uri.path, languageId: of.languageId, text: of.getText() }),
      draft.fields,
    );
    if (made.kind === 'refused') return refused(made.reason);
    drafts.delete(keyOf(of));
    const applied = await vscode.workspace.applyEdit(toWorkspaceEdit(of, made.edits));
    if (!applied) {
      drafts.set(keyOf(of), draft);
      changed.fire();
      return refused(
        'The editor did not accept the edit: the file may be read-only, or was changed at the same moment.',
      );
    }
    changed.fire();
    return done;
  };

  const reveal = async (
    of: vscode.TextDocument,
    { version, spans }: PanelRequest & { kind: 'reveal' },
  ): Promise<Outcome> => {
    const ranges = spans.map((span) => toRange(of, span));
    const first = ranges[0];
    if (first === undefined) return refused('Nothing is written for this number: it follows from defaults.');
    if (version !== of.version) return refused('The file has just changed: look again.');
    const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === of);
    const editor = await vscode.window.showTextDocument(of, {
      preserveFocus: true,
      selection: first,
      ...(shown?.viewColumn !== undefined && { viewColumn: shown.viewColumn }),
    });
    editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    editor.setDecorations(highlight, ranges);
    return done;
  };

  const handle = async (request: PanelRequest): Promise<Outcome> => {
    if (request.kind === 'ready') return done;
    if (request.kind === 'input') {
      inputs = { ...inputs, [request.name]: request.text.trim() };
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
        return apply(of, request.version);
      case 'reset':
        drafts.delete(keyOf(of));
        break;
      case 'keep': {
        const draft = draftOf(of);
        if (draft !== undefined) drafts.set(keyOf(of), { ...draft, version: of.version });
        break;
      }
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
    vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && event.contentChanges.length > 0) {
        for (const editor of vscode.window.visibleTextEditors) editor.setDecorations(highlight, []);
        if (draftOf(event.document) !== undefined) changed.fire();
      }
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
      if (kind !== undefined) textEditor.setDecorations(highlight, []);
    }),
    documents.onDidCheck((checked) => {
      if (checked.document === document) changed.fire();
    }),
    vscode.workspace.onDidCloseTextDocument((closed) => {
      drafts.delete(keyOf(closed));
      if (closed !== document) return;
      document = undefined;
      pinned = false;
      follow(vscode.window.activeTextEditor?.document);
      changed.fire();
    }),
  ];
  follow(vscode.window.activeTextEditor?.document);

  const heading = (): Pick<PanelState, 'file' | 'pinned'> => ({
    file: document?.uri.path.slice(document.uri.path.lastIndexOf('/') + 1),
    pinned,
  });

  return {
    onDidChange: changed.event,
    heading,
    state() {
      if (document === undefined) {
        const load = nothing('Open a Kubernetes manifest or a Compose file to see its load.');
        return { ...heading(), version: 0, load, stale: undefined, focus: undefined };
      }
      const draft = draftOf(document);
      return {
        ...heading(),
        version: document.version,
        load: load(document, draft?.fields ?? {}),
        stale: draft !== undefined && draft.version !== document.version ? staleMessage : undefined,
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
