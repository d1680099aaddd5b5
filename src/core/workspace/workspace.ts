import type { Dockerfile } from '../dockerfile/model.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { BuiltImage, NeighbourObject, Neighbours } from '../kubernetes/model.ts';
import { patchKey, withPatches } from '../kubernetes/patched.ts';
import { isKustomizationName } from '../kubernetes/recognise.ts';
import { folderOf, isDockerfileName, type Parsed, parseFile, type SourceFile } from '../parsed.ts';
import { knownItems, knownText } from '../yaml/field.ts';
import { parseYaml, type YamlCache, type YamlFile } from '../yaml/parse.ts';
import { type Boundaries, boundariesOf, resolved } from './boundary.ts';
import { type BuiltStages, imageUsers, stagesBuilt } from './images.ts';
import { type Kustomization, readKustomization } from './kustomization.ts';

/** The files of a workspace, as far as they were put in: what one manifest may know of the others. */
export interface Workspace {
  /** Puts a file in, or its new text. Whether another file may see a difference. */
  update(file: SourceFile): boolean;
  /** Takes a file out. Whether another file may see a difference. */
  remove(path: string): boolean;
  /** What there is beside a file, images that are built here included; undefined while there is nothing. */
  neighboursOf(path: string): Neighbours | undefined;
  /** The paths of all YAML files; undefined while there is none. */
  paths(): readonly string[] | undefined;
  /** The images that Compose files build here; the same map until something of them changes. */
  builtStages(): BuiltStages;
  /** The files that run something: manifests and Compose files, by path. */
  manifests(): ReadonlyMap<string, Parsed>;
}

interface IndexedFile {
  readonly text: string;
  readonly objects: readonly NeighbourObject[];
  readonly kustomization: Kustomization | undefined;
  /** Of a `Chart.yaml`: the folders of the charts that it depends on. */
  readonly dependencies: readonly string[] | undefined;
  /** Undefined where it runs nothing. */
  readonly parsed: Parsed | undefined;
}

interface Groups {
  readonly of: Boundaries;
  /** Paths by group. */
  readonly members: ReadonlyMap<string, readonly string[]>;
  /** What the kustomizations of a group take in that is not here: paths, `''` for an address. */
  readonly missing: ReadonlyMap<string, readonly string[]>;
  /** Images that kustomizations of a group give a tag. */
  readonly retagged: ReadonlyMap<string, ReadonlySet<string>>;
  /** By group: what kustomizations patch by a target or in themselves. */
  readonly patched: ReadonlyMap<string, ReadonlySet<string>>;
  readonly patchFiles: ReadonlySet<string>;
  /** By group: keys of the labels that kustomizations add. */
  readonly labelled: ReadonlyMap<string, ReadonlySet<string>>;
  /** By group: names of workloads whose replicas kustomizations set. */
  readonly rescaled: ReadonlyMap<string, ReadonlySet<string>>;
}

interface IndexedDockerfile {
  readonly text: string;
  /** Undefined until an image is looked for in it. */
  dockerfile: Dockerfile | undefined;
}

/** An empty index. Documents are read through `cache`, so that those of open files are not read twice. */
export function createWorkspace(cache: YamlCache): Workspace {
  const files = new Map<string, IndexedFile>();
  /** Paths by group; made anew when a file comes or goes or a kustomization changes. */
  let groups: Groups | undefined;
  /** Emptied at each change. */
  const neighbours = new Map<string, Neighbours | undefined>();
  let running: ReadonlyMap<string, Parsed> | undefined;
  const dockerfiles = new Map<string, IndexedDockerfile>();
  /** Undefined after a change of a Dockerfile or a Compose file. */
  let images: { readonly stages: BuiltStages; readonly users: ReadonlyMap<string, BuiltImage> } | undefined;

  const read = (file: SourceFile): IndexedFile => {
    const { path, text } = file;
    if (isKustomizationName(path)) {
      const { parts } = parseYaml(text, cache, { template: false });
      return {
        text,
        objects: [],
        kustomization: readKustomization(parts[0]?.document.root ?? null),
        dependencies: undefined,
        parsed: undefined,
      };
    }
    const parsed = parseFile(file, cache);
    const objects = parsed.kind === 'kubernetes' ? parsed.kubernetes.objects : [];
    const runs = parsed.kind === 'compose' || objects.some(({ object }) => object.workload !== undefined);
    return {
      text,
      objects: objects.map((placed) => ({ ...placed, path, text })),
      kustomization: undefined,
      dependencies: isChart(path) ? chartDependencies(parseYaml(text, cache, { template: false })) : undefined,
      parsed: runs ? parsed : undefined,
    };
  };

  const dockerfileAt = (path: string) => {
    const found = dockerfiles.get(path);
    if (found === undefined) return undefined;
    found.dockerfile ??= parseDockerfile(found.text);
    return { text: found.text, dockerfile: found.dockerfile };
  };

  const builtHere = () => {
    if (images === undefined) {
      const stages = stagesBuilt(
        [...files].flatMap(([path, { parsed }]) =>
          parsed?.kind === 'compose' ? [[path, parsed.compose] as const] : [],
        ),
        dockerfileAt,
      );
      images = { stages, users: imageUsers(stages) };
    }
    return images;
  };

  /** Forgets what is known of images. Whether another file may see a difference. */
  const imagesChanged = (): boolean => {
    const before = usersOf(images?.users);
    images = undefined;
    neighbours.clear();
    return usersOf(builtHere().users) !== before;
  };

  const updateDockerfile = ({ path, text }: SourceFile): boolean => {
    if (dockerfiles.get(path)?.text === text) return false;
    dockerfiles.set(path, { text, dockerfile: undefined });
    return imagesChanged();
  };

  const grouped = () => {
    if (groups === undefined) {
      const kustomizations = new Map<string, Kustomization>();
      for (const [path, { kustomization }] of files) if (kustomization) kustomizations.set(path, kustomization);
      const of = boundariesOf(files.keys(), kustomizations);
      const members = new Map<string, string[]>();
      for (const path of files.keys()) {
        const same = members.get(of(path));
        if (same) same.push(path);
        else members.set(of(path), [path]);
      }
      const held = heldIn(files.keys());
      const missing = new Map<string, readonly string[]>();
      for (const [path, { dependencies = [] }] of files) {
        const absent = dependencies.map((folder) => resolved(folderOf(path), folder)).filter((folder) => !held(folder));
        if (absent.length > 0) missing.set(of(path), [...(missing.get(of(path)) ?? []), ...absent]);
      }
      const retagged = new Map<string, Set<string>>();
      const patched = new Map<string, Set<string>>();
      const labelled = new Map<string, ReadonlySet<string>>();
      const rescaled = new Map<string, ReadonlySet<string>>();
      const patchFiles = new Set<string>();
      for (const [path, { takes, remote, retags, patches, patchFiles: own, labels, rescales }] of kustomizations) {
        const group = of(path);
        const absent = takes.map((taken) => resolved(folderOf(path), taken)).filter((target) => !held(target));
        missing.set(group, [...(missing.get(group) ?? []), ...absent, ...(remote ? [''] : [])]);
        const names = retagged.get(group) ?? new Set();
        for (const name of retags) names.add(name);
        retagged.set(group, names);
        patched.set(group, new Set([...(patched.get(group) ?? []), ...patches]));
        labelled.set(group, new Set([...(labelled.get(group) ?? []), ...labels]));
        rescaled.set(group, new Set([...(rescaled.get(group) ?? []), ...rescales]));
        for (const patch of own) patchFiles.add(resolved(folderOf(path), patch));
      }
      groups = { of, members, missing, retagged, patched, patchFiles, labelled, rescaled };
    }
    return groups;
  };

  const peersOf = (path: string): readonly string[] => {
    const { of, members } = grouped();
    return (members.get(of(path)) ?? []).filter((member) => member !== path);
  };

  /** What is patched of all that is deployed together. */
  const patchedAmong = (paths: Iterable<string>, inline: ReadonlySet<string> | undefined): ReadonlySet<string> => {
    const { patchFiles } = grouped();
    const patched = new Set(inline);
    for (const path of paths)
      for (const { object } of files.get(path)?.objects ?? [])
        if (object.context === 'patch' || patchFiles.has(path)) patched.add(patchKey(object));
    return patched;
  };

  const neighboursOf = (path: string): Neighbours | undefined => {
    if (neighbours.has(path)) return neighbours.get(path);
    const { of, missing, retagged: byGroup, patched: patchedIn, labelled: labelledIn, rescaled: byName } = grouped();
    const peers = new Set(peersOf(path));
    const patched = patchedAmong([path, ...peers], patchedIn.get(of(path)));
    const near: NeighbourObject[] = [];
    const far: NeighbourObject[] = [];
    const generated: Neighbours['generated'][number][] = [];
    for (const [other, { objects, kustomization }] of files) {
      if (other === path) continue;
      if (peers.has(other)) near.push(...objects.map((placed) => withPatches(placed, patched)));
      else far.push(...objects);
      generated.push(...(kustomization?.generates ?? []));
    }
    const images = builtHere().users;
    // The file itself may be checked before it is put in.
    const incomplete = missing.get(of(path))?.some((target) => target !== path) ?? false;
    const retagged = byGroup.get(of(path)) ?? new Set<string>();
    const labelled = labelledIn.get(of(path)) ?? new Set<string>();
    const rescaled = byName.get(of(path)) ?? new Set<string>();
    const lists = [near, far, generated].every(({ length }) => length === 0);
    const nothing =
      lists && [images, retagged, patched, labelled, rescaled].every(({ size }) => size === 0) && !incomplete;
    const made = nothing
      ? undefined
      : { near, far, generated, images, incomplete, retagged, patched, labelled, rescaled };
    neighbours.set(path, made);
    return made;
  };

  return {
    update(file) {
      if (file.languageId === 'dockerfile' || isDockerfileName(file.path)) return updateDockerfile(file);
      const before = files.get(file.path);
      if (before?.text === file.text) return false;
      const after = read(file);
      files.set(file.path, after);
      const boundary = [before, after].some((one) => (one?.kustomization ?? one?.dependencies) !== undefined);
      if (before === undefined || boundary) groups = undefined;
      neighbours.clear();
      running = undefined;
      const builds = [before, after].some((one) => one?.parsed?.kind === 'compose') && imagesChanged();
      return builds || boundary || after.objects.length + (before?.objects.length ?? 0) > 0;
    },
    remove(path) {
      if (dockerfiles.delete(path)) return imagesChanged();
      const before = files.get(path);
      if (before === undefined) return false;
      files.delete(path);
      if (before.parsed?.kind === 'compose') images = undefined;
      groups = undefined;
      neighbours.clear();
      running = undefined;
      return true;
    },
    neighboursOf,
    builtStages: () => builtHere().stages,
    manifests() {
      running ??= new Map([...files].flatMap(([path, { parsed }]) => (parsed === undefined ? [] : [[path, parsed]])));
      return running;
    },
    paths: () => (files.size > 0 ? [...files.keys()] : undefined),
  };
}

function isChart(path: string): boolean {
  return /(?:^|\/)(?:Chart|requirements)\.ya?ml$/.test(path);
}

/** Where the charts stand that a chart depends on, if they are there at all, relative to its own folder. */
function chartDependencies({ parts }: YamlFile): readonly string[] {
  return knownItems(parts[0]?.document.root, 'dependencies').flatMap(({ node }) => {
    const name = knownText(node, 'name')?.value;
    return name === undefined ? [] : [`charts/${name}`];
  });
}

/** What rules read of images, as one text. */
function usersOf(images: ReadonlyMap<string, BuiltImage> | undefined): string {
  return [...(images ?? [])].map(([name, { user, number }]) => `${name} ${user} ${number ?? ''}`).join('\n');
}

/** Whether one of the paths is a file or stands in a folder. */
function heldIn(paths: Iterable<string>): (path: string) => boolean {
  const held = new Set<string>();
  for (const path of paths) {
    held.add(path);
    for (let at = path.indexOf('/', 1); at >= 0; at = path.indexOf('/', at + 1)) held.add(path.slice(0, at));
  }
  return (path) => held.has(path.replace(/\/$/, ''));
}
