import { writeFile } from 'node:fs/promises';
import { names } from '../core/engine/active.ts';
import type { Finding } from '../core/engine/finding.ts';
import { defaultSettings, type Settings } from '../core/engine/settings.ts';
import { yamlPathAt } from '../core/parsed.ts';
import { jsonFinding } from '../core/report/json.ts';
import { sarifLog } from '../core/report/sarif.ts';
import { textFinding, textSummary } from '../core/report/text.ts';
import { textLoad } from '../core/report/text-load.ts';
import { createService, drive, type Service, type SourceFile } from '../core/service.ts';
import { lineIndex } from '../core/text/line-index.ts';
import { type Command, readArguments, UsageError, usage } from './arguments.ts';
import { fileReader, imageKnowledge, listFiles, readSamplesFile, readSource } from './files.ts';

type Check = Extract<Command, { kind: 'check' }>;
type Size = Extract<Command, { kind: 'size' }>;

/** Standard output may be a pipe that is slower than we are: wait until it has taken everything. */
function print(text: string): Promise<void> {
  return new Promise((done, fail) => process.stdout.write(text, (error) => (error ? fail(error) : done())));
}

function lines(of: readonly string[]): string {
  return of.map((line) => `${line}\n`).join('');
}

function settingsFor(command: Check, read: Settings): Settings {
  return {
    ...read,
    ...(command.all && { profile: 'strict' as const }),
    ...(command.kubernetesVersion && { kubernetesVersion: command.kubernetesVersion }),
  };
}

interface Checked {
  readonly path: string;
  readonly source: SourceFile;
  readonly findings: readonly Finding[];
}

async function checkFile(command: Check, service: Service, path: string, source: SourceFile): Promise<Checked> {
  const context = await service.buildContext(service.parse(source), fileReader);
  const images = await imageKnowledge(service);
  const surroundings = {
    ...(await service.surroundings(source.path, fileReader)),
    ...(context && { context }),
    ...(images && { images }),
  };
  const settings = settingsFor(command, service.settings(defaultSettings, surroundings).settings);
  let current = source;
  if (command.fix) {
    const text = service.fixAll(source, settings, surroundings, {
      level: 'safe',
      ...(command.rules && { rules: command.rules }),
    });
    if (text !== source.text) await writeFile(path, text);
    current = { ...source, text };
  }
  const { findings, crashes } = drive(service.analyse(current, settings, surroundings, command.rules));
  const crash = crashes[0];
  if (crash) throw new Error(`${path}: the rule ${crash.rule} failed`, { cause: crash.error });
  return { path, source: current, findings };
}

function printed(format: Check['format'], checked: readonly Checked[], service: Service): string {
  switch (format) {
    case 'json': {
      const found = checked.flatMap(({ path, source, findings }) => {
        const index = lineIndex(source.text);
        const parsed = service.parse(source);
        return findings.map((finding) => jsonFinding(path, index, finding, yamlPathAt(parsed, finding.span)));
      });
      return `${JSON.stringify(found, undefined, 2)}\n`;
    }
    case 'sarif': {
      const files = checked.map(({ path, source, findings }) => ({ path, text: source.text, findings }));
      return `${JSON.stringify(sarifLog(service.rules, files), undefined, 2)}\n`;
    }
    case 'text': {
      const all = checked.flatMap(({ findings }) => findings);
      const found = checked.flatMap(({ path, source, findings }) => {
        const index = lineIndex(source.text);
        return findings.map((finding) => textFinding(path, index, finding));
      });
      return lines([...found, textSummary(all, checked.length)]);
    }
    default:
      return format satisfies never;
  }
}

/** The files of the command line. Manifests name each other: all are known before one is judged or sized. */
async function readSources(paths: readonly string[], service: Service) {
  const sources: { readonly path: string; readonly source: SourceFile }[] = [];
  for (const file of await listFiles(paths)) {
    const source = await readSource(file);
    if (source) sources.push({ path: file.path, source });
  }
  if (sources.length > 1) for (const { source } of sources) service.workspace.update(source);
  return sources;
}

/** @returns the exit code */
async function check(command: Check, service: Service): Promise<number> {
  for (const word of command.rules ?? []) {
    if (!service.rules.some((rule) => names(word, rule))) throw new UsageError(`there is no rule ${word}`);
  }
  const sources = await readSources(command.paths, service);
  const checked: Checked[] = [];
  for (const { path, source } of sources) checked.push(await checkFile(command, service, path, source));
  await print(printed(command.format, checked, service));
  const grave = checked.some(({ findings }) => findings.some(({ severity }) => severity !== 'information'));
  return grave ? 1 : 0;
}

async function listRules(format: 'text' | 'json', service: Service): Promise<number> {
  const metas = service.rules.map(({ meta }) => ({
    id: meta.id,
    rows: meta.rows,
    summary: meta.summary,
    severity: meta.severity,
    default: meta.optional ? 'off' : 'on',
    topic: meta.topic,
    fix: meta.fix,
    options: meta.options,
    sources: meta.sources,
  }));
  if (format === 'json') await print(`${JSON.stringify(metas, undefined, 2)}\n`);
  else await print(lines(metas.map(({ id, severity, summary }) => `${id} (${severity}): ${summary}`)));
  return 0;
}

async function size(command: Size, service: Service): Promise<number> {
  const files = [];
  const samples = command.samples === undefined ? undefined : await readSamplesFile(command.samples);
  for (const { path, source } of await readSources(command.paths, service)) {
    const found = await service.surroundings(source.path, fileReader);
    const { settings: read } = service.settings(defaultSettings, found);
    const settings = samples ? { ...read, assumptions: { ...read.assumptions, samples: samples.path } } : read;
    const surroundings = { ...found, ...(samples && { samples }) };
    files.push({ path, parsed: service.parse(source), settings, surroundings });
  }
  const [first, ...rest] = files.filter(({ parsed }) => parsed.kind === 'kubernetes' || parsed.kind === 'compose');
  // Together they are what is deployed: an autoscaler or a quota counts for workloads of other files.
  const chosen = command.together && first !== undefined ? [{ ...first, path: command.paths.join(' ') }] : files;
  const others = command.together ? rest.map(({ parsed }) => parsed) : [];
  const sized = chosen.map(({ path, ...asked }) => ({
    file: path,
    ...service.preview({ ...asked, others, draft: {}, inputs: {}, opened: 'all' }),
  }));
  if (command.format === 'json') await print(`${JSON.stringify(sized, undefined, 2)}\n`);
  else if (command.format === 'markdown')
    await print(sized.map(({ file, ...preview }) => service.markdown(file, preview)).join('\n'));
  else await print(lines(sized.flatMap(({ file, load }) => textLoad(file, load))));
  return 0;
}

async function main(words: readonly string[]): Promise<number> {
  const command = readArguments(words);
  const service = createService();
  switch (command.kind) {
    case 'help':
      await print(`${usage}\n`);
      return 0;
    case 'check':
      return check(command, service);
    case 'rules':
      return listRules(command.format, service);
    case 'size':
      return size(command, service);
    default:
      return command satisfies never;
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const known = error instanceof UsageError;
    const text = known
      ? `plimsoll: ${error.message}\n\n${usage}`
      : `plimsoll: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    process.stderr.write(`${text}\n`);
    process.exitCode = 2;
  },
);
