import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { defaultSettings, type Settings } from '../src/core/engine/settings.ts';
import { createService, drive, noSurroundings } from '../src/core/service.ts';
import { applyEdits } from '../src/core/text/edit.ts';
import { images } from './support/fixtures.ts';
import { type Oracle, readOracle, type Verdict } from './support/image-oracle.ts';
import { sharedPath } from './support/shared.ts';

const [corpus, data] = [sharedPath('corpus/dockerfiles'), sharedPath('data')];
const skip = corpus === undefined || data === undefined ? 'the corpus is not beside the project' : false;
const strict: Settings = { ...defaultSettings, profile: 'strict' };
const ages = ['image-ended', 'image-not-built', 'image-tag-unknown'].map((name) => `dockerfile/${name}`);

/** An image of a FROM line with the line's number, variables put in where an ARG above the first FROM gives them a default. */
interface BaseLine {
  readonly line: number;
  readonly reference: string;
}

/** Reads FROM lines by their words alone: no other code of the project has a part in it. */
function baseLines(text: string): readonly BaseLine[] {
  const defaults = new Map<string, string>();
  const stages = new Set<string>();
  const bases: BaseLine[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const arg = /^\s*ARG\s+(\w+)=(["']?)([^"'\s]*)\2\s*$/i.exec(line);
    if (arg !== null && stages.size === 0 && bases.length === 0) defaults.set(arg[1] ?? '', arg[3] ?? '');
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    if (from === null) continue;
    const [, written = '', stage] = from;
    const reference = written.replace(/\$\{(\w+)\}|\$(\w+)/g, (all, braced?: string, bare?: string) => {
      return defaults.get(braced ?? bare ?? '') ?? all;
    });
    if (!reference.includes('$') && reference !== 'scratch' && !stages.has(reference.toLowerCase()))
      bases.push({ line: index + 1, reference });
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return bases;
}

/** What the rules that judge by what is known of images are about. */
const opinions: ReadonlyMap<string, 'image' | 'name' | 'place'> = new Map([
  ...['image-ended', 'image-not-built', 'image-tag-unknown', 'image-not-slim', 'image-platform-missing'].map(
    (rule) => [rule, 'image'] as const,
  ),
  ['image-not-official', 'name'],
  ['registry-retired', 'place'],
]);
/** Registries of Kubernetes and CoreOS, and Bitnami's part of Docker Hub: what `RULES.md` calls retired. */
const retiredPlaces = [
  'k8s.gcr.io',
  'gcr.io/google_containers',
  'gcr.io/google-containers',
  'quay.io/coreos',
  'bitnami',
];

interface Said {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  /** The whole file after each fix. */
  readonly fixed: readonly string[];
}

function files(folder: string, name = /dockerfile/i): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** What is wrong with what was said of one image; nothing where it agrees with the data. */
function wrongWith(found: Said, verdict: Verdict, tags: ReadonlySet<string>): string | undefined {
  const { rule, message, severity } = found;
  if (!message.endsWith('(as of 2026-08)')) return 'does not say as of when';
  switch (/image-(ended|not-built)$/.exec(rule)?.[1]) {
    case 'ended': {
      if (verdict.isGone) return message.includes('not been an official image since') ? undefined : 'is gone';
      if (verdict.ended.size === 0) {
        if (verdict.isDeprecated && message.includes('deprecated')) return undefined;
        if (severity === 'information' && /ends on \d{4}-\d\d-\d\d \(/.test(message)) return undefined;
        return /left the official images on/.test(message) && verdict.left.size > 0 ? undefined : 'nothing has ended';
      }
      const said = (message.split(': no more')[0] ?? '').split(', ').map((part) => {
        return verdict.ended.has(part) ? part : part.replace(/ \S+ has ended$/, ' * has ended');
      });
      return [...verdict.ended].toSorted().join() === said.toSorted().join()
        ? undefined
        : `has ended: ${[...verdict.ended].join(', ')}`;
    }
    case 'not-built': {
      if (verdict.isBuilt) return 'is built';
      const day = / has not been built since (\S+):/.exec(message)?.[1];
      if (day !== undefined) return [...verdict.left.values()].includes(day) ? undefined : 'did not leave that day';
      const by = /^(\S+) is built in place of /.exec(message)?.[1] ?? '';
      return tags.has(by) && severity === 'information' ? undefined : `${by} is not built`;
    }
    default: {
      if (verdict.isBuilt) return 'is built';
      if (verdict.left.size > 0) return 'was built';
      return [...tags].some((tag) => message.includes(tag)) ? undefined : 'no tag that is built is meant';
    }
  }
}

/** When versions of .NET ended, as Microsoft's own support policy says. */
const dotnetEnds: Readonly<Record<string, string>> = {
  '3.1': '2022-12-13',
  '5': '2022-05-10',
  '6': '2024-11-12',
  '7': '2024-05-14',
  '8': '2026-11-10',
  '9': '2026-11-10',
};

/** What is wrong with the findings for an image that Docker's official ones do not have. */
function wrongWithOther(reference: string, said: readonly Said[]): string | undefined {
  const dotnet = /^mcr\.microsoft\.com\/dotnet\/(?:core\/)?(?:sdk|aspnet|runtime|runtime-deps):(\d+\.\d+)/.exec(
    reference,
  );
  const version = dotnet?.[1]?.replace(/\.0$/, '') ?? '';
  const end = dotnetEnds[version];
  if (end === undefined) return said.length > 0 ? `is not official: ${said[0]?.message}` : undefined;
  const expected = `Microsoft .NET ${version} ended on ${end}`;
  return said.some(({ message }) => message.includes(expected)) ? undefined : `nothing says ${expected}`;
}

describe('base images of the corpus, held against the data', { skip }, () => {
  const oracle: Oracle | undefined = data === undefined ? undefined : readOracle(data);

  it('every finding is true, and everything that has ended is found', () => {
    assert.ok(oracle !== undefined && corpus !== undefined);
    const service = createService();
    const wrong: string[] = [];
    const counts = new Map<string, number>();
    let judged = 0;
    let fixes = 0;
    for (const { path, text } of files(corpus)) {
      const file = { path, languageId: 'dockerfile', text };
      const { findings } = drive(service.analyse(file, strict, { ...noSurroundings, images }));
      const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
      const bases = baseLines(text);
      const onLine = new Map<number, Said[]>();
      for (const { rule, severity, message, span, fixes } of findings) {
        if (!ages.includes(rule)) continue;
        counts.set(rule, (counts.get(rule) ?? 0) + 1);
        const line = lineAt(span.start);
        const said = { rule, severity, message, fixed: fixes.map(({ edits }) => applyEdits(text, edits)) };
        onLine.set(line, [...(onLine.get(line) ?? []), said]);
      }
      for (const { line, reference } of bases) {
        const verdict = oracle.judge(reference, images.today);
        const said = onLine.get(line) ?? [];
        onLine.delete(line);
        const where = `${path}:${line} ${reference}`;
        if (verdict === undefined || reference.startsWith('mcr.')) {
          const against = wrongWithOther(reference, said);
          if (against !== undefined) wrong.push(`${where}: ${against}`);
        }
        if (verdict === undefined) continue;
        judged++;
        if (said.length > 1) wrong.push(`${where}: ${said.length} findings for one image`);
        const tags = oracle.tags(verdict.name);
        for (const one of said) {
          const against = wrongWith(one, verdict, tags);
          if (against !== undefined) wrong.push(`${where} “${one.message}”: ${against}`);
          for (const fixed of one.fixed) {
            fixes++;
            // The others that the fix changes are at most as bad: a default of an ARG stands in several.
            const others = baseLines(fixed).filter((base) => !bases.some((old) => old.reference === base.reference));
            if (!others.some((base) => base.line === line)) wrong.push(`${where}: a fix does not change it`);
            for (const { reference: other } of others) {
              const after = oracle.judge(other, images.today);
              if (after?.isBuilt !== true || after.ended.size > 0)
                wrong.push(`${where}: the fix ${other} is no better`);
            }
          }
        }
        const hasEnded = verdict.ended.size > 0 || verdict.isGone;
        if (hasEnded && !said.some(({ rule }) => rule === 'dockerfile/image-ended') && !reference.includes('@'))
          wrong.push(`${where} has ended and nothing is said: ${[...verdict.ended].join(', ')}`);
      }
      // What is left stands in `--from`, which the words of FROM lines do not tell.
      for (const [line, said] of onLine) {
        const source = /--from=(\S+?)[,\s]/.exec(text.split(/\r?\n/)[line - 1] ?? '')?.[1];
        const verdict = source === undefined ? undefined : oracle.judge(source, images.today);
        if (verdict === undefined) wrong.push(`${path}:${line} has no image: ${said[0]?.message}`);
        else
          for (const one of said) {
            const against = wrongWith(one, verdict, oracle.tags(verdict.name));
            if (against !== undefined) wrong.push(`${path}:${line} ${source} “${one.message}”: ${against}`);
          }
      }
    }
    assert.deepEqual(wrong, []);
    // The check checks something.
    assert.ok(judged > 300, `${judged} official images`);
    assert.ok(fixes > 100, `${fixes} fixes`);
    assert.ok((counts.get('dockerfile/image-ended') ?? 0) > 50, JSON.stringify([...counts]));
  });

  for (const part of ['compose', 'k8s', 'helm', 'kustomize'])
    it(`so is every finding for images in ${part}`, () => {
      const folder = sharedPath(`corpus/${part}`);
      assert.ok(oracle !== undefined && folder !== undefined);
      const service = createService();
      const wrong: string[] = [];
      let judged = 0;
      for (const { path, text } of files(folder, /\.ya?ml$/)) {
        const file = { path, languageId: '', text };
        const parsed = service.parse(file);
        const { findings } = drive(service.analyse(file, strict, { ...noSurroundings, images }));
        for (const { rule, severity, message, span, fixes } of findings) {
          if (!/\/(?:service|container)-image-(?:ended|not-built|tag-unknown)$/.test(rule)) continue;
          const reference = service.imageAt(parsed, span.start)?.text;
          const verdict = reference === undefined ? undefined : oracle.judge(reference, images.today);
          if (verdict === undefined) {
            wrong.push(`${path} ${reference} is not official: ${message}`);
            continue;
          }
          judged++;
          const fixed = fixes.map(({ edits }) => applyEdits(text, edits));
          const against = wrongWith({ rule, severity, message, fixed }, verdict, oracle.tags(verdict.name));
          if (against !== undefined) wrong.push(`${path} ${reference} “${message}”: ${against}`);
          for (const one of fixed) {
            const other = service.imageAt(service.parse({ ...file, text: one }), span.start)?.text ?? '';
            const after = oracle.judge(other, images.today);
            if (after?.isBuilt !== true || after.ended.size > 0) wrong.push(`${path}: the fix ${other} is no better`);
          }
        }
      }
      assert.deepEqual(wrong, []);
      assert.ok(judged > 0);
    });

  it('no other image gets an opinion, but on its name or its place', () => {
    assert.ok(oracle !== undefined);
    const service = createService();
    const wrong: string[] = [];
    const counts: Record<string, number> = {};
    for (const part of ['dockerfiles', 'compose', 'k8s', 'helm', 'kustomize']) {
      const folder = sharedPath(`corpus/${part}`);
      assert.ok(folder !== undefined);
      for (const { path, text } of files(folder, part === 'dockerfiles' ? /dockerfile/i : /\.ya?ml$/)) {
        const file = { path, languageId: part === 'dockerfiles' ? 'dockerfile' : '', text };
        const parsed = service.parse(file);
        const { findings } = drive(service.analyse(file, strict, { ...noSurroundings, images }));
        for (const { rule, message, span } of findings) {
          const [, kind] = /\/(?:service-|container-)?(image-[a-z-]+|(?:image-)?registry-retired)$/.exec(rule) ?? [];
          const about = kind === undefined ? undefined : opinions.get(kind.replace(/^image-registry/, 'registry'));
          if (about === undefined) continue;
          counts[about] = (counts[about] ?? 0) + 1;
          const reference = service.imageAt(parsed, span.start)?.text ?? '';
          const plain = reference.replace(/[:@][^/]*$/, '').replace(/^docker\.io\//, '');
          const isRight =
            about === 'image'
              ? oracle.judge(reference, images.today) !== undefined
              : about === 'name'
                ? /^[^/]+\/[^/]+$/.test(plain) && oracle.tags(plain.replace(/^.*\//, '')).size > 0
                : retiredPlaces.some((place) => plain.startsWith(`${place}/`));
          if (!isRight) wrong.push(`${path} ${reference}: ${rule} says ${message}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    // Each kind is there.
    assert.deepEqual(Object.keys(counts).toSorted(), ['image', 'name', 'place']);
  });

  it('every tag that is built is read as such, and no other', () => {
    assert.ok(oracle !== undefined);
    const { official } = images.catalogue;
    for (const name of official.names()) assert.deepEqual(new Set(official.tags(name)), oracle.tags(name), name);
  });
});
