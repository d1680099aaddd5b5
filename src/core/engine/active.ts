import type { Option, Rule, SubjectName } from './rule.ts';
import type { PodSecurityLevel, Profile, RuleSetting, Settings, Severity } from './settings.ts';

/** A rule that is to run, with what the settings say of it. */
export interface ActiveRule {
  readonly rule: Rule;
  /** Which of all active rules it is, from 0 on. */
  readonly order: number;
  /** The user's own severity; undefined leaves it to the rule. */
  readonly severity: Severity | undefined;
  readonly options: Readonly<Record<string, unknown>>;
  /** The tool whose set the profile makes: only findings count that it has, too. */
  readonly tool?: Profile;
}

/** What every rule without options is given, the same object for all. */
export const noOptions: ActiveRule['options'] = {};

/** Rules by what they are about, ready to run. */
export type ActiveRules = ReadonlyMap<SubjectName, readonly ActiveRule[]>;

/** The part of an id after its group. */
export function shortName(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

/** Whether a word that a person wrote (`dockerfile/apt-yes`, `apt-yes` or the catalogue's `D301`) means this rule. */
export function names(word: string, rule: Rule): boolean {
  const { id, rows } = rule.meta;
  return word === id || word === shortName(id) || rows.includes(word.toUpperCase());
}

/** The options that a rule is given: its defaults, with those of the settings that have the right type. */
function optionsOf(
  declared: Readonly<Record<string, Option>>,
  given: Readonly<Record<string, unknown>>,
): ActiveRule['options'] {
  const options = Object.entries(declared);
  if (options.length === 0) return noOptions;
  const values: Record<string, unknown> = {};
  for (const [name, option] of options) {
    const value = given[name];
    const fits =
      option.type === 'string[]'
        ? Array.isArray(value) && value.every((item) => typeof item === 'string')
        : typeof value === option.type;
    values[name] = fits ? value : option.default;
  }
  return values;
}

function settingOf(rule: Rule, settings: Settings): RuleSetting | undefined {
  return settings.rules[rule.meta.id] ?? settings.rules[shortName(rule.meta.id)];
}

/** hadolint's word against its own comments and an experiment of BuildKit: they are for who asks. */
const onDemand: ReadonlySet<string> = new Set(['hadolint DL1001', 'buildkit InvalidDefinitionDescription']);

function toolFor({ meta }: Rule, profile: Profile): Profile | undefined {
  const isTool = profile === 'hadolint' || profile === 'buildkit';
  return isTool && meta.id.startsWith('dockerfile/') ? profile : undefined;
}

function inProfile(rule: Rule, profile: Profile): boolean {
  const { optional, sources } = rule.meta;
  const tool = toolFor(rule, profile);
  if (tool === undefined) return !optional || profile === 'strict';
  return sources.some((source) => source.startsWith(`${tool} `) && !onDemand.has(source));
}

function inLevel({ meta }: Rule, level: PodSecurityLevel): boolean {
  return meta.podSecurity === undefined || level === 'restricted' || level === meta.podSecurity;
}

/** The rules that the settings leave on. `only` runs exactly those that it names, on or off. */
export function activeRules(rules: readonly Rule[], settings: Settings, only?: readonly string[]): ActiveRules {
  const active = new Map<SubjectName, ActiveRule[]>();
  let order = 0;
  for (const rule of rules) {
    const setting = settingOf(rule, settings);
    const on = only
      ? only.some((word) => names(word, rule))
      : setting
        ? setting.level !== 'off'
        : inProfile(rule, settings.profile) && inLevel(rule, settings.podSecurity);
    if (!on) continue;
    const level = setting?.level;
    const tool = only || setting ? undefined : toolFor(rule, settings.profile);
    const entry: ActiveRule = {
      rule,
      order: order++,
      severity: level === 'error' || level === 'warning' || level === 'information' ? level : undefined,
      options: optionsOf(rule.meta.options, setting?.options ?? {}),
      ...(tool && { tool }),
    };
    const sameSubject = active.get(rule.subject);
    if (sameSubject) sameSubject.push(entry);
    else active.set(rule.subject, [entry]);
  }
  return active;
}
