import type { ArtifactLocation, Log, Region, ReportingDescriptor, Result, Fix as SarifFix } from 'sarif';
import type { Finding, Fix } from '../engine/finding.ts';
import type { Rule } from '../engine/rule.ts';
import type { Severity } from '../engine/settings.ts';
import { type LineIndex, lineIndex, positionAt } from '../text/line-index.ts';
import type { Span } from '../text/span.ts';
import { rulePage } from './rule-page.ts';

const levels = { error: 'error', warning: 'warning', information: 'note' } as const satisfies Record<Severity, string>;

/** A path as a URI: relative ones stay relative, for whoever shows the results to resolve. */
function artifact(path: string): ArtifactLocation {
  const uri = encodeURI(path.replaceAll('\\', '/')).replaceAll(/[?#]/g, encodeURIComponent);
  if (uri.startsWith('/')) return { uri: `file://${uri}` };
  if (/^[a-z]:\//i.test(uri)) return { uri: `file:///${uri}` };
  // A colon before the first slash would read as a scheme.
  return { uri: /^[^/]*:/.test(uri) ? `./${uri}` : uri };
}

/** Lines and columns from one, columns in UTF-16 units; offsets from zero. */
function region(index: LineIndex, { start, end }: Span): Region {
  const from = positionAt(index, start);
  const to = positionAt(index, end);
  return {
    startLine: from.line + 1,
    startColumn: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
    charOffset: start,
    charLength: end - start,
  };
}

function descriptor(rule: Rule): ReportingDescriptor {
  const { id, summary, why, severity, optional, topic, sources } = rule.meta;
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: why },
    help: { text: why, markdown: rulePage(rule) },
    defaultConfiguration: { level: levels[severity], enabled: optional !== true },
    properties: { tags: [topic], sources: [...sources] },
  };
}

function fixOf({ title, edits }: Fix, artifactLocation: ArtifactLocation, index: LineIndex): SarifFix {
  const replacements = edits.map(({ span, newText }) => ({
    deletedRegion: region(index, span),
    insertedContent: { text: newText },
  }));
  return { description: { text: title }, artifactChanges: [{ artifactLocation, replacements }] };
}

/** What was found in one file. */
export interface FileFindings {
  readonly path: string;
  readonly text: string;
  readonly findings: readonly Finding[];
}

function resultsOf({ path, text, findings }: FileFindings, numbers: ReadonlyMap<string, number>): Result[] {
  const index = lineIndex(text);
  const artifactLocation = artifact(path);
  return findings.map(({ rule, severity, message, span, fixes, related }): Result => {
    const number = numbers.get(rule);
    return {
      ruleId: rule,
      ...(number !== undefined && { ruleIndex: number }),
      level: levels[severity],
      message: { text: message },
      locations: [{ physicalLocation: { artifactLocation, region: region(index, span) } }],
      relatedLocations: related.map((other) => ({
        message: { text: other.message },
        physicalLocation: {
          artifactLocation: other.file ? artifact(other.file.path) : artifactLocation,
          region: region(other.file ? lineIndex(other.file.text) : index, other.span),
        },
      })),
      // The format has no place for a file that a fix creates.
      fixes: fixes.filter(({ creates }) => !creates).map((fix) => fixOf(fix, artifactLocation, index)),
    };
  });
}

/** A run of the command line as SARIF 2.1.0 (OASIS), which code hosts show beside a change. */
export function sarifLog(rules: readonly Rule[], files: readonly FileFindings[]): Log {
  const told = new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const named = rules.filter(({ meta }) => told.has(meta.id));
  const numbers = new Map(named.map(({ meta }, number) => [meta.id, number]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Plimsoll', rules: named.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        results: files.flatMap((file) => resultsOf(file, numbers)),
      },
    ],
  };
}
