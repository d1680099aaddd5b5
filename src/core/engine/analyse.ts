import type { ComposeFile } from '../compose/model.ts';
import { execEdits, hasExecRuns } from '../dockerfile/exec-edits.ts';
import type { Dockerfile } from '../dockerfile/model.ts';
import type { KubernetesFile, PlacedObject } from '../kubernetes/model.ts';
import { readObjects } from '../kubernetes/objects.ts';
import { isPatched } from '../kubernetes/patched.ts';
import { isPatchPath } from '../kubernetes/recognise.ts';
import { shiftEdit } from '../text/edit.ts';
import { onceFor } from '../text/once-for.ts';
import { shiftSpan } from '../text/span.ts';
import type { PlacedDocument, YamlDocument } from '../yaml/node.ts';
import type { ActiveRules } from './active.ts';
import { callDockerfileRules } from './dispatch.ts';
import type { Finding } from './finding.ts';
import type { CheckedFile, Rule } from './rule.ts';
import { createCalls, type Outcome, runRules, sortFindings, type Visit } from './run.ts';
import type { Settings } from './settings.ts';
import { applySuppressions, type Suppression, shiftSuppression } from './suppression.ts';
import { dockerfileSuppressions } from './suppression-dockerfile.ts';
import { annotationSuppressions, commentSuppressions } from './suppression-yaml.ts';
import { visitCompose, visitObjects } from './visits.ts';

/** What one analysis works with. */
export interface Job {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly active: ActiveRules;
  readonly settings: Settings;
  readonly file: CheckedFile;
  /** Objects that patches add to, as {@link isPatched} reads them: what they lack may be there. */
  readonly patched: ReadonlySet<string>;
  /** Equal for two jobs whose results for the same document are equal. */
  readonly key: string;
}

/** Results of one document, in its own offsets, kept as long as the document itself is. */
interface DocumentResult {
  readonly key: string;
  readonly outcome: Outcome;
  readonly suppressions: readonly Suppression[];
  /** The same in offsets of the file, for the place where the document stood last: most stand where they stood. */
  placed: PlacedResult;
}

interface PlacedResult {
  readonly start: number;
  readonly outcome: Outcome;
  readonly suppressions: readonly Suppression[];
}

export type DocumentResults = WeakMap<YamlDocument, DocumentResult>;

export function shiftFinding(finding: Finding, by: number): Finding {
  if (by === 0) return finding;
  return {
    ...finding,
    span: shiftSpan(finding.span, by),
    fixes: finding.fixes.map((fix) => ({ ...fix, edits: fix.edits.map((edit) => shiftEdit(edit, by)) })),
    related: finding.related.map((related) =>
      related.file ? related : { ...related, span: shiftSpan(related.span, by) },
    ),
  };
}

const idsOf = onceFor(
  (active: ActiveRules): ReadonlySet<string> =>
    new Set([...active.values()].flatMap((entries) => entries.map(({ rule }) => rule.meta.id))),
);

/** Silences, reports idle suppressions, and sorts. */
function conclude(job: Job, outcomes: readonly Outcome[], suppressions: readonly Suppression[]): Outcome {
  const found = outcomes.flatMap(({ findings }) => findings);
  const applied = applySuppressions(found, suppressions, job.rules, idsOf(job.active));
  const idle =
    applied.idle.length === 0
      ? undefined
      : runRules(job.active, [['suppressions', applied.idle]], job.settings, job.file);
  return {
    findings: sortFindings(idle ? [...applied.findings, ...idle.findings] : applied.findings),
    crashes: [...outcomes, ...(idle ? [idle] : [])].flatMap(({ crashes }) => crashes),
  };
}

function run(job: Job, visits: Iterable<Visit>): Outcome {
  return runRules(job.active, visits, job.settings, job.file);
}

function withExecEdits(dockerfile: Dockerfile, finding: Finding): Finding {
  if (finding.fixes.length === 0) return finding;
  const fixes = finding.fixes.flatMap((fix) => {
    const edits = execEdits(dockerfile, fix.edits);
    return edits === undefined ? [] : [{ ...fix, edits }];
  });
  return { ...finding, fixes };
}

export function analyseDockerfile(job: Job, dockerfile: Dockerfile): Outcome {
  const calls = createCalls(job.settings, job.file);
  callDockerfileRules(job.active, dockerfile, calls);
  const { outcome } = calls;
  const findings = hasExecRuns(dockerfile)
    ? outcome.findings.map((finding) => withExecEdits(dockerfile, finding))
    : outcome.findings;
  return conclude(job, [{ ...outcome, findings }], dockerfileSuppressions(dockerfile));
}

export function analyseCompose(job: Job, compose: ComposeFile, placed: PlacedDocument): Outcome {
  const outcome = run(job, [['yaml-document', placed.document], ...visitCompose(compose)]);
  const findings = onceEach(outcome.findings).map((finding) => shiftFinding(finding, placed.start));
  const shifted = { ...outcome, findings };
  const suppressions = commentSuppressions(placed.document).map((suppression) =>
    shiftSuppression(suppression, placed.start),
  );
  return conclude(job, [shifted], suppressions);
}

/** What several services take from one anchor is wrong there once. */
function onceEach(findings: readonly Finding[]): readonly Finding[] {
  const told = new Set<string>();
  return findings.filter(({ rule, span, message }) => {
    const key = `${rule} ${span.start} ${span.end} ${message}`;
    const first = !told.has(key);
    told.add(key);
    return first;
  });
}

/** Documents that hold no objects: a chart's values, kustomizations. */
export function analyseDocuments(
  job: Job,
  subject: 'helm-values' | 'kustomization',
  documents: readonly PlacedDocument[],
): Outcome {
  const outcomes = documents.map(({ document, start }) => {
    const outcome = run(job, [[subject, document]]);
    return { ...outcome, findings: outcome.findings.map((finding) => shiftFinding(finding, start)) };
  });
  const suppressions = documents.flatMap(({ document, start }) =>
    commentSuppressions(document).map((suppression) => shiftSuppression(suppression, start)),
  );
  return conclude(job, outcomes, suppressions);
}

function analyseDocument(job: Job, document: YamlDocument, results: DocumentResults): DocumentResult {
  const kept = results.get(document);
  if (kept?.key === job.key) return kept;
  const own = readObjects(document, { patch: isPatchPath(job.file.path) });
  const patched = own.some((object) => object.context !== 'patch' && isPatched(job.patched, object));
  const objects = patched ? readObjects(document, { patch: true }) : own;
  const outcome = run(job, [['yaml-document', document], ...visitObjects(objects)]);
  const suppressions = [...commentSuppressions(document), ...objects.flatMap(annotationSuppressions)];
  const result = { key: job.key, outcome, suppressions, placed: { start: 0, outcome, suppressions } };
  results.set(document, result);
  return result;
}

function placedAt(result: DocumentResult, start: number): PlacedResult {
  if (result.placed.start !== start) {
    const findings = result.outcome.findings.map((finding) => shiftFinding(finding, start));
    const suppressions = result.suppressions.map((suppression) => shiftSuppression(suppression, start));
    result.placed = { start, outcome: { ...result.outcome, findings }, suppressions };
  }
  return result.placed;
}

/** Yields after each document, so that a host can let typing through between them. */
export function* analyseKubernetes(
  job: Job,
  documents: readonly PlacedDocument[],
  kubernetes: KubernetesFile,
  results: DocumentResults,
): Generator<undefined, Outcome> {
  const outcomes: Outcome[] = [];
  const suppressions: Suppression[] = [];
  for (const { document, start } of documents) {
    const placed = placedAt(analyseDocument(job, document, results), start);
    outcomes.push(placed.outcome);
    suppressions.push(...placed.suppressions);
    yield;
  }
  outcomes.push(run(job, [['kubernetes-file', kubernetes]]));
  return conclude(job, outcomes, suppressions);
}

/** The objects that rules about one document may look at beside it. */
export function limitRangesOf(objects: readonly PlacedObject[]): readonly PlacedObject[] {
  return objects.filter(({ object }) => object.kind.value === 'LimitRange');
}
