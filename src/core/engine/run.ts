import { shiftEdit, sortEdits } from '../text/edit.ts';
import { shiftSpan } from '../text/span.ts';
import { type ActiveRule, type ActiveRules, noOptions } from './active.ts';
import type { Finding, Fix } from './finding.ts';
import type { CheckedFile, MessageData, Proposal, ProposedFix, RuleContext, SubjectName, Subjects } from './rule.ts';
import type { Settings } from './settings.ts';

/** A rule that threw. Contained in the editor, fatal in tests and on the command line. */
export interface Crash {
  readonly rule: string;
  readonly error: unknown;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  readonly crashes: readonly Crash[];
}

/** A subject with its kind. */
export type Visit = { readonly [Name in SubjectName]: readonly [Name, Subjects[Name]] }[SubjectName];

/**
 * Puts the data's values for the `{names}` in a message; `{{` and `}}` stand for braces.
 * @throws Error where the data lacks a name: a defect of the rule.
 */
export function render(template: string, data: MessageData): string {
  let parts = templates.get(template);
  if (parts === undefined) {
    parts = partsOf(template);
    templates.set(template, parts);
  }
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      const value = data[part.name];
      if (value === undefined) throw new Error(`message "${template}" has no value for {${part.name}}`);
      text += oneLine(String(value));
    }
  }
  return text;
}

type TemplatePart = string | { readonly name: string };

/** As many as the rules have messages and titles. */
const templates = new Map<string, readonly TemplatePart[]>();

function partsOf(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const { index, 0: match, 1: name } of template.matchAll(/\{\{|\}\}|\{([A-Za-z]+)\}/g)) {
    parts.push(template.slice(from, index), name === undefined ? match.slice(1) : { name });
    from = index + match.length;
  }
  parts.push(template.slice(from));
  return parts;
}

/** Text from a document made fit for one line of a message. */
function oneLine(text: string): string {
  const flat = /\s/.test(text) ? text.replace(/\s+/g, ' ') : text;
  return flat.length > 120 ? `${flat.slice(0, 117)}…` : flat;
}

function fixOf(
  proposed: ProposedFix<string>,
  titles: Readonly<Record<string, string>>,
  data: MessageData,
  offset: number,
): Fix {
  const title = render(titles[proposed.title] ?? '', proposed.data ? { ...data, ...proposed.data } : data);
  const edits = sortEdits(offset === 0 ? proposed.edits : proposed.edits.map((edit) => shiftEdit(edit, offset)));
  return { title, safety: proposed.safety, edits, ...(proposed.creates && { creates: proposed.creates }) };
}

/** A finding whose fixes are made when they are asked for: most findings are only shown. */
class FindingWithFixes implements Finding {
  readonly rule: string;
  readonly severity: Finding['severity'];
  readonly message: string;
  readonly span: Finding['span'];
  readonly related: Finding['related'];
  readonly sources: readonly string[];
  readonly #titles: Readonly<Record<string, string>>;
  readonly #proposal: Proposal<string, string>;
  #fixes: readonly Fix[] | undefined;

  constructor({ rule: { meta }, severity }: ActiveRule, proposal: Proposal<string, string>) {
    const { data = {}, offset = 0 } = proposal;
    this.rule = meta.id;
    this.severity = severity ?? proposal.severity ?? meta.severity;
    this.message = render(meta.messages[proposal.message] ?? '', data);
    this.span = shiftSpan(proposal.span, offset);
    this.related = (proposal.related ?? nothing).map(({ span, message, neighbour, file }) => ({
      span: shiftSpan(span, file ? 0 : (neighbour?.start ?? offset)),
      message: render(meta.messages[message] ?? '', data),
      ...(file && { file }),
      ...(neighbour && 'path' in neighbour && { file: { path: neighbour.path, text: neighbour.text } }),
    }));
    const sources = proposal.peers ?? meta.sources;
    this.sources = proposal.sources ? [...sources, ...proposal.sources] : sources;
    this.#titles = meta.titles;
    this.#proposal = proposal;
  }

  get fixes(): readonly Fix[] {
    if (this.#fixes === undefined) {
      // Where the rule throws it throws once: asked again, the finding has none.
      this.#fixes = nothing;
      const { data = {}, offset = 0, fixes, lateFixes } = this.#proposal;
      const proposed = fixes ?? lateFixes?.() ?? [];
      this.#fixes = proposed.map((fix) => fixOf(fix, this.#titles, data, offset));
    }
    return this.#fixes;
  }
}

const nothing: readonly never[] = [];

/** Calls one rule with subjects, one after another. A rule that throws loses that one call, not the others. */
export type Call = (entry: ActiveRule, subjects: readonly Subjects[SubjectName][]) => void;

/** What calls rules, and the outcome that grows with each call. */
export interface Calls {
  readonly call: Call;
  /** Whether a rule has what it asks for beside its subjects. One that throws has not. */
  readonly isGiven: (entry: ActiveRule) => boolean;
  readonly outcome: Outcome;
}

export function createCalls(settings: Settings, file: CheckedFile): Calls {
  const findings: Finding[] = [];
  const crashes: Crash[] = [];
  // The options are those that the rule declares: both come from its own meta.
  const plain: RuleContext<never> = { options: noOptions as never, settings, file };
  const contextOf = ({ options }: ActiveRule): RuleContext<never> =>
    options === noOptions ? plain : { options: options as never, settings, file };
  const isGiven = (entry: ActiveRule): boolean => {
    const { given, meta } = entry.rule;
    try {
      return given === undefined || given(contextOf(entry));
    } catch (error) {
      crashes.push({ rule: meta.id, error });
      return false;
    }
  };
  const call: Call = (entry, subjects) => {
    const { rule, tool } = entry;
    const context = contextOf(entry);
    for (const subject of subjects) {
      try {
        if (rule.when !== undefined && !rule.when(subject as never, context)) continue;
        // The subject is the one that the rule was defined for: both are filed under the same name.
        for (const proposal of rule.check(subject as never, context)) {
          const finding = new FindingWithFixes(entry, proposal);
          if (tool === undefined || finding.sources.some((source) => source.startsWith(`${tool} `)))
            findings.push(finding);
        }
      } catch (error) {
        crashes.push({ rule: rule.meta.id, error });
      }
    }
  };
  return { call, isGiven, outcome: { findings, crashes } };
}

/** Calls every active rule with every visit that is its subject. */
export function runRules(active: ActiveRules, visits: Iterable<Visit>, settings: Settings, file: CheckedFile): Outcome {
  const { call, outcome } = createCalls(settings, file);
  for (const [name, subject] of visits) {
    const subjects = [subject];
    for (const entry of active.get(name) ?? []) call(entry, subjects);
  }
  return outcome;
}

/** By place, then by rule, so that the same file always gives the same list. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) =>
      a.span.start - b.span.start || a.span.end - b.span.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0),
  );
}
