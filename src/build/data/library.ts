/**
 * Reads the files of docker-library/official-images (bashbrew's format: paragraphs of fields, the first one holding what
 * the others inherit) and writes them in the compact form that `core/images/official-images.ts` reads.
 */

/** One paragraph: all tags are the same image. */
export interface LibraryEntry {
  readonly tags: readonly string[];
  /** Tags of several entries at once. */
  readonly shared: readonly string[];
  /** As bashbrew names them, in the order of the file. */
  readonly arches: readonly string[];
  /** Base systems of Windows that it needs. */
  readonly constraints: readonly string[];
}

export interface LibraryFile {
  readonly entries: readonly LibraryEntry[];
  /** What most entries are built from: `owner/name` on GitHub, the whole address elsewhere. */
  readonly repository: string | undefined;
}

type Fields = ReadonlyMap<string, string>;

/** The paragraphs of a file, without comments; a line that begins with a blank goes on with the field above. */
function paragraphs(text: string): readonly Fields[] {
  const all: Map<string, string>[] = [];
  let fields = new Map<string, string>();
  let last: string | undefined;
  for (const line of [...text.split(/\r?\n/), '']) {
    if (line.startsWith('#')) continue;
    if (line.trim() === '') {
      if (fields.size > 0) all.push(fields);
      fields = new Map();
      last = undefined;
      continue;
    }
    if (/^\s/.test(line)) {
      if (last === undefined) throw new Error(`a line goes on with nothing: “${line.trim()}”`);
      fields.set(last, `${fields.get(last) ?? ''} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0) throw new Error(`a line is no field: “${line}”`);
    last = line.slice(0, colon);
    fields.set(last, line.slice(colon + 1).trim());
  }
  return all;
}

function list(fields: Fields, name: string): readonly string[] {
  return (fields.get(name) ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

function repositoryName(fields: Fields): string | undefined {
  const address = fields.get('GitRepo');
  return /^https?:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(address ?? '')?.[1] ?? address;
}

/**
 * Reads one library file.
 * @throws Error where it is not in bashbrew's format
 */
export function readLibrary(text: string): LibraryFile {
  const all = paragraphs(text);
  const common = all[0]?.has('Tags') === false ? all[0] : new Map<string, string>();
  const repositories = new Map<string, number>();
  const entries = all
    .filter((fields) => fields !== common)
    .map((own): LibraryEntry => {
      const fields = new Map([...common, ...own]);
      const tags = list(own, 'Tags');
      const shared = list(own, 'SharedTags');
      if (tags.length === 0 && shared.length === 0) throw new Error('a paragraph has no tags');
      const found = repositoryName(fields);
      if (found !== undefined) repositories.set(found, (repositories.get(found) ?? 0) + 1);
      const arches = list(fields, 'Architectures');
      return { tags, shared, arches: arches.length > 0 ? arches : ['amd64'], constraints: list(fields, 'Constraints') };
    });
  const repository = [...repositories].sort((a, b) => b[1] - a[1])[0]?.[0] ?? repositoryName(common);
  return { entries, repository };
}

const blank = (word: string) => (word === '' ? '~' : word);
const joined = (left: string, right: string) => (left === '' ? right : right === '' ? left : `${left}-${right}`);

/** What may stand before the rest of a tag, and behind it: at each dash, and nothing or all of it. */
function halves(tag: string): readonly (readonly [left: string, right: string])[] {
  const cuts = [...tag.matchAll(/-/g)].map(({ index }) => [tag.slice(0, index), tag.slice(index + 1)] as const);
  return [['', tag], [tag, ''], ...cuts];
}

const withoutEnd = (tag: string, end: string) =>
  end === '' ? tag : tag === end ? '' : tag.endsWith(`-${end}`) ? tag.slice(0, -end.length - 1) : undefined;
const withoutStart = (tag: string, start: string) =>
  start === '' ? tag : tag === start ? '' : tag.startsWith(`${start}-`) ? tag.slice(start.length + 1) : undefined;

/** A list of tags as its shortest product `V*X` (for each X all V) or `V/X` (for each V all X), else with commas. */
export function packed(tags: readonly string[]): string {
  let best = tags.join(',');
  for (let size = 1; size <= tags.length; size++) {
    if (tags.length % size !== 0) continue;
    const firsts = tags.filter((_, index) => index % size === 0);
    for (const [left, right] of halves(tags[0] ?? '')) {
      const products = [
        {
          sign: '*',
          inner: tags.slice(0, size).map((tag) => withoutEnd(tag, right)),
          outer: firsts.map((tag) => withoutStart(tag, left)),
        },
        {
          sign: '/',
          inner: tags.slice(0, size).map((tag) => withoutStart(tag, left)),
          outer: firsts.map((tag) => withoutEnd(tag, right)),
        },
      ];
      for (const { sign, inner, outer } of products) {
        const [a, b] = [inner.flatMap((word) => word ?? []), outer.flatMap((word) => word ?? [])];
        if (a.length < inner.length || b.length < outer.length) continue;
        const all = b.flatMap((far) => a.map((near) => (sign === '*' ? joined(near, far) : joined(far, near))));
        if (all.some((tag, index) => tag !== tags[index])) continue;
        const [v, x] = sign === '*' ? [a, b] : [b, a];
        const text = `${v.map(blank).join(',')}${sign}${x.map(blank).join(',')}`;
        if (text.length < best.length) best = text;
      }
    }
  }
  return best;
}

/** What `official-images.json` holds of the library files: the sets that entries count, and the entries. */
export interface PackedLibrary {
  readonly archSets: readonly string[];
  readonly constraints: readonly string[];
  readonly images: ReadonlyMap<string, readonly string[]>;
}

/** The different texts, the most frequent first. */
function byFrequency(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([text]) => text);
}

/** All library files in the compact form: `A[:C]|tags[|sharedTags]`, A in base 36. */
export function packLibrary(files: ReadonlyMap<string, LibraryFile>): PackedLibrary {
  const all = [...files.values()].flatMap(({ entries }) => entries);
  const archSets = byFrequency(all.map(({ arches }) => arches.join(' ')));
  const constraints = byFrequency(all.map((entry) => entry.constraints.join(' ')).filter((text) => text !== ''));
  const line = ({ tags, shared, arches, constraints: needs }: LibraryEntry) => {
    const arch = archSets.indexOf(arches.join(' ')).toString(36);
    const head = needs.length === 0 ? arch : `${arch}:${constraints.indexOf(needs.join(' '))}`;
    return `${head}|${packed(tags)}${shared.length === 0 ? '' : `|${packed(shared)}`}`;
  };
  return {
    archSets,
    constraints,
    images: new Map([...files].map(([name, { entries }]) => [name, entries.map(line)])),
  };
}
