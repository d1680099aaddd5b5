import * as vscode from 'vscode';
import { isSettingsName, type Parsed, type SourceFile } from '../core/parsed.ts';
import { type Analysis, noSurroundings, type Service, type SettingsRead, type Surroundings } from '../core/service.ts';
import type { BuildContexts } from './build-contexts.ts';
import { fileReader } from './file-reader.ts';
import type { ImageFacts } from './image-facts.ts';
import { isChecked } from './languages.ts';
import type { Log } from './log.ts';
import { editorSettings } from './settings.ts';
import type { ShellCheck } from './shellcheck.ts';

/** How long typing must rest before a document is checked, in milliseconds. */
const quiet = 80;
/** How long the extension host may be held at a time, in milliseconds. */
const slice = 8;

/** A document as it was checked. */
export interface Checked {
  readonly document: vscode.TextDocument;
  /** The version that was checked: offsets are of this one. */
  readonly version: number;
  readonly file: SourceFile;
  readonly analysis: Analysis;
  readonly surroundings: Surroundings;
  /** What is wrong with the configuration file in force. */
  readonly problems: SettingsRead['problems'];
}

/** The open documents and what is known of them. */
export interface Documents extends vscode.Disposable {
  readonly onDidCheck: vscode.Event<Checked>;
  readonly onDidForget: vscode.Event<vscode.TextDocument>;
  /** The last check, perhaps of an older version. */
  last(document: vscode.TextDocument): Checked | undefined;
  /** The check of the document as it stands; undefined where it is not ours, or closed meanwhile. */
  current(document: vscode.TextDocument): Promise<Checked | undefined>;
  /** The document as read, now. */
  parse(document: vscode.TextDocument): Parsed;
  /** Checks text that is in no editor. */
  checkFile(uri: vscode.Uri, file: SourceFile): Promise<Analysis>;
  /** What is known beside these documents has changed. */
  recheck(wanted: (document: vscode.TextDocument) => boolean): void;
  /** The settings or what stands around the files has changed. */
  recheckAll(): void;
}

interface Entry {
  timer: number | undefined;
  /** Grows when what is known beside the document has changed: a check that began before is out of date. */
  generation: number;
  checked: Checked | undefined;
  running:
    | {
        readonly version: number;
        readonly epoch: number;
        readonly generation: number;
        readonly done: Promise<Checked | undefined>;
      }
    | undefined;
}

/** Lets everything else that waits have its turn. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
}

/** Runs work in slices, with pauses between; gives it up, with undefined, once it is no longer `wanted`. */
export async function inSlices<T>(work: Generator<unknown, T>, wanted: () => boolean): Promise<T | undefined> {
  for (;;) {
    const started = performance.now();
    do {
      const step = work.next();
      if (step.done === true) return step.value;
    } while (performance.now() - started < slice);
    await pause();
    if (!wanted()) return undefined;
  }
}

export function sourceFile(document: vscode.TextDocument): SourceFile {
  return { path: document.uri.path, languageId: document.languageId, text: document.getText() };
}

/** Checks documents as they are opened and typed in. */
export function createDocuments(
  service: Service,
  shellCheck: ShellCheck,
  contexts: BuildContexts,
  imageFacts: ImageFacts,
  log: Log,
): Documents {
  const entries = new Map<string, Entry>();
  /** By folder; promises, so that files opened together read it once. */
  const surroundings = new Map<string, Promise<Surroundings>>();
  const didCheck = new vscode.EventEmitter<Checked>();
  const didForget = new vscode.EventEmitter<vscode.TextDocument>();
  /** Grows when everything known is out of date. */
  let epoch = 0;
  let recheckTimer: number | undefined;

  const around = (uri: vscode.Uri): Promise<Surroundings> => {
    if (uri.scheme === 'untitled') return Promise.resolve(noSurroundings);
    const key = uri.toString();
    const known = surroundings.get(key);
    if (known !== undefined) return known;
    const reading = service.surroundings(uri.path, fileReader(uri), editorSettings(service, uri).settings);
    surroundings.set(key, reading);
    return reading;
  };

  const entryOf = (document: vscode.TextDocument): Entry => {
    const key = document.uri.toString();
    const known = entries.get(key);
    if (known !== undefined) return known;
    const made: Entry = { timer: undefined, generation: 0, checked: undefined, running: undefined };
    entries.set(key, made);
    return made;
  };

  const check = async (document: vscode.TextDocument, entry: Entry): Promise<Checked | undefined> => {
    const { version } = document;
    const begun = epoch;
    const { generation } = entry;
    const wanted = () =>
      !document.isClosed && document.version === version && epoch === begun && entry.generation === generation;
    const file = sourceFile(document);
    const shellcheck = shellCheck.results(document.uri);
    const context = contexts.known(document.uri);
    const images = imageFacts.known();
    const near = {
      ...(await around(document.uri)),
      ...(context && { context }),
      ...(images && { images }),
      ...(shellcheck && { shellcheck }),
    };
    if (!wanted()) return undefined;
    const { settings, problems } = service.settings(editorSettings(service, document.uri).settings, near);
    const analysis = await inSlices(service.analyse(file, settings, near), wanted);
    if (analysis === undefined || !wanted()) return undefined;
    for (const crash of analysis.crashes) log.crash(crash);
    const checked = { document, version, file, analysis, surroundings: near, problems };
    entry.checked = checked;
    didCheck.fire(checked);
    const asked = shellCheck.ask(analysis.parsed, document.uri).then((more) => {
      if (more && wanted()) startAndLog(document);
    });
    asked.catch((error: unknown) => log.failure('ShellCheck could not be asked', error));
    const listed = contexts.ask(analysis.parsed, document.uri).then((more) => {
      if (more && wanted()) startAndLog(document);
    });
    listed.catch((error: unknown) => log.failure('A build context could not be listed', error));
    const loaded = imageFacts.ask(analysis.parsed).then((more) => {
      if (more) recheckOpen();
    });
    loaded.catch((error: unknown) => log.failure('The data of images could not be read', error));
    return checked;
  };

  /** Starts a check, or joins the one that runs for this very version. */
  const start = (document: vscode.TextDocument): Promise<Checked | undefined> => {
    const entry = entryOf(document);
    clearTimeout(entry.timer);
    entry.timer = undefined;
    const { version } = document;
    const { running, generation } = entry;
    if (running?.version === version && running.epoch === epoch && running.generation === generation)
      return running.done;
    const done = check(document, entry).finally(() => {
      if (entry.running?.done === done) entry.running = undefined;
    });
    entry.running = { version, epoch, generation, done };
    return done;
  };

  const startAndLog = (document: vscode.TextDocument): void => {
    start(document).catch((error: unknown) => log.failure('A check failed', error));
  };

  const later = (document: vscode.TextDocument): void => {
    const entry = entryOf(document);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => startAndLog(document), quiet);
  };

  const forget = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    clearTimeout(entries.get(key)?.timer);
    entries.delete(key);
    surroundings.delete(key);
    didForget.fire(document);
  };

  const isFresh = (document: vscode.TextDocument, checked: Checked | undefined): checked is Checked =>
    checked !== undefined && checked.version === document.version;

  const recheckAll = (): void => {
    epoch++;
    surroundings.clear();
    for (const entry of entries.values()) entry.checked = undefined;
    clearTimeout(recheckTimer);
    recheckTimer = setTimeout(() => {
      for (const document of vscode.workspace.textDocuments) if (isChecked(document)) startAndLog(document);
    }, quiet);
  };

  /** All documents that are open: more is known beside them than before. What is being checked begins anew. */
  const recheckOpen = (): void => {
    epoch++;
    for (const document of vscode.workspace.textDocuments) if (isChecked(document)) startAndLog(document);
  };

  const watcher = vscode.workspace.createFileSystemWatcher(
    '**/{.plimsoll.yaml,.plimsoll.yml,usage.csv,*.usage.csv,.hadolint.yaml,.hadolint.yml,*.dockerignore,.dockerignore,.env,.env.*,example.env,compose.yaml,compose.yml,compose.override.yaml,compose.override.yml,docker-compose.yaml,docker-compose.yml,docker-compose.override.yaml,docker-compose.override.yml,Dockerfile,Dockerfile.*,*.dockerfile,Containerfile}',
  );
  const subscriptions = [
    didCheck,
    didForget,
    watcher,
    watcher.onDidChange(recheckAll),
    watcher.onDidCreate(recheckAll),
    watcher.onDidDelete(recheckAll),
    contexts.onDidChange((touched) => {
      for (const document of vscode.workspace.textDocuments) {
        if (!isChecked(document) || !touched(document.uri)) continue;
        entryOf(document).generation++;
        startAndLog(document);
      }
    }),
    vscode.workspace.onDidOpenTextDocument((document) => {
      if (isChecked(document)) startAndLog(document);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length === 0 || !isChecked(document)) return;
      if (isSettingsName(document.uri.path)) recheckAll();
      else later(document);
    }),
    vscode.workspace.onDidCloseTextDocument(forget),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('plimsoll')) recheckAll();
    }),
  ];
  for (const document of vscode.workspace.textDocuments) if (isChecked(document)) startAndLog(document);

  return {
    onDidCheck: didCheck.event,
    onDidForget: didForget.event,
    last: (document) => entries.get(document.uri.toString())?.checked,
    async current(document) {
      if (!isChecked(document)) return undefined;
      while (!document.isClosed) {
        const known = entries.get(document.uri.toString())?.checked;
        if (isFresh(document, known)) return known;
        const checked = await start(document);
        if (checked !== undefined) return checked;
      }
      return undefined;
    },
    parse(document) {
      const known = entries.get(document.uri.toString())?.checked;
      return isFresh(document, known) ? known.analysis.parsed : service.parse(sourceFile(document));
    },
    async checkFile(uri, file) {
      const parsed = service.parse(file);
      await Promise.all([contexts.ask(parsed, uri), imageFacts.ask(parsed)]);
      const [context, images] = [contexts.known(uri), imageFacts.known()];
      const near = {
        ...(await service.surroundings(uri.path, fileReader(uri), editorSettings(service, uri).settings)),
        ...(context && { context }),
        ...(images && { images }),
      };
      const { settings } = service.settings(editorSettings(service, uri).settings, near);
      const analysis = await inSlices(service.analyse(file, settings, near), () => true);
      if (analysis === undefined) throw new Error('a check that nobody gave up ended without a result');
      for (const crash of analysis.crashes) log.crash(crash);
      return analysis;
    },
    recheck(among) {
      for (const document of vscode.workspace.textDocuments) {
        if (!isChecked(document) || !among(document)) continue;
        entryOf(document).generation++;
        later(document);
      }
    },
    recheckAll,
    dispose() {
      clearTimeout(recheckTimer);
      for (const entry of entries.values()) clearTimeout(entry.timer);
      entries.clear();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
