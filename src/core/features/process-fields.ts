import { optionWords, type RuntimeProcess } from '../sizing/runtime.ts';
import { shiftSpan } from '../text/span.ts';
import { fieldAt, knownItems, knownText } from '../yaml/field.ts';
import type { YamlDocument, YamlMapping, YamlNode, YamlPath, YamlScalar } from '../yaml/node.ts';
import { asMapping, asScalar, asSequence, entries } from '../yaml/read.ts';
import { type FieldForm, fieldText, type LoadField } from './load-fields.ts';
import type { Draft } from './load-view.ts';

/** A text of the manifest that a process gets: a variable's value, or words of its command. */
export interface ProcessText {
  /** The variable; undefined for words. */
  readonly variable: string | undefined;
  readonly text: string;
  /** From the document's root. */
  readonly path: YamlPath;
  /** Where `text` begins in the scalar: behind `NAME=` of a list of variables. */
  readonly from: number;
  /** `sh -c` and commands of one line are split at blanks, items of a list are not. */
  readonly split: boolean;
  readonly scalar: YamlScalar;
  /** Where it is used: an alias, not the anchor behind it. */
  readonly node: YamlNode;
}

/** What a container's manifest says of how its process is started, and the settings in it that can be changed. */
export interface ProcessFields {
  readonly image: string | undefined;
  /** The words of `command` or `entrypoint`, then those of `args`. */
  readonly words: readonly ProcessText[];
  readonly variables: readonly ProcessText[];
  /** `command` or `entrypoint` is written, so that the image's own is not run. */
  readonly replaced: boolean;
  /** Some of it is not known: a template, `valueFrom`, `envFrom`, `env_file`. */
  readonly open: boolean;
  readonly fields: readonly LoadField[];
}

interface Owner {
  readonly id: string;
  readonly document: YamlDocument;
  /** Offset of the document. */
  readonly start: number;
  /** Of the container or service, from the root. */
  readonly path: YamlPath;
  readonly node: YamlMapping;
  readonly image: string | undefined;
}

interface Setting {
  /** Settings of one kind: the last one that is written holds. */
  readonly name: string;
  readonly label: string;
  readonly form: FieldForm;
  readonly resource: 'heap' | 'cache';
  /** The value is its first group. */
  readonly pattern: RegExp;
}

const end = String.raw`(?=$|[\s"'])`;
const begin = String.raw`(?<=^|[\s"'])`;

function option(text: string, value: string): RegExp {
  return new RegExp(`${begin}${text}(${value})${end}`, 'dg');
}

const settings: readonly Setting[] = [
  {
    name: 'max-heap',
    label: 'heap (-Xmx)',
    form: 'java-size',
    resource: 'heap',
    pattern: option('(?:-Xmx|-XX:MaxHeapSize=)', String.raw`\d{1,18}[kmgtKMGT]?`),
  },
  {
    name: 'max-ram-percentage',
    label: 'heap (MaxRAMPercentage)',
    form: 'percentage',
    resource: 'heap',
    pattern: option('-XX:MaxRAMPercentage=', String.raw`\d{1,3}(?:\.\d{1,6})?`),
  },
  {
    name: 'max-old-space-size',
    label: 'heap (--max-old-space-size)',
    form: 'mebibytes',
    resource: 'heap',
    pattern: option('--max[-_]old[-_]space[-_]size=', String.raw`\d{1,9}`),
  },
];

const redisSetting: Setting = {
  name: 'maxmemory',
  label: 'maxmemory',
  form: 'redis-size',
  resource: 'cache',
  pattern: option(String.raw`--maxmemory(?:\s+|=)`, String.raw`\d{1,18}[a-zA-Z]{0,2}`),
};

const memcachedSetting: Setting = {
  name: 'memory-limit',
  label: 'memory for items (-m)',
  form: 'mebibytes',
  resource: 'cache',
  pattern: option(String.raw`(?:-m\s*|--memory-limit[=\s])`, String.raw`\d{1,9}`),
};

/** Variables that start scripts give to `redis-server` as options. */
const redisVariables = /^(?:REDIS|VALKEY)_(?:EXTRA_FLAGS|ARGS)$/;

/** The process of a container or service; `kind` is what the manifest is. */
export function processFields(owner: Owner, kind: 'kubernetes' | 'compose'): ProcessFields {
  const { node, path, image } = owner;
  const variables = kind === 'kubernetes' ? podVariables(owner) : serviceVariables(owner);
  const [first, second] = kind === 'kubernetes' ? ['command', 'args'] : ['entrypoint', 'command'];
  const words = [first, second].flatMap((key) => wordsAt(node, path, key ?? ''));
  const unread = kind === 'kubernetes' ? ['envFrom'] : ['env_file', 'extends'];
  const open =
    unread.some((key) => fieldAt(node, key) !== undefined) ||
    [first, second].some((key) => fieldAt(node, key ?? '') === 'unknown') ||
    fieldAt(node, kind === 'kubernetes' ? 'env' : 'environment') === 'unknown';
  return {
    image,
    words,
    variables,
    replaced: fieldAt(node, first ?? '') !== undefined,
    open,
    fields: words.length + variables.length === 0 ? [] : tuned(owner, words, variables),
  };
}

/** The process as it would be started with the draft. */
export function draftedProcess({ words, variables, fields }: ProcessFields, draft: Draft): RuntimeProcess {
  const text = (one: ProcessText) => draftedText(one, fields, draft);
  return {
    args: words.flatMap((one) => (one.split ? optionWords(text(one)) : [text(one)])),
    env: new Map(variables.map((one) => [one.variable ?? '', text(one)])),
  };
}

function draftedText({ text, path, from }: ProcessText, fields: readonly LoadField[], draft: Draft): string {
  const own = fields
    .filter((field) => field.inside !== undefined && field.path.join('/') === path.join('/'))
    .toSorted((a, b) => (b.inside?.start ?? 0) - (a.inside?.start ?? 0));
  let drafted = text;
  for (const field of own) {
    if (field.inside === undefined) continue;
    const { start, end: stop } = field.inside;
    drafted = drafted.slice(0, start - from) + fieldText(field, draft) + drafted.slice(stop - from);
  }
  return drafted;
}

function podVariables({ node, path }: Owner): readonly ProcessText[] {
  return knownItems(node, 'env').flatMap(({ index, node: variable }) => {
    const name = knownText(variable, 'name')?.value;
    const value = fieldAt(variable, 'value');
    if (name === undefined || value === undefined || value === 'unknown') return [];
    return textOf(value, [...path, 'env', index, 'value'], name, true);
  });
}

function serviceVariables({ node, path }: Owner): readonly ProcessText[] {
  const field = fieldAt(node, 'environment');
  const mapping = field === undefined || field === 'unknown' ? undefined : asMapping(field);
  if (mapping !== undefined) {
    return entries(mapping).flatMap(({ key, value }) =>
      value === null ? [] : textOf(value, [...path, 'environment', key.text], key.text, true),
    );
  }
  return knownItems(node, 'environment').flatMap(({ index, node: item }) => {
    const [whole] = textOf(item, [...path, 'environment', index], undefined, true);
    const equals = whole?.text.indexOf('=') ?? -1;
    if (whole === undefined || equals < 1) return [];
    return [{ ...whole, variable: whole.text.slice(0, equals), text: whole.text.slice(equals + 1), from: equals + 1 }];
  });
}

function wordsAt(node: YamlNode, path: YamlPath, key: string): readonly ProcessText[] {
  const field = fieldAt(node, key);
  if (field === undefined || field === 'unknown') return [];
  const items = asSequence(field)?.items;
  if (items === undefined) return textOf(field, [...path, key], undefined, true);
  return items.flatMap((item, index) => {
    if (item === null) return [];
    // A whole command line as one word, as `sh -c` takes it.
    const split = /\s/.test(asScalar(item)?.text.trim() ?? '');
    return textOf(item, [...path, key, index], undefined, split);
  });
}

function textOf(node: YamlNode, path: YamlPath, variable: string | undefined, split: boolean): readonly ProcessText[] {
  const scalar = asScalar(node);
  if (scalar === undefined || scalar.unknown) return [];
  return [{ variable, text: scalar.text, path, from: 0, split, scalar, node }];
}

function tuned(owner: Owner, words: readonly ProcessText[], variables: readonly ProcessText[]): readonly LoadField[] {
  const found = new Map<string, LoadField>();
  const look = (one: ProcessText, setting: Setting): void => {
    if (!one.text.includes('-')) return;
    setting.pattern.lastIndex = 0;
    for (const match of one.text.matchAll(setting.pattern)) {
      const place = match.indices?.[1];
      if (place !== undefined) found.set(setting.name, fieldOf(owner, one, setting, place));
    }
  };
  // What the JVM reads last holds: `_JAVA_OPTIONS` comes behind the words.
  const first = variables.filter(({ variable }) => variable !== '_JAVA_OPTIONS');
  const last = variables.filter(({ variable }) => variable === '_JAVA_OPTIONS');
  for (const one of [...first, ...words, ...last]) {
    const { variable } = one;
    if (variable === 'GOMEMLIMIT' && /^\d{1,18}(?:B|[KMGT]iB)?$/.test(one.text)) {
      const limit: Setting = {
        name: 'memory-limit-go',
        label: 'heap (GOMEMLIMIT)',
        form: 'go-size',
        resource: 'heap',
        pattern: /./,
      };
      found.set(limit.name, fieldOf(owner, one, limit, [0, one.text.length]));
    } else if (variable === undefined || /(?:OPTIONS|OPTS)$/.test(variable)) {
      for (const setting of settings) look(one, setting);
    }
    if (variable === undefined || redisVariables.test(variable)) look(one, redisSetting);
    if (variable === undefined && one.split && /(?:^|[\s/])memcached\s/.test(one.text)) look(one, memcachedSetting);
  }
  for (const [at, one] of words.entries()) {
    // The value is a word of its own.
    if (one.split) continue;
    const before = words[at - 1];
    const isMemcached = /(?:^|\/)memcached(?::|@|$)/.test(owner.image ?? '') || words[0]?.text === 'memcached';
    if (before?.text === '--maxmemory' && /^\d{1,18}[a-zA-Z]{0,2}$/.test(one.text)) {
      found.set('maxmemory', fieldOf(owner, one, redisSetting, [0, one.text.length]));
    }
    if (isMemcached && /^(?:-m|--memory-limit)$/.test(before?.text ?? '') && /^\d{1,9}$/.test(one.text)) {
      found.set('memory-limit', fieldOf(owner, one, memcachedSetting, [0, one.text.length]));
    }
    const glued = isMemcached ? /^(?:-m|--memory-limit=)(\d{1,9})$/d.exec(one.text)?.indices?.[1] : undefined;
    if (glued !== undefined) found.set('memory-limit', fieldOf(owner, one, memcachedSetting, glued));
  }
  return [...found.values()];
}

function fieldOf(
  { id, document, start }: Owner,
  { text, path, from, scalar, node }: ProcessText,
  { name, label, form, resource }: Setting,
  [at, stop]: readonly [number, number],
): LoadField {
  const inside = { start: from + at, end: from + stop };
  const first = node === scalar ? textStart(document, scalar) : undefined;
  const span = first === undefined ? node.span : { start: first + inside.start, end: first + inside.end };
  return {
    id: `${id}:${path.join('/')}:${name}`,
    label,
    form,
    resource,
    part: 'setting',
    document,
    start,
    path,
    written: { value: text.slice(at, stop), span: shiftSpan(span, start) },
    templated: false,
    inside: { ...inside, text: scalar.text, exact: first !== undefined },
  };
}

/** Where the text of a scalar begins in its document; undefined where it is not written letter by letter: escapes, folds. */
function textStart({ text }: YamlDocument, { span, style, text: meant }: YamlScalar): number | undefined {
  const start = style === 'plain' ? span.start : style === 'single' || style === 'double' ? span.start + 1 : undefined;
  return start !== undefined && text.startsWith(meant, start) ? start : undefined;
}
