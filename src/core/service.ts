import { dockerfilesBuilt } from './compose/builds.ts';
import { namedPaths } from './compose/paths.ts';
import { isComposePath, isMainPath } from './compose/recognise.ts';
import { overlayNames, resolveCompose } from './compose/resolve.ts';
import { type BuildContext, contextSources, type FolderEntry, readBuildContext } from './dockerfile/build-context.ts';
import type { Dockerfile } from './dockerfile/model.ts';
import {
  readShellCheck,
  type ShellCheckComment,
  type ShellCheckQuestion,
  type ShellCheckResults,
  shellCheckQuestions,
} from './dockerfile/shellcheck.ts';
import { instructionsOf } from './dockerfile/subjects.ts';
import { type ActiveRules, activeRules } from './engine/active.ts';
import {
  analyseCompose,
  analyseDockerfile,
  analyseDocuments,
  analyseKubernetes,
  type DocumentResults,
  type Job,
  limitRangesOf,
} from './engine/analyse.ts';
import { type ConfigurationProblem, givenFromValue, givenFromYaml, readSettings } from './engine/configuration.ts';
import type { Finding, Fix } from './engine/finding.ts';
import { type FixLevel, fixAll } from './engine/fix-all.ts';
import { withHadolint } from './engine/hadolint.ts';
import type { Rule } from './engine/rule.ts';
import { type Crash, type Outcome, runRules } from './engine/run.ts';
import { defaultSettings, type Settings } from './engine/settings.ts';
import { assumptionLabels, type Inputs } from './features/assumptions.ts';
import { type CacheLens, cacheLenses } from './features/cache-lenses.ts';
import { type CompletionEntry, completeSettings } from './features/complete-settings.ts';
import { type DraftEdits, draftEdits } from './features/draft.ts';
import { type Hover, hoverAt } from './features/hover.ts';
import { imageAt, imageRewritten, type WrittenImage, writtenImages } from './features/image-at.ts';
import { completeImages, imageHints, imageHover } from './features/images.ts';
import { type InlayHint, inlayHints } from './features/inlay-hints.ts';
import { keepAssumptions } from './features/keep-assumptions.ts';
import { type Lens, lenses } from './features/lenses.ts';
import { fieldOfFile, fileOfField } from './features/load-fields.ts';
import type { Draft } from './features/load-view.ts';
import { computePreview, type Preview, type PreviewRequest } from './features/preview.ts';
import { suppressions } from './features/suppress.ts';
import { catalogueFiles, type ImageCatalogue, type ImageKnowledge, readCatalogue } from './images/catalogue.ts';
import { withPatches } from './kubernetes/patched.ts';
import { baseName, folderOf, type Parsed, parseFile, type SourceFile } from './parsed.ts';
import { markdownPreview } from './report/markdown.ts';
import { rulePage } from './report/rule-page.ts';
import { composeRules } from './rules/compose/index.ts';
import { dockerfileRules } from './rules/dockerfile/index.ts';
import { fileRules } from './rules/file/index.ts';
import { kubernetesRules } from './rules/kubernetes/index.ts';
import type { TextEdit } from './text/edit.ts';
import { resolved } from './workspace/boundary.ts';
import { createWorkspace, type Workspace } from './workspace/workspace.ts';
import { createYamlCache, parseYaml } from './yaml/parse.ts';

export type { WrittenImage } from './features/image-at.ts';
export type { Parsed, SourceFile } from './parsed.ts';

/** Files by path. Rejects where something cannot be told. */
export interface FileReader {
  /** Text of a file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** What is in a folder, whose path ends in a slash; undefined where there is none. */
  list?(folder: string): Promise<readonly FolderEntry[] | undefined>;
}

/** What stands around a file: read once, passed to each analysis. */
export interface Surroundings {
  /** By path relative to the file; null where the file is known to be absent. */
  readonly around: ReadonlyMap<string, string | null>;
  /** The nearest `.plimsoll.yaml`, in the file's folder or above. */
  readonly configuration: TextFile | undefined;
  /** The nearest `.hadolint.yaml`, for Dockerfiles. */
  readonly hadolint: TextFile | undefined;
  /** What is in a Dockerfile's folder, where it was listed. */
  readonly context?: BuildContext;
  /** What is known of official images, where the host has loaded it. */
  readonly images?: ImageKnowledge;
  /** What ShellCheck said of the file's scripts, where the host asks it. */
  readonly shellcheck?: ShellCheckResults;
  /** Measured usage, where the settings name a file of it. */
  readonly samples?: TextFile;
}

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

export const noSurroundings: Surroundings = { around: new Map(), configuration: undefined, hadolint: undefined };

export interface Analysis {
  readonly parsed: Parsed;
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  readonly crashes: readonly Crash[];
}

export interface SettingsRead {
  readonly settings: Settings;
  readonly problems: readonly ConfigurationProblem[];
}

/** Everything a host can ask. Caches are keyed by content; settings and surroundings are arguments. */
export interface Service {
  readonly rules: readonly Rule[];
  /** The other files that manifests refer to; empty until a host puts them in. */
  readonly workspace: Workspace;
  /** Reads what stands around a file. What cannot be read stays unknown; `base` are the host's own settings. */
  surroundings(path: string, reader: FileReader, base?: Settings): Promise<Surroundings>;
  /**
   * Lists the folder of a Dockerfile that copies something of it, or of a Compose file that names something there: part
   * of its surroundings, but it may take a while.
   * Undefined for other files, and where it cannot be told.
   */
  buildContext(parsed: Parsed, reader: FileReader): Promise<BuildContext | undefined>;
  /** The settings in force for a file: the configuration file over the host's own. */
  settings(base: Settings, surroundings: Surroundings): SettingsRead;
  /** Settings as VS Code hands them out, without the `plimsoll.` prefix, over the defaults. */
  settingsFromEditor(values: Readonly<Record<string, unknown>>): SettingsRead;
  parse(file: SourceFile): Parsed;
  /** Yields between pieces of work: drive it to its end, or drop it when the document has changed. `only` runs just those rules. */
  check(
    parsed: Parsed,
    settings: Settings,
    surroundings: Surroundings,
    only?: readonly string[],
  ): Generator<undefined, Outcome>;
  /** Reads a file and checks it, the same way. */
  analyse(
    file: SourceFile,
    settings: Settings,
    surroundings: Surroundings,
    only?: readonly string[],
  ): Generator<undefined, Analysis>;
  /** The text after all fixes up to `level`; of one rule where it is named. */
  fixAll(
    file: SourceFile,
    settings: Settings,
    surroundings: Surroundings,
    options: { readonly level: FixLevel; readonly rules?: readonly string[] },
  ): string;
  /** What to ask ShellCheck about a file; the answers are part of its surroundings. */
  shellCheckQuestions(parsed: Parsed): readonly ShellCheckQuestion[];
  /** @throws SyntaxError where it is not what the program prints. */
  readShellCheck(output: string): readonly ShellCheckComment[];
  suppressions(parsed: Parsed, finding: Finding): readonly Fix[];
  hover(parsed: Parsed, offset: number, settings: Settings, images?: ImageKnowledge): Hover | undefined;
  lenses(parsed: Parsed): readonly Lens[];
  /** What makes the builder run the instructions of a Dockerfile again. */
  cacheLenses(parsed: Parsed, surroundings: Surroundings): readonly CacheLens[];
  inlayHints(parsed: Parsed, settings: Settings): readonly InlayHint[];
  /** When official images end. */
  imageHints(parsed: Parsed, images: ImageKnowledge): readonly InlayHint[];
  /** Names of the files in the extension's `data` folder that `readCatalogue` wants the texts of. */
  readonly catalogueFiles: readonly string[];
  /** @throws Error where the texts of `catalogueFiles` are not what this version reads */
  readCatalogue(texts: readonly string[]): ImageCatalogue;
  /** Whether a document names an image. */
  namesImage(parsed: Parsed): boolean;
  /** The image that is named at an offset of the file. */
  imageAt(parsed: Parsed, offset: number): WrittenImage | undefined;
  /** The edits that write another image in its place, as far as there is one. */
  imageRewritten(parsed: Parsed, image: WrittenImage, text: string): readonly TextEdit[] | undefined;
  complete(parsed: Parsed, offset: number, images?: ImageKnowledge): readonly CompletionEntry[];
  /** The id, among those of all files in view, of a field that its own file calls `field`. */
  fieldOfFile(file: string, field: string): string;
  fileOfField(id: string): { readonly file: string; readonly field: string };
  /** The edits that write assumptions into a `.plimsoll.yaml`; undefined where its text leaves no place for them. */
  keepAssumptions(text: string, inputs: Inputs): readonly TextEdit[] | undefined;
  /** What assumptions are called, in the order of their sections. */
  assumptionLabels(inputs: Inputs): readonly string[];
  /** A preview in Markdown, for a pull request. */
  markdown(name: string, preview: Preview): string;
  /** What files will be given: all of the panel, as plain data. */
  preview(request: PreviewRequest): Preview;
  draftEdits(parsed: Parsed, draft: Draft): DraftEdits;
  /** Markdown; undefined where there is no such rule. */
  rulePage(id: string): string | undefined;
}

const configurationNames = ['.plimsoll.yaml', '.plimsoll.yml'];
const hadolintNames = ['.hadolint.yaml', '.hadolint.yml'];
/** Where the Compose file may stand that builds a Dockerfile. */
const composeBeside = ['', '../'].flatMap((folder) =>
  ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'].map((file) => folder + file),
);
/** What gives a Compose file's variables their values, and examples of it, which at least name them. */
const environmentFiles = ['.env', '.env.example', '.env.sample', '.env.template', '.env.dist', 'example.env'];
/** Enough for 1,000 files, or a few very large ones. */
const cachedDocuments = 4_000;
const deepest = 40;

export const rules: readonly Rule[] = [...fileRules, ...dockerfileRules, ...composeRules, ...kubernetesRules];

/** Runs a generator to its end. */
export function drive<T>(work: Generator<unknown, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** The first of these files in the folder of `path` or above it. */
async function nearest(path: string, names: readonly string[], reader: FileReader): Promise<TextFile | undefined> {
  let folder = folderOf(path);
  for (let depth = 0; depth < deepest && folder !== ''; depth++) {
    for (const name of names) {
      const text = await reader.read(folder + name);
      if (text !== undefined) return { path: folder + name, text };
    }
    const parent = folderOf(folder.slice(0, -1));
    if (parent === folder) return undefined;
    folder = parent;
  }
  return undefined;
}

/** The value, or undefined where reading failed: what cannot be told stays unknown. */
async function known<T>(reading: Promise<T>): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await reading };
  } catch {
    return undefined;
  }
}

/** Something of the build context is copied, or mounted. */
function copiesContext(dockerfile: Dockerfile): boolean {
  for (const { instruction } of instructionsOf(dockerfile)) {
    if (contextSources(instruction).length > 0) return true;
    if (instruction.kind === 'run' && instruction.mounts.some(({ type }) => type === 'bind')) return true;
  }
  return false;
}

export function createService(): Service {
  const cache = createYamlCache(cachedDocuments);
  const workspace = createWorkspace(cache);
  const results: DocumentResults = new WeakMap();
  const byId: ReadonlyMap<string, Rule> = new Map(rules.map((rule) => [rule.meta.id, rule]));
  const keys = new WeakMap<Settings, string>();
  const prepared = new Map<string, ActiveRules>();

  const settingsKey = (settings: Settings): string => {
    const kept = keys.get(settings);
    if (kept !== undefined) return kept;
    const key = `${JSON.stringify(settings)}\n`;
    keys.set(settings, key);
    return key;
  };

  const active = (settings: Settings, only: readonly string[] | undefined, key: string): ActiveRules => {
    const kept = prepared.get(key);
    if (kept !== undefined) return kept;
    const made = activeRules(rules, settings, only);
    if (prepared.size > 50) prepared.clear();
    prepared.set(key, made);
    return made;
  };

  const jobFor = (parsed: Parsed, settings: Settings, surroundings: Surroundings, only?: readonly string[]): Job => {
    const {
      near = [],
      retagged = new Set<string>(),
      patched = new Set<string>(),
    } = parsed.kind === 'kubernetes' ? (workspace.neighboursOf(parsed.file.path) ?? {}) : {};
    const limitRanges = parsed.kind === 'kubernetes' ? limitRangesOf([...parsed.kubernetes.objects, ...near]) : [];
    const paths = parsed.kind === 'kustomization' ? workspace.paths() : undefined;
    const set = only === undefined ? settingsKey(settings) : `${settingsKey(settings)}${only.join(' ')}`;
    return {
      rules: byId,
      active: active(settings, only, set),
      settings,
      patched,
      file: {
        path: parsed.file.path,
        around: surroundings.around,
        kubernetes: { objects: limitRanges },
        ...(paths && { paths }),
        ...(retagged.size > 0 && { retagged }),
        ...(surroundings.context && { context: surroundings.context }),
        ...(surroundings.images && { images: surroundings.images }),
        ...(surroundings.shellcheck && { shellcheck: surroundings.shellcheck }),
      },
      key:
        parsed.kind === 'kubernetes'
          ? [
              set,
              parsed.file.path,
              surroundings.images?.today ?? '',
              [...retagged].join(' '),
              ...patched,
              ...limitRanges.map(({ object }) => object.document.text),
            ].join('\n')
          : '',
    };
  };

  const nearOf = ({ file }: Parsed) => workspace.neighboursOf(file.path)?.near ?? [];

  function* outcomeOf(parsed: Parsed, job: Job): Generator<undefined, Outcome> {
    switch (parsed.kind) {
      case 'dockerfile':
        return analyseDockerfile(job, parsed.dockerfile);
      case 'compose':
        return analyseCompose(job, resolveCompose(parsed.compose, parsed.file.path, job.file.around), {
          document: parsed.compose.document,
          start: parsed.start,
        });
      case 'kubernetes':
        return yield* analyseKubernetes(
          job,
          parsed.yaml.parts,
          {
            objects: parsed.kubernetes.objects.map((placed) => withPatches(placed, job.patched)),
            neighbours: workspace.neighboursOf(parsed.file.path),
          },
          results,
        );
      case 'values':
        return analyseDocuments(job, 'helm-values', parsed.yaml.parts);
      case 'kustomization':
        return analyseDocuments(job, 'kustomization', parsed.yaml.parts);
      case 'settings': {
        const read = settingsIn(parsed.yaml.parts, defaultSettings);
        const problems = parsed.yaml.parts.flatMap(({ document, start }) =>
          document.problems.map(({ message, span }) => ({
            message,
            span: { start: span.start + start, end: span.end + start },
          })),
        );
        return runRules(job.active, [['settings', [...problems, ...read.problems]]], job.settings, job.file);
      }
      case 'other':
        return { findings: [], crashes: [] };
      default:
        return parsed satisfies never;
    }
  }

  const settingsIn = (parts: ReturnType<typeof parseYaml>['parts'], base: Settings): SettingsRead => {
    const first = parts.find(({ document }) => document.root !== null);
    if (first === undefined) return { settings: base, problems: [] };
    return readSettings(givenFromYaml(first.document.root, first.start), base, rules);
  };

  const samplesBeside = async (
    path: string,
    reader: FileReader,
    base: Settings,
    configuration: TextFile | undefined,
  ): Promise<TextFile | undefined> => {
    const root = configuration && parseYaml(configuration.text, cache, { template: false }).parts;
    const { assumptions } = root === undefined ? base : settingsIn(root, base).settings;
    const name = assumptions.samples ?? '';
    if (name === '') return undefined;
    const from = resolved(folderOf(configuration?.path ?? path), name);
    const text = await reader.read(from);
    return text === undefined ? undefined : { path: from, text };
  };

  const check: Service['check'] = (parsed, settings, surroundings, only) =>
    outcomeOf(parsed, jobFor(parsed, settings, surroundings, only));

  function* analyse(
    file: SourceFile,
    settings: Settings,
    surroundings: Surroundings,
    only?: readonly string[],
  ): Generator<undefined, Analysis> {
    const parsed = parseFile(file, cache);
    yield;
    const { findings, crashes } = yield* check(parsed, settings, surroundings, only);
    return { parsed, settings, findings, crashes };
  }

  return {
    rules,
    workspace,
    check,
    async surroundings(path, reader, base = defaultSettings) {
      const around = new Map<string, string | null>();
      const name = baseName(path);
      const manifest = /\.(?:ya?ml|json)$/i.test(path);
      const folder = folderOf(path);
      const readBeside = async (names: readonly string[]) => {
        for (const neighbour of names) {
          const read = await known(reader.read(resolved(folder, neighbour)));
          if (read) around.set(neighbour, read.value ?? null);
        }
      };
      await readBeside(['.dockerignore', `${name}.dockerignore`, ...(manifest ? [] : composeBeside)]);
      if (isComposePath(path)) {
        await readBeside([...environmentFiles, ...(isMainPath(path) ? overlayNames : [])]);
        const text = (await known(reader.read(path)))?.value ?? '';
        const parsed = parseFile({ path, languageId: '', text }, cache);
        if (parsed.kind === 'compose')
          await readBeside(dockerfilesBuilt(resolveCompose(parsed.compose, path, new Map(around))));
      }
      const configuration = (await known(nearest(path, configurationNames, reader)))?.value;
      const hadolint = manifest ? undefined : await known(nearest(path, hadolintNames, reader));
      const samples = manifest ? await known(samplesBeside(path, reader, base, configuration)) : undefined;
      return { around, configuration, hadolint: hadolint?.value, ...(samples?.value && { samples: samples.value }) };
    },
    async buildContext(parsed, reader) {
      const asked =
        (parsed.kind === 'dockerfile' && copiesContext(parsed.dockerfile)) ||
        (parsed.kind === 'compose' && namedPaths(parsed.compose).length > 0);
      if (!asked || reader.list === undefined) return undefined;
      const { list } = reader;
      const folder = folderOf(parsed.file.path);
      const listed = (path: string) => known(list(path === '' ? folder : `${folder}${path}/`));
      return readBuildContext(async (path) => (await listed(path))?.value);
    },
    settings(base, { configuration, hadolint }) {
      const roots = (file: TextFile) => parseYaml(file.text, cache, { template: false }).parts;
      const first = hadolint && roots(hadolint).find(({ document }) => document.root !== null);
      const under = first ? withHadolint(base, first.document.root, rules) : base;
      return configuration === undefined ? { settings: under, problems: [] } : settingsIn(roots(configuration), under);
    },
    settingsFromEditor: (values) => readSettings(givenFromValue(values), defaultSettings, rules),
    parse: (file) => parseFile(file, cache),
    analyse,
    fixAll(file, settings, surroundings, { level, rules: only }) {
      const findings = (text: string) => drive(analyse({ ...file, text }, settings, surroundings, only)).findings;
      return fixAll(file.text, findings, level);
    },
    shellCheckQuestions: (parsed) => (parsed.kind === 'dockerfile' ? shellCheckQuestions(parsed.dockerfile) : []),
    readShellCheck,
    suppressions,
    imageAt,
    imageRewritten,
    catalogueFiles,
    readCatalogue,
    namesImage: (parsed) => writtenImages(parsed).next().done === false,
    hover: (parsed, offset, settings, images) =>
      hoverAt(parsed, offset, settings, { near: nearOf(parsed), stages: workspace.builtStages() }) ??
      (images && imageHover(parsed, offset, images)),
    imageHints,
    lenses: (parsed) => lenses(parsed, nearOf(parsed)),
    cacheLenses: (parsed, { around, context }) =>
      parsed.kind === 'dockerfile'
        ? cacheLenses(parsed.dockerfile, { path: parsed.file.path, around, ...(context && { context }) })
        : [],
    inlayHints,
    complete: (parsed, offset, images) =>
      parsed.kind === 'settings'
        ? completeSettings(parsed, offset, rules)
        : images === undefined
          ? []
          : completeImages(parsed, offset, images),
    fieldOfFile,
    fileOfField,
    keepAssumptions,
    assumptionLabels,
    markdown: markdownPreview,
    preview: (request) => computePreview({ near: nearOf(request.parsed), stages: workspace.builtStages(), ...request }),
    draftEdits,
    rulePage: (id) => {
      const rule = byId.get(id);
      return rule && rulePage(rule);
    },
  };
}
