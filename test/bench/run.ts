/** Prints how fast and how large we are, beside npm's peers in the same run. Asserts nothing. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { buildProducts } from '../../src/build/bundle.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { runCommandsOf } from '../../src/core/dockerfile/subjects.ts';
import { defaultSettings } from '../../src/core/engine/settings.ts';
import { catalogueFiles, readCatalogue } from '../../src/core/images/catalogue.ts';
import { parseFile } from '../../src/core/parsed.ts';
import { createService, drive, noSurroundings } from '../../src/core/service.ts';
import { pack } from '../../src/core/sizing/packing.ts';
import { effectiveLimits } from '../../src/core/sizing/pod-requests.ts';
import { podQos } from '../../src/core/sizing/qos.ts';
import type { PodResources } from '../../src/core/sizing/resources.ts';
import { defaultRollingUpdate, deploymentRollout } from '../../src/core/sizing/rollout.ts';
import { podAmounts } from '../../src/core/sizing/scheduler-units.ts';
import { onceFor } from '../../src/core/text/once-for.ts';
import { createYamlCache } from '../../src/core/yaml/parse.ts';
import { sharedPath } from '../support/shared.ts';
import { firstReads } from './first-reads.ts';
import { composeFile, dockerfile, largeManifest, workloads } from './inputs.ts';
import { measure, measureParts, milliseconds, row } from './measure.ts';
import { panel } from './panel.ts';
import { loadPeers } from './peers.ts';
import { workspace } from './workspace.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function analyser(path: string) {
  const service = createService();
  return (text: string) =>
    drive(service.analyse({ path, languageId: '', text }, defaultSettings, noSurroundings)).findings.length;
}

/** The manifest with one number changed in one of its documents, another one each time. */
function edited(text: string, run: number): string {
  let at = -1;
  for (let skip = Math.abs(run * 37) % 100; skip >= 0; skip--) at = text.indexOf('memory: ', at + 1);
  return `${text.slice(0, at + 8)}${100 + Math.abs(run)}${text.slice(text.indexOf('M', at))}`;
}

async function manifests(peer: Awaited<ReturnType<typeof loadPeers>>['yaml']): Promise<void> {
  const text = largeManifest();
  console.log(`Manifest of ${text.split('\n').length} lines, ${text.split('\n---\n').length} documents`);
  const analyse = analyser('/bench.yaml');
  const found = analyse(text);
  const bare = await measure(9, () => parseAllDocuments(text, { uniqueKeys: false, logLevel: 'silent' }));
  console.log(row('bare parse, all documents (yaml)', bare));
  console.log(row(`from nothing to ${found} findings`, await measure(9, () => analyser('/bench.yaml')(text)), bare));
  const texts = Array.from({ length: 200 }, (_, run) => edited(text, run));
  console.log(
    row('one edit to findings', await measure(200, (run) => analyse(texts[Math.abs(run) % 200] ?? text)), bare),
  );
  console.log(row(peer.name, await measure(5, () => peer.check(text)), bare));
}

async function dockerfiles(peer: Awaited<ReturnType<typeof loadPeers>>['dockerfile']): Promise<void> {
  const text = dockerfile();
  console.log(`\nDockerfile of ${text.split('\n').length} lines`);
  const analyse = analyser('/Dockerfile');
  const change = (run: number) => text.replace('VERSION=1.0', `VERSION=1.${Math.abs(run)}`);
  // Scripts are read when they are first asked for: asking is part of parsing.
  const bare = await measure(100, (run) => [...runCommandsOf(parseDockerfile(change(run)))].length);
  console.log(row('bare parse, shell scripts too', bare));
  console.log(row(`one edit to ${analyse(text)} findings`, await measure(100, (run) => analyse(change(run))), bare));
  console.log(row(peer.name, await measure(50, (run) => peer.check(change(run))), bare));
}

/**
 * All Dockerfile rules, optional ones too, over the corpus. The bare parse is what they work with: instructions, words, and
 * the commands of the scripts in RUN, which the model reads when they are first asked for. Each file is read and then
 * checked, so that what else the machine does falls on both; what is costly of the fixes is made when somebody asks.
 */
function corpus(): void {
  const folder = sharedPath('corpus/dockerfiles');
  if (folder === undefined) {
    console.log('\nThe corpus of Dockerfiles is not beside the project');
    return;
  }
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /dockerfile/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, languageId: 'dockerfile', text: readFileSync(path, 'utf8') }));
  console.log(`\n${files.length} Dockerfiles of the corpus`);
  const service = createService();
  const settings = { ...defaultSettings, profile: 'strict' as const };
  let found = 0;
  const [bare, rules] = measureParts(40, () => {
    let [parsing, checking] = [0, 0];
    found = 0;
    for (const file of files) {
      const start = performance.now();
      const parsed = service.parse(file);
      if (parsed.kind === 'dockerfile') runCommandsOf(parsed.dockerfile);
      const read = performance.now();
      found += drive(service.check(parsed, settings, noSurroundings)).findings.length;
      checking += performance.now() - read;
      parsing += read - start;
    }
    return [parsing, checking];
  });
  console.log(row('bare parse, shell scripts too', bare));
  console.log(row(`all rules, to ${found} findings`, rules, bare));
  console.log('  (asked for: rules at most 1.3 times the bare parse)');
}

async function composeFiles(peer: Awaited<ReturnType<typeof loadPeers>>['compose']): Promise<void> {
  const text = composeFile();
  console.log(`\nCompose file of ${text.split('\n').length} lines`);
  const analyse = analyser('/compose.yaml');
  const change = (run: number) => text.replace('256M', `${200 + Math.abs(run)}M`);
  const bare = await measure(50, (run) =>
    parseFile({ path: '/compose.yaml', languageId: '', text: change(run) }, createYamlCache(1)),
  );
  console.log(row('bare parse', bare));
  console.log(row(`one edit to ${analyse(text)} findings`, await measure(50, (run) => analyse(change(run))), bare));
  console.log(row(peer.name, await measure(10, (run) => peer.check(change(run))), bare));
}

/** The numbers of 500 workloads, and their pods at the peak of a rollout packed onto nodes: from nothing, and after one draft. */
async function sizing(): Promise<void> {
  const all = workloads(500);
  const allocatable = new Map([
    ['cpu', 7910],
    ['memory', 29_023 * 2 ** 20],
    ['pods', 110],
  ]);
  const numbersOf = (pod: PodResources) => {
    return { amounts: podAmounts(pod), limits: effectiveLimits(pod), qos: podQos(pod) };
  };
  const packed = (pods: readonly PodResources[], of: typeof numbersOf) =>
    pack({
      workloads: pods.map((pod, index) => {
        const peak = deploymentRollout(defaultRollingUpdate, all[index]?.replicas ?? 0)?.peakPods ?? 0;
        return { name: `w${index}`, requests: of(pod).amounts, count: peak };
      }),
      templates: [{ name: 'node', allocatable }],
    });
  const pods = all.map(({ pod }) => pod);
  const known = onceFor(numbersOf);
  const { placed, nodes } = packed(pods, known);
  console.log(`\nSizing of ${pods.length} workloads, ${placed} pods onto ${nodes.length} nodes`);
  console.log(row('every number from nothing', await measure(100, () => packed(pods, numbersOf))));
  const draft = (run: number) => {
    const at = Math.abs(run) % pods.length;
    return pods.map((pod, index) => (index === at ? { ...pod } : pod));
  };
  console.log(row('after one draft', await measure(100, (run) => packed(draft(run), known))));
}

/** A fresh process each time: loads the bundle and activates it in an editor that only nods. */
function activation(): void {
  const script = `
    // Every name of it is itself, so that anything may be read, called, extended, awaited or walked through.
    const nodding = new Proxy(function () {}, {
      get: (_, key) => key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined : key === Symbol.iterator ? function* () {} : key === 'prototype' ? {} : nodding,
      getPrototypeOf: () => nodding, set: () => true, apply: () => nodding, construct: () => nodding,
    });
    const nod = () => nodding;
    const { Module } = require('node:module');
    const load = Module._load;
    Module._load = (name, ...rest) => name === 'vscode' ? nod() : load(name, ...rest);
    const start = performance.now();
    const extension = require(${JSON.stringify(`${root}dist/extension.js`)});
    const loaded = performance.now();
    extension.activate(nod());
    console.log(JSON.stringify([loaded - start, performance.now() - loaded]));`;
  const times = Array.from(
    { length: 9 },
    () => JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as [number, number],
  );
  const median = (of: readonly number[]) => of.toSorted((a, b) => a - b)[4] ?? Number.NaN;
  console.log(
    `  load ${milliseconds(median(times.map(([load]) => load)))}, activate ${milliseconds(median(times.map(([, run]) => run)))}`,
  );
}

function sizes(): void {
  for (const name of ['extension.js', 'panel.js', 'panel.css', 'cli.js']) {
    const bytes = readFileSync(`${root}dist/${name}`);
    console.log(
      `  ${name.padEnd(14)} ${(bytes.length / 1000).toFixed(1).padStart(7)} kB, ${(gzipSync(bytes).length / 1000).toFixed(1)} kB gzipped`,
    );
  }
}

function memory(): void {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const analyse = analyser('/bench.yaml');
  analyse(largeManifest());
  globalThis.gc?.();
  const kept = process.memoryUsage().heapUsed - before;
  console.log(
    `  ${(kept / 1e6).toFixed(1)} MB kept for the manifest, its models and findings${globalThis.gc ? '' : ' (run node with --expose-gc for a steady figure)'}`,
  );
  analyse('');
}

/** What the first document that names an image pays, once; the facts of each image are unpacked when it is first asked for. */
async function images(): Promise<void> {
  const texts = catalogueFiles.map((name) => readFileSync(join(root, 'src', 'data', name), 'utf8'));
  console.log(`Data of images, ${Math.round(texts.join('').length / 1024)} kB`);
  console.log(row('read from its text', await measure(50, () => readCatalogue(texts))));
  const first = await firstReads(10);
  const sorted = (of: 'read' | 'asked') => first.map((times) => times[of]).toSorted((a, b) => a - b);
  for (const [what, of] of [
    ['the first time', 'read'],
    ['and the first image', 'asked'],
  ] as const)
    console.log(`  ${what}, in 10 fresh processes: ${sorted(of).map(milliseconds).join(', ')}`);
  const unpacked = () => {
    const { official } = readCatalogue(texts);
    return official.names().reduce((count, name) => count + official.tags(name).length, 0);
  };
  console.log(row(`and all of its ${unpacked()} tags unpacked`, await measure(20, unpacked)));
}

await buildProducts();
const peers = await loadPeers();
await manifests(peers.yaml);
await workspace();
await dockerfiles(peers.dockerfile);
corpus();
await composeFiles(peers.compose);
await sizing();
await images();
await panel(`${root}dist`);
console.log('\nActivation, median of 9 fresh processes');
activation();
console.log('\nBundles');
sizes();
console.log('\nMemory');
memory();
