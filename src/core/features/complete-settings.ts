import type { Rule } from '../engine/rule.ts';
import { type Schema, settingsSchema } from '../engine/schema.ts';
import type { Parsed } from '../parsed.ts';
import { lineEnd, lineStart } from '../text/lines.ts';
import type { Span } from '../text/span.ts';

/** Something to write in a `.plimsoll.yaml`, or for an image. */
export interface CompletionEntry {
  readonly kind: 'key' | 'value';
  readonly label: string;
  readonly description: string;
  /** Replaces `span`, offsets of the file. */
  readonly newText: string;
  readonly span: Span;
  /** Where it stands among the others, where their letters shall not decide. */
  readonly order?: number;
}

/** The keys above a line by their indentation: reading lines, since a half-typed file is no tree yet. */
function keysAbove(text: string, offset: number, indent: number): readonly string[] {
  const keys: string[] = [];
  let limit = indent;
  let end = lineStart(text, offset);
  while (end > 0 && limit > 0) {
    const start = lineStart(text, end - 1);
    const match = /^( *)["']?([^\s#"':][^:"']*)["']?:\s*(?:#.*)?\r?\n?$/.exec(text.slice(start, end));
    const depth = match?.[1]?.length;
    if (match?.[2] !== undefined && depth !== undefined && depth < limit) {
      keys.unshift(match[2].trim());
      limit = depth;
    }
    end = start;
  }
  return keys;
}

function inside(schema: Schema | undefined, key: string): Schema | undefined {
  if (schema?.type === 'object') return schema.properties[key] ?? schema.additional;
  if (schema?.type !== 'rule') return undefined;
  if (key === 'level') return { type: 'string', description: 'How the rule reports.', enum: schema.levels };
  return schema.options[key];
}

function keysOf(schema: Schema | undefined): readonly (readonly [string, Schema])[] {
  if (schema?.type === 'object') return Object.entries(schema.properties);
  const level = inside(schema, 'level');
  if (schema?.type === 'rule' && level) return [['level', level], ...Object.entries(schema.options)];
  return [];
}

function valuesOf(schema: Schema | undefined): readonly string[] {
  switch (schema?.type) {
    case 'rule':
      return schema.levels;
    case 'string':
      return schema.enum ?? (schema.default === undefined ? [] : [schema.default]);
    case 'boolean':
      return ['true', 'false'];
    case 'number':
      return schema.default === undefined ? [] : [String(schema.default)];
    default:
      return [];
  }
}

/** What fits at the cursor of a `.plimsoll.yaml`: keys that are not there yet, or the values of the key on the line. */
export function completeSettings(parsed: Parsed, offset: number, rules: readonly Rule[]): readonly CompletionEntry[] {
  if (parsed.kind !== 'settings') return [];
  const { text } = parsed.file;
  const start = lineStart(text, offset);
  const before = text.slice(start, offset);
  const indent = /^ */.exec(before)?.[0].length ?? 0;
  const above = keysAbove(text, offset, indent);
  let schema: Schema | undefined = settingsSchema(rules);
  for (const key of above) schema = inside(schema, key);
  const value = /^ *["']?([^\s#"':][^:"']*)["']?:\s+(\S*)$/.exec(before);
  if (value) {
    const of = inside(schema, (value[1] ?? '').trim());
    const span = { start: offset - (value[2] ?? '').length, end: offset };
    return valuesOf(of).map((word) => ({
      kind: 'value',
      label: word,
      description: of?.description ?? '',
      newText: word,
      span,
    }));
  }
  if (!/^ *["']?[\w./-]*$/.test(before)) return [];
  const span = { start: start + indent, end: offset };
  const line = text.slice(start, lineEnd(text, offset));
  const hasColon = line.slice(offset - start).includes(':');
  return keysOf(schema).map(([key, of]) => ({
    kind: 'key',
    label: key,
    description: of.description,
    newText: hasColon ? key : of.type === 'object' ? `${key}:` : `${key}: `,
    span,
  }));
}
