/**
 * Writes what is made from the rules: the settings in package.json and the table in README.md.
 * `node src/build/generate.ts`; a test fails while they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Rule } from '../core/engine/rule.ts';
import { type Schema, settingsSchema } from '../core/engine/schema.ts';
import { rules } from '../core/service.ts';
import { root } from './progress.mjs';

type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Our schema in VS Code's words. */
function jsonSchema(schema: Schema): { readonly [key: string]: Json } {
  const description = { markdownDescription: schema.description };
  switch (schema.type) {
    case 'object': {
      const properties = Object.fromEntries(
        Object.entries(schema.properties).map(([name, inner]) => [name, jsonSchema(inner)]),
      );
      return {
        type: 'object',
        ...description,
        properties,
        additionalProperties: schema.additional ? jsonSchema(schema.additional) : false,
      };
    }
    case 'rule': {
      const level = { type: 'string', enum: schema.levels };
      if (Object.keys(schema.options).length === 0) return { ...description, ...level };
      const options = Object.fromEntries(
        Object.entries(schema.options).map(([name, inner]) => [name, jsonSchema(inner)]),
      );
      return {
        ...description,
        anyOf: [level, { type: 'object', properties: { level, ...options }, additionalProperties: false }],
      };
    }
    case 'string[]':
      return { type: 'array', items: { type: 'string' }, ...description, default: schema.default ?? [] };
    case 'string':
      return {
        type: 'string',
        ...description,
        ...(schema.enum && { enum: schema.enum }),
        ...(schema.default !== undefined && { default: schema.default }),
      };
    case 'boolean':
    case 'number':
      return { type: schema.type, ...description, ...(schema.default !== undefined && { default: schema.default }) };
    default:
      return schema satisfies never;
  }
}

/** VS Code's settings are flat: groups become dotted names, maps (rules, requests, limits) stay objects. */
function flatten(name: string, schema: Schema): readonly (readonly [string, Json])[] {
  const isGroup =
    schema.type === 'object' &&
    !schema.additional &&
    Object.values(schema.properties).every(({ type }) => type !== 'rule');
  if (isGroup) return Object.entries(schema.properties).flatMap(([key, inner]) => flatten(`${name}.${key}`, inner));
  const described = jsonSchema(schema);
  return [[name, schema.type === 'object' ? { ...described, default: {} } : described]];
}

/** The settings that are made from the rules and the settings' model, by their full name. */
export function generatedSettings(from: readonly Rule[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(flatten('plimsoll', settingsSchema(from)));
}

const tableStart = '<!-- rules: made by src/build/generate.ts -->';
const tableEnd = '<!-- end of rules -->';

/** The rules as a Markdown table. */
export function ruleTable(from: readonly Rule[]): string {
  const rows = from.map(({ meta }) => {
    const severity = meta.optional ? `${meta.severity}, off` : meta.severity;
    return `| \`${meta.id}\` | ${meta.summary.replaceAll('|', '\\|')} | ${severity} | ${meta.fix === 'never' ? '' : meta.fix} |`;
  });
  return [`| rule | what it asks for | severity | fix |`, '|---|---|---|---|', ...rows].join('\n');
}

/** @throws Error where the README has no place for the table */
export function withTable(readme: string, from: readonly Rule[]): string {
  const start = readme.indexOf(tableStart);
  const end = readme.indexOf(tableEnd);
  if (start < 0 || end < start) throw new Error('README.md has no place for the table of rules.');
  return `${readme.slice(0, start + tableStart.length)}\n\n${ruleTable(from)}\n\n${readme.slice(end)}`;
}

interface Manifest {
  readonly contributes: {
    readonly configuration?: { readonly title?: string; readonly properties?: Readonly<Record<string, Json>> };
  };
}

/** The manifest with the generated settings in place of older ones; the host's own settings keep their place behind them. */
export function withSettings(manifest: Manifest, from: readonly Rule[]): Manifest {
  const { configuration } = manifest.contributes;
  const made = generatedSettings(from);
  const hostOwn = Object.entries(configuration?.properties ?? {}).filter(
    ([name]) => !(name in made) && isHostSetting(name),
  );
  const properties = { ...made, ...Object.fromEntries(hostOwn) };
  return {
    ...manifest,
    contributes: { ...manifest.contributes, configuration: { title: 'Plimsoll', ...configuration, properties } },
  };
}

/** Settings of the editor alone, which no `.plimsoll.yaml` has. */
function isHostSetting(name: string): boolean {
  return /^plimsoll\.(?:inlayHints|imageAgeHints|codeLens|buildCacheLens|hover|shellcheck|trace|panel)\b/.test(name);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const manifestPath = join(root, 'package.json');
  const manifest: Manifest = JSON.parse(readFileSync(manifestPath, 'utf8'));
  writeFileSync(manifestPath, `${JSON.stringify(withSettings(manifest, rules), undefined, 2)}\n`);
  const readmePath = join(root, 'README.md');
  writeFileSync(readmePath, withTable(readFileSync(readmePath, 'utf8'), rules));
}
