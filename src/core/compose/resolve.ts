import { onceFor } from '../text/once-for.ts';
import type { YamlDocument, YamlNode } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import { interpolate, readEnvironmentFile } from './interpolation.ts';
import type { ComposeFile } from './model.ts';
import { readCompose } from './read.ts';
import { isMainPath } from './recognise.ts';

/** Files that Compose reads over the main one without being asked, by precedence: the first one counts. */
export const overlayNames: readonly string[] = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

type Around = ReadonlyMap<string, string | null>;

const resolvedIn = onceFor((_around: Around) => new WeakMap<ComposeFile, ComposeFile>());

/**
 * A Compose file as Compose takes it: variables replaced by the values of `.env` and by their defaults, what `!reset` takes
 * away here or in the override file taken away, and with that file beside it. What is not known stays as it is written. Spans are those of
 * the text, and a value that came from a variable is not patched.
 */
export function resolveCompose(written: ComposeFile, path: string, around: Around): ComposeFile {
  const known = resolvedIn(around).get(written);
  if (known !== undefined) return known;
  const overlay = isMainPath(path) ? overlayIn(around) : undefined;
  const document = resolved(cleared(written.document, overlay), valuesIn(around));
  const file =
    document === written.document && overlay === undefined
      ? written
      : (readCompose(document, path, overlay) ?? written);
  resolvedIn(around).set(written, file);
  return file;
}

const valuesIn = onceFor(
  (around: Around): ReadonlyMap<string, string> => readEnvironmentFile(around.get('.env') ?? '').values,
);

const overlayIn = onceFor((around: Around): ComposeFile | undefined => {
  for (const name of overlayNames) {
    const text = around.get(name);
    if (text !== undefined && text !== null) return readCompose(parseDocument(text, { template: false }), name);
  }
  return undefined;
});

/** The document without what the override file takes away by `!reset`, or puts something else in the place of by `!override`. */
function cleared(document: YamlDocument, overlay: ComposeFile | undefined): YamlDocument {
  if (document.root === null || overlay === undefined || !/!(?:reset|override)\b/.test(overlay.document.text))
    return document;
  return { ...document, root: without(document.root, overlay.root) };
}

function without(node: YamlNode, by: YamlNode | null): YamlNode {
  if (by !== null && by.kind !== 'alias' && (by.tag === '!reset' || by.tag === '!override')) return nothing(node.span);
  if (node.kind !== 'mapping' || by?.kind !== 'mapping') return node;
  const values = new Map(by.pairs.map(({ key, value }) => [key.text, value]));
  return {
    ...node,
    pairs: node.pairs.map((pair) => {
      const other = values.get(pair.key.text);
      return pair.value === null || other === undefined ? pair : { ...pair, value: without(pair.value, other) };
    }),
  };
}

/** Nothing, as to every rule; and the tag keeps patches off. */
function nothing(span: YamlNode['span']): YamlNode {
  return { kind: 'scalar', span, style: 'plain', text: '', unknown: false, tag: '!reset' };
}

function resolved(document: YamlDocument, values: ReadonlyMap<string, string>): YamlDocument {
  if (document.root === null || !/\$|!reset\b/.test(document.text)) return document;
  const made = new Map<YamlNode, YamlNode>();
  const once = (node: YamlNode): YamlNode => {
    const before = made.get(node);
    if (before !== undefined) return before;
    const after = rewrite(node);
    made.set(node, after);
    return after;
  };
  const valued = (node: YamlNode | null) => node && once(node);
  const rewrite = (node: YamlNode): YamlNode => {
    const { span } = node;
    if (node.kind !== 'alias' && node.tag === '!reset') return nothing(span);
    switch (node.kind) {
      case 'scalar': {
        const text = node.unknown || !node.text.includes('$') ? undefined : interpolate(node.text, values);
        return text === undefined ? node : { ...node, text, interpolated: true };
      }
      case 'mapping':
        return { ...node, pairs: node.pairs.map((pair) => ({ ...pair, value: valued(pair.value) })) };
      case 'sequence':
        return { ...node, items: node.items.map(valued) };
      case 'alias': {
        const target = node.target && once(node.target);
        return target?.kind === 'alias' ? node : { ...node, target };
      }
      default:
        return node satisfies never;
    }
  };
  return { ...document, root: once(document.root) };
}
