/**
 * The text behind an address; undefined where there is none (404). Rejects, with a sentence for a person, on anything else:
 * no network, a limit that is used up. Injected, so that tests answer it.
 */
export type Fetch = (url: string) => Promise<string | undefined>;

/** A commit of a repository. */
export interface Commit {
  readonly sha: string;
  /** ISO time. */
  readonly date: string;
}

/** The files of one repository on GitHub, and their history. */
export interface Repository {
  /** The newest commit that touched a folder or file. */
  latest(path: string): Promise<Commit>;
  /** Commits that touched a file after a time, up to and with another commit; oldest first. */
  history(path: string, after: string, upTo: string): Promise<readonly Commit[]>;
  /** Names of the files in a folder. */
  names(folder: string, sha: string): Promise<readonly string[]>;
  /** A file's text at a commit; undefined where it has no such file. */
  text(path: string, sha: string): Promise<string | undefined>;
}

const perPage = 100;

/** A repository, `owner/name`, through GitHub's API (60 requests an hour without an account) and its raw files. */
export function repository(fetch: Fetch, name: string): Repository {
  const api = async (path: string): Promise<unknown> => {
    const url = `https://api.github.com/repos/${name}/${path}`;
    const text = await fetch(url);
    if (text === undefined) throw new Error(`${url} does not exist`);
    return JSON.parse(text);
  };
  const commits = async (query: string): Promise<readonly Commit[]> => {
    const found = await api(`commits?${query}`);
    if (!Array.isArray(found)) throw new Error(`${name}: GitHub answered something else than commits`);
    return found.map(readCommit);
  };
  return {
    async latest(path) {
      const [commit] = await commits(`path=${path}&per_page=1`);
      if (commit === undefined) throw new Error(`${name} has no ${path}`);
      return commit;
    },
    async history(path, after, upTo) {
      const all: Commit[] = [];
      for (let page = 1; ; page++) {
        const query = `path=${path}&sha=${upTo}&since=${encodeURIComponent(after)}&per_page=${perPage}&page=${page}`;
        const found = await commits(query);
        all.push(...found);
        if (found.length < perPage) return all.reverse();
      }
    },
    async names(folder, sha) {
      const found = await api(`git/trees/${sha}:${folder}`);
      if (!isObject(found) || !Array.isArray(found['tree']) || found['truncated'] === true)
        throw new Error(`${name}: GitHub answered something else than the whole folder ${folder}`);
      return found['tree'].flatMap((entry: unknown) =>
        isObject(entry) && entry['type'] === 'blob' ? [String(entry['path'])] : [],
      );
    },
    text: (path, sha) => fetch(`https://raw.githubusercontent.com/${name}/${sha}/${path}`),
  };
}

function readCommit(value: unknown): Commit {
  const commit = isObject(value) ? value['commit'] : undefined;
  const committer = isObject(commit) ? commit['committer'] : undefined;
  const [sha, date] = [isObject(value) ? value['sha'] : undefined, isObject(committer) ? committer['date'] : undefined];
  if (typeof sha !== 'string' || typeof date !== 'string') throw new Error('GitHub answered a commit without a date');
  return { sha, date };
}

/** Whether it is an object with keys. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Does the same for each, a few at a time, and answers in their order. */
export async function inTurn<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = all.entries();
  const worker = async () => {
    for (const [index, one] of queue) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}

/** The network, with a sentence of its own for each way it can fail. */
export const overNetwork: Fetch = async (url) => {
  const response = await fetch(url, {
    headers: { 'user-agent': 'plimsoll-data' },
    signal: AbortSignal.timeout(60_000),
  }).catch((error: unknown) => {
    throw new Error(`${url} could not be reached: is there a network?`, { cause: error });
  });
  if (response.status === 404) return undefined;
  if (response.status === 403 || response.status === 429)
    throw new Error(`${url}: GitHub answers no more requests for now; nothing was written, try again in an hour`);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
};
