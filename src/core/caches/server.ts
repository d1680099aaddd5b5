import type { Located, Span } from '../text/span.ts';
import type { CommandText, CommandWord } from './words.ts';

export type CacheProgram = 'redis' | 'memcached';

/** A setting as it was found: its values, and where a person would change it. */
export interface CacheSetting {
  readonly values: readonly string[];
  /** Undefined where another file holds it. */
  readonly span: Span | undefined;
  /** The word that is the only value, where it can be replaced. */
  readonly word: CommandWord | undefined;
}

/** A cache server as far as the manifests tell how it is configured. */
export interface CacheServer {
  readonly program: CacheProgram;
  /** Directives of Redis, in lower case; flags of memcached by their short letter. The last one counts. */
  readonly settings: ReadonlyMap<string, CacheSetting>;
  /** Some of its configuration is not known: what is not found proves nothing. */
  readonly open: boolean;
  /** What it is started with, where it is written. */
  readonly command: CommandText | undefined;
  /** It is the official image, whose entry point and users are known. */
  readonly official: boolean;
}

interface Described {
  readonly image: string | undefined;
  /** `command` or `entrypoint`, then `args`: the words that the process gets. */
  readonly commands: readonly (CommandText | undefined)[];
  readonly env: ReadonlyMap<string, Located<string> | undefined>;
  /** The text of a configuration file by its path in the container; undefined where it is not known. */
  readonly config: (path: string) => string | undefined;
}

const redisImages = /^(?:redis|redis-stack(?:-server)?|valkey|keydb|dragonfly)$/;
const redisPrograms = /^(?:redis-server|valkey-server|keydb-server)$/;

/** The program that an image or a command names; undefined where it is no cache server. */
function programOf({ image, commands }: Described): CacheProgram | undefined {
  const words = commands.flatMap((command) => command?.words ?? []);
  const named = words.map(({ value }) => value.slice(value.lastIndexOf('/') + 1));
  if (named.some((word) => redisPrograms.test(word))) return 'redis';
  if (named.some((word) => word === 'memcached')) return 'memcached';
  const repository = nameOf(image);
  // Something else is started in the image: a client, a test, Sentinel.
  if (commands[0] !== undefined || named.some((word) => /^(?:redis-(?:cli|sentinel|benchmark)|--sentinel)$/.test(word)))
    return undefined;
  if (redisImages.test(repository)) return 'redis';
  return repository === 'memcached' ? 'memcached' : undefined;
}

function nameOf(image: string | undefined): string {
  const path = image?.replace(/@.*$/, '') ?? '';
  return path.slice(path.lastIndexOf('/') + 1).replace(/:.*$/, '');
}

/** Reads the configuration of a container or service; undefined where it runs no cache server. */
export function readCacheServer(described: Described): CacheServer | undefined {
  const program = programOf(described);
  if (program === undefined) return undefined;
  const { image, commands, env, config } = described;
  const words = commands.flatMap((command) => command?.words ?? []);
  const settings = new Map<string, CacheSetting>();
  // Charts and other vendors' images have start scripts that read what no manifest shows.
  const official = /^(?:docker\.io\/)?(?:library\/)?(?:redis|valkey\/valkey|memcached)(?:[:@]|$)/.test(image ?? '');
  let open = !official && !words.some(({ value }) => redisPrograms.test(value.slice(value.lastIndexOf('/') + 1)));
  open ||= commands.some((command) => command?.open === true);
  open ||= [...env.keys()].some((name) => /^(?:REDIS|VALKEY|KEYDB|MEMCACHED)_/.test(name)) && !official;
  if (program === 'memcached') readMemcached(words, settings);
  else open = readRedis(words, settings, config) || open;
  return { program, settings, open, command: commands.findLast((command) => command !== undefined), official };
}

/** @returns whether a file or a variable holds settings that are not known */
function readRedis(
  words: readonly CommandWord[],
  settings: Map<string, CacheSetting>,
  config: Described['config'],
): boolean {
  let open = false;
  const start = words.findIndex(({ value }) => redisPrograms.test(value.slice(value.lastIndexOf('/') + 1)));
  let current: { readonly name: string; readonly at: CommandWord; readonly values: CommandWord[] } | undefined;
  const keep = (): void => {
    if (current === undefined) return;
    const { name, at, values } = current;
    const [only] = values;
    settings.set(name, {
      values: values.map(({ value }) => value),
      span: only?.span ?? at.span,
      word: values.length === 1 ? only : undefined,
    });
  };
  for (const word of words.slice(start + 1)) {
    const { value } = word;
    if (/^(?:&&|\|\||;|\||&)$/.test(value)) break;
    if (value.startsWith('--')) {
      keep();
      const [name = '', ...glued] = value.slice(2).split(/[\s=]+/);
      current = {
        name: name.toLowerCase(),
        at: word,
        values: glued.map((text) => ({ ...word, value: text, path: undefined })),
      };
      continue;
    }
    if (current !== undefined) {
      current.values.push(word);
      continue;
    }
    const text = /^-/.test(value) ? undefined : config(value);
    if (text === undefined) open = true;
    else readConfig(text, settings);
  }
  keep();
  return open || words.some(({ value }) => /^\$[({]?\w+[)}]?$/.test(value) && !/PASS/i.test(value));
}

/** `redis.conf`: a directive a line. Those that read another file leave the rest unknown, which `include` tells. */
export function readConfig(text: string, settings: Map<string, CacheSetting>): void {
  for (const line of text.split(/\r?\n/)) {
    const words = line.trim().match(/(?:"[^"]*"|'[^']*'|\S)+/g) ?? [];
    const [name, ...values] = words.map((word) => word.replaceAll(/^["']|["']$/g, ''));
    if (name === undefined || name.startsWith('#')) continue;
    settings.set(name.toLowerCase(), { values, span: undefined, word: undefined });
  }
}

const longFlags: Readonly<Record<string, string>> = {
  'memory-limit': 'm',
  'conn-limit': 'c',
  'udp-port': 'U',
  'max-item-size': 'I',
  listen: 'l',
  port: 'p',
  'enable-sasl': 'S',
  threads: 't',
};

/** Short flags of memcached that take no value. */
const bareFlags = 'rMkvhiVAdSLFE';

function readMemcached(words: readonly CommandWord[], settings: Map<string, CacheSetting>): void {
  words.forEach((word, index) => {
    const long = /^--([\w-]+)(?:=(.*))?$/.exec(word.value);
    const short = /^-([A-Za-z])(.*)$/.exec(word.value);
    const name = long?.[1] === undefined ? short?.[1] : longFlags[long[1]];
    if (name === undefined || (long === null && short === null)) return;
    const glued = long === null ? short?.[2] : long[2];
    const next = words[index + 1];
    if (glued !== undefined && glued !== '') settings.set(name, { values: [glued], span: word.span, word: undefined });
    else if (bareFlags.includes(name) || next === undefined) settings.set(name, { values: [], span: word.span, word });
    else settings.set(name, { values: [next.value], span: next.span, word: next });
  });
}
