import type { Span } from '../text/span.ts';
import type { YamlNode } from '../yaml/node.ts';
import { asMapping, asScalar, asSequence, entries } from '../yaml/read.ts';
import { goScalar } from '../yaml/scalars.ts';
import { names } from './active.ts';
import type { Rule } from './rule.ts';
import { parseVersion, type Schema, settingsSchema } from './schema.ts';
import { defaultSettings, podSecurityLevels, profiles, type RuleSetting, type Settings } from './settings.ts';

/** A setting as it was given, with its place where it comes from a file. */
export type Given =
  | {
      readonly kind: 'object';
      readonly span: Span;
      readonly entries: readonly { readonly key: string; readonly keySpan: Span; readonly value: Given }[];
    }
  | { readonly kind: 'list'; readonly span: Span; readonly items: readonly Given[] }
  | {
      readonly kind: 'scalar';
      readonly span: Span;
      readonly value: string | number | boolean | null;
      readonly text: string;
    };

export interface ConfigurationProblem {
  readonly message: string;
  readonly span: Span;
}

const nowhere: Span = { start: 0, end: 0 };

/** A plain value, as VS Code hands out settings. */
export function givenFromValue(value: unknown): Given {
  if (Array.isArray(value)) return { kind: 'list', span: nowhere, items: value.map(givenFromValue) };
  if (typeof value === 'object' && value !== null) {
    const found = Object.entries(value).map(([key, inner]) => ({
      key,
      keySpan: nowhere,
      value: givenFromValue(inner),
    }));
    return { kind: 'object', span: nowhere, entries: found };
  }
  const scalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return { kind: 'scalar', span: nowhere, value: scalar, text: String(value ?? '') };
}

/** A YAML value; spans are offsets of its document moved by `start`. */
export function givenFromYaml(node: YamlNode | null, start: number, depth = 0): Given {
  const mapping = asMapping(node);
  const sequence = asSequence(node);
  const scalar = asScalar(node);
  const at = (span: Span): Span => ({ start: span.start + start, end: span.end + start });
  if (depth > 20 || node === null)
    return { kind: 'scalar', span: node ? at(node.span) : nowhere, value: null, text: '' };
  if (mapping) {
    const found = entries(mapping).map(({ key, value }) => ({
      key: key.text,
      keySpan: at(key.span),
      value: value === null ? givenAt(null, '', at(key.span)) : givenFromYaml(value, start, depth + 1),
    }));
    return { kind: 'object', span: at(mapping.span), entries: found };
  }
  if (sequence)
    return {
      kind: 'list',
      span: at(sequence.span),
      items: sequence.items.map((item) => givenFromYaml(item, start, depth + 1)),
    };
  if (scalar) {
    const read = goScalar(scalar);
    const value =
      read.kind === 'boolean'
        ? read.value
        : read.kind === 'integer' || read.kind === 'float'
          ? Number(read.value)
          : read.kind === 'null'
            ? null
            : scalar.text;
    return givenAt(value, scalar.text, at(scalar.span));
  }
  return givenAt(null, '', at(node.span));
}

function givenAt(value: string | number | boolean | null, text: string, span: Span): Given {
  return { kind: 'scalar', span, value, text };
}

interface Reading {
  readonly problems: ConfigurationProblem[];
  readonly rules: readonly Rule[];
}

/** A given value checked against its schema, as plain data; undefined where it does not fit. */
function read(given: Given, schema: Schema, name: string, reading: Reading): unknown {
  const refuse = (message: string): undefined => {
    reading.problems.push({ message: `${name}: ${message}`, span: given.span });
    return undefined;
  };
  if (given.kind === 'scalar' && given.value === null) return undefined;
  switch (schema.type) {
    case 'object': {
      if (given.kind !== 'object') return refuse('should hold settings of its own');
      const values: Record<string, unknown> = {};
      for (const { key, keySpan, value } of given.entries) {
        const inner = schema.properties[key] ?? ruleNamed(key, schema, reading.rules) ?? schema.additional;
        if (inner === undefined)
          reading.problems.push({
            message: `${name === '' ? '' : `${name}: `}there is no setting \`${key}\``,
            span: keySpan,
          });
        else values[key] = read(value, inner, name === '' ? key : `${name}.${key}`, reading);
      }
      return values;
    }
    case 'rule': {
      if (given.kind === 'scalar')
        return levelOf(given.value, schema.levels) ?? refuse(`should be one of ${schema.levels.join(', ')}`);
      if (given.kind !== 'object') return refuse('should be a level, or an object with a level and options');
      const values: Record<string, unknown> = {};
      for (const { key, keySpan, value } of given.entries) {
        const option = schema.options[key];
        if (key === 'level' && value.kind === 'scalar') {
          values.level =
            levelOf(value.value, schema.levels) ?? refuse(`level should be one of ${schema.levels.join(', ')}`);
        } else if (option) values[key] = read(value, option, `${name}.${key}`, reading);
        else reading.problems.push({ message: `${name}: there is no option \`${key}\``, span: keySpan });
      }
      return values;
    }
    case 'string[]':
      if (given.kind !== 'list' || given.items.some((item) => item.kind !== 'scalar'))
        return refuse('should be a list of texts');
      return given.items.map((item) => (item.kind === 'scalar' ? item.text : ''));
    case 'string': {
      if (given.kind !== 'scalar') return refuse('should be a text');
      if (schema.enum && !schema.enum.includes(given.text)) return refuse(`should be one of ${schema.enum.join(', ')}`);
      const wrong = schema.check?.(given.text);
      return wrong === undefined ? given.text : refuse(wrong);
    }
    case 'boolean':
    case 'number':
      if (given.kind !== 'scalar' || typeof given.value !== schema.type) return refuse(`should be a ${schema.type}`);
      return given.value;
    default:
      return schema satisfies never;
  }
}

/** YAML reads a bare `off` and `on` as booleans. */
function levelOf(value: string | number | boolean | null, levels: readonly string[]): string | undefined {
  const word = value === false ? 'off' : value === true ? 'on' : String(value);
  return levels.includes(word) ? word : undefined;
}

/** The rule that a short name or a catalogue row means, so that both may be written as keys. */
function ruleNamed(
  key: string,
  schema: Schema & { readonly type: 'object' },
  rules: readonly Rule[],
): Schema | undefined {
  const rule = rules.find((candidate) => names(key, candidate));
  return rule && schema.properties[rule.meta.id];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function texts(base: Readonly<Record<string, string>>, value: unknown): Readonly<Record<string, string>> {
  const merged: Record<string, string> = { ...base };
  for (const [key, text] of Object.entries(record(value))) if (typeof text === 'string') merged[key] = text;
  return merged;
}

function ruleSettings(base: Settings['rules'], value: unknown, rules: readonly Rule[]): Settings['rules'] {
  const merged: Record<string, RuleSetting> = { ...base };
  for (const [key, said] of Object.entries(record(value))) {
    const id = rules.find((rule) => names(key, rule))?.meta.id;
    if (id === undefined || said === undefined) continue;
    const { level, ...options } = typeof said === 'string' ? { level: said } : record(said);
    const known =
      level === 'off' || level === 'on' || level === 'error' || level === 'warning' || level === 'information';
    merged[id] = {
      level: known ? level : (merged[id]?.level ?? 'on'),
      options: { ...merged[id]?.options, ...options },
    };
  }
  return merged;
}

/** The settings `given` laid over `base`. What does not fit is left out and reported. */
export function readSettings(
  given: Given,
  base: Settings,
  rules: readonly Rule[],
): { readonly settings: Settings; readonly problems: readonly ConfigurationProblem[] } {
  const reading: Reading = { problems: [], rules };
  const values = record(read(given, settingsSchema(rules), '', reading));
  const policy = record(values.policy).cpuLimits;
  const resources = record(values.resources);
  const node = texts(base.node, values.node);
  const host = texts(base.host, values.host);
  const settings: Settings = {
    profile: profiles.find((profile) => profile === values.profile) ?? base.profile,
    rules: ruleSettings(base.rules, values.rules, rules),
    policy: {
      cpuLimits:
        policy === 'optional' || policy === 'required' || policy === 'forbidden' ? policy : base.policy.cpuLimits,
    },
    podSecurity: podSecurityLevels.find((level) => level === values.podSecurity) ?? base.podSecurity,
    kubernetesVersion:
      (typeof values.kubernetesVersion === 'string' && parseVersion(values.kubernetesVersion)) ||
      base.kubernetesVersion,
    resources: {
      requests: texts(base.resources.requests, resources.requests),
      limits: texts(base.resources.limits, resources.limits),
    },
    assumptions: texts(base.assumptions, values.assumptions),
    node: { cpu: node.cpu ?? defaultSettings.node.cpu, memory: node.memory ?? defaultSettings.node.memory },
    host: { cpus: host.cpus ?? '', memory: host.memory ?? '' },
  };
  return { settings, problems: reading.problems };
}
