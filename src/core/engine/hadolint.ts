import type { YamlNode } from '../yaml/node.ts';
import { asMapping, asSequence, entries, textAt, valueAt } from '../yaml/read.ts';
import type { Rule } from './rule.ts';
import type { RuleSetting, Settings, Severity } from './settings.ts';

/** hadolint's severities in ours. */
const severities: Readonly<Record<string, Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'information',
  style: 'information',
};

function idsAt(node: YamlNode | null, ...path: readonly string[]): ReadonlySet<string> {
  const items = asSequence(valueAt(node, ...path))?.items ?? [];
  return new Set(items.flatMap((item) => textAt(item)?.value ?? []));
}

/** A rule's options as far as hadolint has the same. */
function optionsFrom(root: YamlNode | null, options: Rule['meta']['options']): RuleSetting['options'] {
  const values: Record<string, unknown> = {};
  for (const [name, { hadolint, type }] of Object.entries(options)) {
    const node = hadolint === undefined ? undefined : valueAt(root, hadolint);
    const list = asSequence(node);
    const mapping = asMapping(node);
    if (type === 'string[]' && list) values[name] = list.items.flatMap((item) => textAt(item)?.value ?? []);
    else if (type === 'string[]' && mapping)
      values[name] = entries(mapping).map(({ key, value }) => `${key.text}=${textAt(value)?.value ?? ''}`);
    else if (type === 'boolean' && textAt(node)) values[name] = textAt(node)?.value === 'true';
  }
  return values;
}

/**
 * What a `.hadolint.yaml` says of our rules, so that a project can change tools: `ignored` turns off a rule whose
 * hadolint ids it all names, `override` sets the severity, and `trustedRegistries` and its like are options. Settings of the user's own go before it.
 */
export function withHadolint(base: Settings, root: YamlNode | null, rules: readonly Rule[]): Settings {
  const ignored = idsAt(root, 'ignored');
  const overrides = asMapping(valueAt(root, 'override'));
  const merged: Record<string, RuleSetting> = {};
  const asked: Record<string, RuleSetting['options']> = {};
  for (const { meta } of rules) {
    const options = optionsFrom(root, meta.options);
    if (Object.keys(options).length > 0) asked[meta.id] = options;
    const ids = meta.sources
      .filter((source) => source.startsWith('hadolint '))
      .map((source) => source.slice('hadolint '.length));
    if (ids.length === 0) continue;
    if (ids.every((id) => ignored.has(id))) merged[meta.id] = { level: 'off', options: {} };
    for (const { key } of overrides ? entries(overrides) : []) {
      const severity = severities[key.text];
      const named = idsAt(root, 'override', key.text);
      if (severity !== undefined && merged[meta.id] === undefined && ids.some((id) => named.has(id)))
        merged[meta.id] = { level: severity, options: {} };
    }
  }
  const under: Record<string, RuleSetting> = { ...merged, ...base.rules };
  for (const [id, options] of Object.entries(asked)) {
    const said = under[id];
    under[id] = { level: said?.level ?? 'on', options: { ...options, ...said?.options } };
  }
  return { ...base, rules: under };
}
