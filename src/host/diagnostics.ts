import * as vscode from 'vscode';
import type { Finding } from '../core/engine/finding.ts';
import type { Severity } from '../core/engine/settings.ts';
import type { Service } from '../core/service.ts';
import { type LineIndex, lineIndex, positionAt } from '../core/text/line-index.ts';
import type { Span } from '../core/text/span.ts';
import type { Documents } from './documents.ts';
import { rulePageUri } from './rule-page.ts';

export const source = 'plimsoll';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

type Looks = ReadonlyMap<string, vscode.DiagnosticTag>;

const tags = {
  deprecated: vscode.DiagnosticTag.Deprecated,
  unnecessary: vscode.DiagnosticTag.Unnecessary,
} as const;

function looksOf({ rules }: Service): Looks {
  return new Map(rules.flatMap(({ meta }) => (meta.look === undefined ? [] : [[meta.id, tags[meta.look]] as const])));
}

function rangeIn(lines: LineIndex, span: Span): vscode.Range {
  const start = positionAt(lines, span.start);
  const end = positionAt(lines, span.end);
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

/** Findings as the editor shows them. `text` is the one that was checked. */
function toDiagnostics(uri: vscode.Uri, text: string, findings: readonly Finding[], looks: Looks): vscode.Diagnostic[] {
  const lines = lineIndex(text);
  return findings.map((finding) => {
    const range = rangeIn(lines, finding.span);
    const diagnostic = new vscode.Diagnostic(range, finding.message, severities[finding.severity]);
    diagnostic.source = source;
    diagnostic.code = { value: finding.rule, target: rulePageUri(finding.rule) };
    const tag = looks.get(finding.rule);
    if (tag !== undefined) diagnostic.tags = [tag];
    diagnostic.relatedInformation = finding.related.map(({ span, message, file }) => {
      const range = rangeIn(file ? lineIndex(file.text) : lines, span);
      const place = new vscode.Location(file ? uri.with({ path: file.path }) : uri, range);
      return new vscode.DiagnosticRelatedInformation(place, message);
    });
    return diagnostic;
  });
}

/** The rule of one of our diagnostics; undefined for those of others. */
export function ruleOf(diagnostic: vscode.Diagnostic): string | undefined {
  const { code } = diagnostic;
  if (diagnostic.source !== source || typeof code !== 'object') return undefined;
  return String(code.value);
}

/** Publishes the findings of open documents, and those of a scan for files that are not open. */
export interface Diagnostics extends vscode.Disposable {
  /** Findings of a file that is in no editor. */
  setScanned(uri: vscode.Uri, text: string, findings: readonly Finding[]): void;
  /** Takes away what earlier scans found. */
  clearScanned(): void;
}

export function createDiagnostics(service: Service, documents: Documents): Diagnostics {
  const looks = looksOf(service);
  const collection = vscode.languages.createDiagnosticCollection(source);
  const scanned = new Set<string>();
  const subscriptions = [
    collection,
    documents.onDidCheck(({ document, file, analysis }) => {
      scanned.delete(document.uri.toString());
      collection.set(document.uri, toDiagnostics(document.uri, file.text, analysis.findings, looks));
    }),
    documents.onDidForget((document) => {
      if (!scanned.has(document.uri.toString())) collection.delete(document.uri);
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const uri of files) collection.delete(uri);
    }),
  ];
  return {
    setScanned(uri, text, findings) {
      scanned.add(uri.toString());
      collection.set(uri, toDiagnostics(uri, text, findings, looks));
    },
    clearScanned() {
      for (const key of scanned) collection.delete(vscode.Uri.parse(key, true));
      scanned.clear();
    },
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
