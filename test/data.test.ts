import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { packed, readLibrary } from '../src/build/data/library.ts';
import { overNetwork } from '../src/build/data/source.ts';
import { type DataFiles, refreshed, snapshotText } from '../src/build/data.ts';
import { catalogueFiles, readCatalogue } from '../src/core/images/catalogue.ts';
import { type ImageFacts, isImageFacts, type OfficialFacts, type Product } from '../src/core/images/image-facts.ts';
import { readSnapshot } from '../src/core/images/snapshot.ts';

const read = (name: string) => readFileSync(new URL(`../src/data/${name}`, import.meta.url), 'utf8');
const shipped: DataFiles = {
  texts: new Map(catalogueFiles.map((name) => [name, read(name)])),
  notice: read('NOTICE.md'),
};

function factsOf({ texts }: DataFiles): ImageFacts {
  const [official, retired, ends] = catalogueFiles.map((name): unknown => JSON.parse(texts.get(name) ?? ''));
  const facts: unknown = { official, retired, ends };
  assert.ok(isImageFacts(facts));
  return facts;
}

/** A product of lists, or a list; written apart from the readers that ship. */
function unpacked(text: string): readonly string[] {
  const sign = text.includes('*') ? '*' : text.includes('/') ? '/' : undefined;
  if (sign === undefined) return text.split(',');
  const [v = [], x = []] = text.split(sign).map((side) => side.split(',').map((word) => (word === '~' ? '' : word)));
  const join = (a: string, b: string) => [a, b].filter((word) => word !== '').join('-');
  return sign === '*' ? x.flatMap((b) => v.map((a) => join(a, b))) : v.flatMap((a) => x.map((b) => join(a, b)));
}

/** The library file that an image's entries were made from, as docker-library writes it. */
function libraryText(facts: OfficialFacts, name: string): string {
  const { e, r } = facts.images[name] ?? { e: [] };
  const head = [
    '# made for a test',
    'Maintainers: Somebody <nobody@example.org> (@nobody),',
    '             Another (@another)',
  ];
  if (r !== undefined) head.push(`GitRepo: ${r.includes('://') ? r : `https://github.com/${r}.git`}`);
  const entries = e.map((entry) => {
    const [set = '', tags = '', shared] = entry.split('|');
    const [arch = '', needs] = set.split(':');
    const lines = [`Tags: ${unpacked(tags).join(', ')}`];
    if (shared !== undefined) lines.push(`SharedTags: ${unpacked(shared).join(', ')}`);
    lines.push(`Architectures: ${(facts.archSets[Number.parseInt(arch, 36)] ?? '').replaceAll(' ', ', ')}`);
    if (needs !== undefined)
      lines.push(`Constraints: ${(facts.constraints[Number(needs)] ?? '').replaceAll(' ', ', ')}`);
    lines.push('GitCommit: 0123456789abcdef0123456789abcdef01234567', 'Directory: somewhere');
    return lines.join('\n');
  });
  return `${[head.join('\n'), ...entries].join('\n\n')}\n`;
}

function productText({ t, c }: Product): string {
  const releases = c.map(([cycle, release, end, more]) =>
    [
      `  - releaseCycle: "${cycle}"`,
      ...(release === null ? [] : [`    releaseDate: ${release}`]),
      ...(end === null ? [] : [`    eol: ${end}`]),
      ...(more?.x === undefined ? [] : [`    eoes: ${more.x}`]),
    ].join('\n'),
  );
  return `---\ntitle: ${JSON.stringify(t)}\nreleases:\n${releases.join('\n\n')}\n---\n\nSome words.\n`;
}

/** Stands for GitHub: what each address answers. */
interface Sources {
  readonly library: Map<string, string>;
  readonly products: Map<string, string>;
  /** Commits of one library file, oldest first, with the file's text after each; '' where it was removed. */
  readonly history: Map<string, readonly { readonly sha: string; readonly date: string; readonly text: string }[]>;
  readonly asked: string[];
}

const libraryCommit = { sha: 'a'.repeat(40), date: '2026-11-20T10:00:00Z' };
const productsCommit = { sha: 'b'.repeat(40), date: '2026-11-21T10:00:00Z' };

function sources(): Sources {
  const { official, ends } = factsOf(shipped);
  return {
    library: new Map(Object.keys(official.images).map((name) => [name, libraryText(official, name)])),
    products: new Map(Object.entries(ends.products).map(([name, product]) => [name, productText(product)])),
    history: new Map(),
    asked: [],
  };
}

function answering({ library, products, history, asked }: Sources): (url: string) => Promise<string | undefined> {
  const commits = (all: readonly { readonly sha: string; readonly date: string }[]) =>
    JSON.stringify(all.map(({ sha, date }) => ({ sha, commit: { committer: { date } } })));
  return async (url) => {
    asked.push(url);
    const { host, pathname, searchParams } = new URL(url);
    const path = searchParams.get('path');
    if (host === 'api.github.com' && pathname.endsWith('/commits')) {
      if (path === 'library') return commits([libraryCommit]);
      if (path === 'products') return commits([productsCommit]);
      assert.equal(searchParams.get('since'), '2026-07-22T23:53:11.000Z');
      assert.equal(searchParams.get('sha'), libraryCommit.sha);
      return commits((history.get(path?.replace('library/', '') ?? '') ?? []).toReversed());
    }
    if (host === 'api.github.com') {
      assert.equal(pathname, `/repos/docker-library/official-images/git/trees/${libraryCommit.sha}:library`);
      return JSON.stringify({
        truncated: false,
        tree: [...library.keys()].map((name) => ({ type: 'blob', path: name })),
      });
    }
    assert.equal(host, 'raw.githubusercontent.com');
    const [, , , sha, folder, file = ''] = pathname.split('/');
    if (folder === 'products') return products.get(file.replace(/\.md$/, ''));
    const then = (history.get(file) ?? []).find((commit) => commit.sha === sha);
    if (then !== undefined) return then.text === '' ? undefined : then.text;
    assert.equal(sha, libraryCommit.sha);
    return library.get(file);
  };
}

describe('npm run data', () => {
  it('keeps the snapshots as they are written', () => {
    for (const [name, text] of shipped.texts) assert.ok(snapshotText(JSON.parse(text)) === text, name);
  });

  it('is read by the row as it is read as a whole', () => {
    for (const [name, text] of shipped.texts) {
      const read = readSnapshot(text);
      assert.deepEqual(structuredClone(read), JSON.parse(text), name);
      assert.equal(JSON.stringify(read), JSON.stringify(JSON.parse(text)), name);
    }
    const inOneLine = JSON.stringify(factsOf(shipped).ends);
    assert.deepEqual(readSnapshot(inOneLine), JSON.parse(inOneLine));
    assert.throws(() => readSnapshot('{\n  "images": {\n    "a": {}\n'), SyntaxError);
  });

  it('makes the same facts of the same sources', async () => {
    const from = sources();
    const { texts, changes, notice } = await refreshed(answering(from), shipped);
    assert.deepEqual(changes, []);
    const [before, after] = [factsOf(shipped), factsOf({ texts, notice })];
    for (const name of Object.keys(before.official.images))
      assert.equal(libraryText(after.official, name), libraryText(before.official, name));
    assert.deepEqual(after.official.gone, before.official.gone);
    assert.deepEqual(after.retired.images, before.retired.images);
    assert.deepEqual(after.ends.words, before.ends.words);
    assert.deepEqual(
      Object.values(after.ends.products).map(({ c }) => c),
      Object.values(before.ends.products).map(({ c }) => c),
    );
    // As compact as it was, within what the order of sets makes.
    const size = (files: ReadonlyMap<string, string>) => files.get('official-images.json')?.length ?? 0;
    assert.ok(size(texts) < size(shipped.texts) * 1.02, `${size(texts)} characters, ${size(shipped.texts)} before`);
    // Within what GitHub answers without an account.
    assert.ok(from.asked.filter((url) => url.includes('api.github.com')).length < 10);
  });

  it('says in the NOTICE what it read', async () => {
    const { notice, texts } = await refreshed(answering(sources()), shipped);
    assert.match(
      notice,
      new RegExp(`\\| official-images.json \\|.*${libraryCommit.sha} \\| 2026-11-20 \\| Apache-2.0`),
    );
    assert.match(notice, new RegExp(`\\| end-of-life.json \\|.*${productsCommit.sha} \\| 2026-11-21 \\| MIT`));
    assert.equal(notice.split('\n').length, shipped.notice.split('\n').length);
    assert.equal(readCatalogue(catalogueFiles.map((name) => texts.get(name) ?? '')).asOf, '2026-11');
  });

  it('finds the day on which a line left, and says what is new', async () => {
    const from = sources();
    const now = [
      'Architectures: amd64',
      '',
      'Tags: 3.25.0, 3.25, 3, latest',
      '',
      'Tags: 3.24.2, 3.24',
      '',
      'Tags: 3.23.6, 3.23',
      'Tags2: none',
      '',
      'Tags: 20261101, edge',
    ].join('\n');
    const between = `${now}\n\nTags: 3.22.6, 3.22`;
    from.library.set('alpine', now);
    from.history.set('alpine', [
      { sha: 'c1', date: '2026-09-01T08:00:00Z', text: libraryText(factsOf(shipped).official, 'alpine') },
      { sha: 'c2', date: '2026-10-02T08:00:00Z', text: between },
      { sha: 'c3', date: '2026-11-03T08:00:00Z', text: now },
    ]);
    const { changes, ...files } = await refreshed(answering(from), shipped);
    assert.deepEqual(changes, [
      'alpine: new: 3.25',
      'alpine: 3.22 left on 2026-11-03',
      'alpine: 3.21 left on 2026-10-02',
    ]);
    const { v } = factsOf(files).retired.images['alpine'] ?? {};
    assert.equal(v?.['3.21'], '2026-10-02');
    assert.equal(v?.['3.22'], '2026-11-03');
    assert.equal(v?.['3.20'], factsOf(shipped).retired.images['alpine']?.v?.['3.20']);
  });

  it('takes a line back that is built again', async () => {
    const from = sources();
    from.library.set('alpine', `${from.library.get('alpine')}\nTags: 3.20.9, 3.20\nArchitectures: amd64\n`);
    const { changes, ...files } = await refreshed(answering(from), shipped);
    assert.deepEqual(changes, ['alpine: new: 3.20']);
    assert.equal(factsOf(files).retired.images['alpine']?.v?.['3.20'], undefined);
  });

  it('tells of images that came and went', async () => {
    const from = sources();
    from.library.delete('adminer');
    from.library.set('newcomer', 'GitRepo: https://github.com/some/newcomer.git\n\nTags: 1.0, 1, latest\n');
    from.history.set('adminer', [{ sha: 'd1', date: '2026-10-09T08:00:00Z', text: '' }]);
    const { changes, ...files } = await refreshed(answering(from), shipped);
    assert.equal(changes[0], 'adminer: is no official image any more; say in “gone” what takes its place (u)');
    assert.match(changes[1] ?? '', /^newcomer: new, 3 tags/);
    const facts = factsOf(files);
    assert.deepEqual(facts.official.gone['adminer'], { d: '2026-10-09', u: [] });
    assert.equal(facts.retired.images['adminer']?.gone, '2026-10-09');
    assert.equal(facts.retired.images['adminer']?.v?.['6'], '2026-10-09');
    assert.equal(facts.official.images['newcomer']?.r, 'some/newcomer');
    assert.equal(facts.official.images['adminer'], undefined);
  });

  it('tells of releases, ends that moved, and code names', async () => {
    const from = sources();
    const python = from.products.get('python') ?? '';
    from.products.set('python', python.replace('eol: 2027-10-31', 'eol: 2027-12-31'));
    const debian = from.products.get('debian') ?? '';
    const forky = '  - releaseCycle: "14"\n    codename: "Forky"\n    releaseDate: 2027-08-01\n    eol: false\n\n';
    from.products.set('debian', debian.replace('releases:\n', `releases:\n${forky}`));
    const { changes, ...files } = await refreshed(answering(from), shipped);
    assert.deepEqual(changes.toSorted(), [
      'debian: 14 is forky',
      'debian: new: 14, ends false',
      'python: 3.11 ends 2027-12-31, was ["2027-10-31",null]',
    ]);
    const { ends } = factsOf(files);
    assert.deepEqual(ends.words['forky'], ['debian', '14']);
    assert.equal(ends.products['debian']?.x, 'free');
  });

  it('writes nothing that cannot be right', async () => {
    const few = sources();
    for (const name of [...few.library.keys()].slice(0, 60)) few.library.delete(name);
    for (const name of Object.keys(factsOf(shipped).official.images))
      if (!few.library.has(name)) few.history.set(name, [{ sha: 'e1', date: '2026-10-09T08:00:00Z', text: '' }]);
    await assert.rejects(refreshed(answering(few), shipped), /only \d+ official images are left of 144/);

    const odd = sources();
    odd.library.set('alpine', 'Tags: 3.25, latest\nArchitectures: quantum64\n');
    odd.history.set('alpine', [{ sha: 'e2', date: '2026-10-09T08:00:00Z', text: odd.library.get('alpine') ?? '' }]);
    await assert.rejects(refreshed(answering(odd), shipped), /alpine: the platform “quantum64” is not known/);

    const short = sources();
    short.products.set('python', '---\ntitle: Python\nreleases:\n  - releaseCycle: "3.14"\n    eol: 2030-10-31\n---\n');
    await assert.rejects(refreshed(answering(short), shipped), /python: cycles are missing/);
  });

  it('names what it does not understand', async () => {
    const broken = sources();
    broken.library.set('alpine', 'Tags: 3\n\nno field at all\n');
    await assert.rejects(refreshed(answering(broken), shipped), /library\/alpine is not read: .*no field/);

    const renamed = sources();
    renamed.products.delete('python');
    await assert.rejects(refreshed(answering(renamed), shipped), /no product “python”/);

    const dateless = sources();
    dateless.products.set('python', (dateless.products.get('python') ?? '').replace('eol: 2027-10-31', 'eol: soon'));
    await assert.rejects(
      refreshed(answering(dateless), shipped),
      /products\/python\.md is not read: .*the end of 3\.11/,
    );
  });

  it('tells a missing file, a used-up limit and a missing network apart', async () => {
    const server = createServer((request, response) => {
      const status = { '/there': 200, '/limit': 403 }[request.url ?? ''] ?? 404;
      response.writeHead(status).end('text');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const base = `http://127.0.0.1:${address.port}`;
    assert.equal(await overNetwork(`${base}/there`), 'text');
    assert.equal(await overNetwork(`${base}/none`), undefined);
    await assert.rejects(overNetwork(`${base}/limit`), /no more requests for now/);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await assert.rejects(overNetwork(`${base}/there`), /is there a network\?/);
  });
});

describe('the NOTICE', () => {
  it('has source, date and licence of every file', () => {
    const rows = read('NOTICE.md')
      .split('\n')
      .filter((line) => /^\| [\w-]+\.(?:ts|json)/.test(line));
    for (const row of rows)
      assert.match(row, /^\| [^|]+ \| \S[^|]+ \| 20\d\d-\d\d(?:-\d\d)? \| (?:Apache-2\.0|MIT|MIT-0) \|$/);
    const named = new Set(rows.map((row) => /^\| ([\w-]+\.\w+)/.exec(row)?.[1]));
    const files = readdirSync(new URL('../src/data/', import.meta.url)).filter((name) => name !== 'NOTICE.md');
    assert.deepEqual([...named].toSorted(), files.toSorted());
  });
});

describe('library files', () => {
  it('are read with what their first paragraph gives to all', () => {
    const { entries, repository } = readLibrary(
      [
        '# a comment',
        'GitRepo: https://github.com/some/where.git',
        'Architectures: amd64,',
        '# a comment between',
        ' arm64v8',
        '',
        'Tags: 1.2, 1',
        'SharedTags: latest',
        '',
        'Tags: 1.2-windows',
        'Architectures: windows-amd64',
        'Constraints: nanoserver-ltsc2022, windowsservercore-ltsc2022',
      ].join('\n'),
    );
    assert.equal(repository, 'some/where');
    assert.deepEqual(entries, [
      { tags: ['1.2', '1'], shared: ['latest'], arches: ['amd64', 'arm64v8'], constraints: [] },
      {
        tags: ['1.2-windows'],
        shared: [],
        arches: ['windows-amd64'],
        constraints: ['nanoserver-ltsc2022', 'windowsservercore-ltsc2022'],
      },
    ]);
  });

  it('are packed without losing a tag or its place', () => {
    const cases: Readonly<Record<string, readonly string[]>> = {
      '1.2.3,1.2,1/slim': ['1.2.3-slim', '1.2-slim', '1-slim'],
      '1,~*slim,fpm': ['1-slim', 'slim', '1-fpm', 'fpm'],
      one: ['one'],
      '1,2-x': ['1', '2-x'],
    };
    for (const [text, tags] of Object.entries(cases)) {
      assert.deepEqual(unpacked(packed(tags)), tags);
      assert.ok(packed(tags).length <= text.length, packed(tags));
    }
  });
});
