import * as vscode from 'vscode';
import type { Finding, Fix } from '../core/engine/finding.ts';
import type { FixLevel } from '../core/engine/fix-all.ts';
import type { Service } from '../core/service.ts';
import { ruleOf } from './diagnostics.ts';
import type { Checked, Documents } from './documents.ts';
import { createdFile, fixEdit, rewrite, toRange } from './edits.ts';
import { selector } from './languages.ts';
import type { Log } from './log.ts';

const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('plimsoll');

/** Saves the file that a fix has made: an ignore file that is only in the editor helps no build. */
const saveCommand = 'plimsoll.saveCreatedFile';

async function saveFile(uri: unknown): Promise<void> {
  if (uri instanceof vscode.Uri) await (await vscode.workspace.openTextDocument(uri)).save();
}

/** A quick-fix whose edit is made when it is chosen: it has to analyse the file again and again. */
class FixRuleAction extends vscode.CodeAction {
  readonly document: vscode.TextDocument;
  readonly rule: string;
  readonly level: FixLevel;

  constructor(document: vscode.TextDocument, rule: string, level: FixLevel) {
    super(`Fix all \`${rule}\` in this file`, vscode.CodeActionKind.QuickFix);
    this.document = document;
    this.rule = rule;
    this.level = level;
  }
}

function isFixable(fix: Fix): boolean {
  return fix.safety !== 'manual' && fix.edits.length > 0;
}

/** The diagnostic that shows this finding: the same rule at the same range. */
function diagnosticOf(
  document: vscode.TextDocument,
  finding: Finding,
  diagnostics: readonly vscode.Diagnostic[],
): vscode.Diagnostic | undefined {
  const range = toRange(document, finding.span);
  return diagnostics.find((candidate) => ruleOf(candidate) === finding.rule && candidate.range.isEqual(range));
}

/** Fixes are made when they are asked for: a rule that fails then loses these, and no other finding does. */
function fixesOf(finding: Finding, log: Log): readonly Fix[] {
  try {
    return finding.fixes;
  } catch (error) {
    log.crash({ rule: finding.rule, error });
    return [];
  }
}

function fixActions(
  document: vscode.TextDocument,
  fixes: readonly Fix[],
  shown: vscode.Diagnostic,
): vscode.CodeAction[] {
  return fixes.map((fix, at) => {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.edit = fixEdit(document, fix);
    action.diagnostics = [shown];
    action.isPreferred = at === 0 && fix.safety !== 'manual';
    const created = createdFile(document, fix);
    if (created !== undefined) action.command = { title: 'Save', command: saveCommand, arguments: [created] };
    return action;
  });
}

function ruleActions(checked: Checked, finding: Finding, shown: vscode.Diagnostic, log: Log): vscode.CodeAction[] {
  const alike = checked.analysis.findings.filter(
    (one) => one.rule === finding.rule && fixesOf(one, log).some((fix) => isFixable(fix) && fix.creates === undefined),
  );
  const first = fixesOf(finding, log).find(isFixable);
  if (alike.length < 2 || first === undefined) return [];
  const action = new FixRuleAction(checked.document, finding.rule, first.safety === 'safe' ? 'safe' : 'suggested');
  action.diagnostics = [shown];
  return [action];
}

function suppressActions(
  service: Service,
  { document, analysis }: Checked,
  finding: Finding,
  shown: vscode.Diagnostic,
): vscode.CodeAction[] {
  return service.suppressions(analysis.parsed, finding).map((fix) => {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.edit = fixEdit(document, fix);
    action.diagnostics = [shown];
    return action;
  });
}

/** Quick-fixes, fix-all and suppressions. Always of the document as it stands: a stale check is made again first. */
export function registerCodeActions(service: Service, documents: Documents, log: Log): vscode.Disposable {
  const fixAll = (
    { file, analysis, surroundings, document }: Checked,
    level: FixLevel,
    rules?: readonly string[],
  ): vscode.WorkspaceEdit | undefined =>
    rewrite(document, service.fixAll(file, analysis.settings, surroundings, { level, ...(rules && { rules }) }));

  const quickFixes = (checked: Checked, context: vscode.CodeActionContext): vscode.CodeAction[] => {
    const pairs = checked.analysis.findings.flatMap((finding) => {
      const shown = diagnosticOf(checked.document, finding, context.diagnostics);
      return shown === undefined ? [] : [{ finding, shown }];
    });
    const rules = new Map(pairs.map((pair) => [pair.finding.rule, pair]));
    return [
      ...pairs.flatMap(({ finding, shown }) => fixActions(checked.document, fixesOf(finding, log), shown)),
      ...[...rules.values()].flatMap(({ finding, shown }) => ruleActions(checked, finding, shown, log)),
      ...pairs.flatMap(({ finding, shown }) => suppressActions(service, checked, finding, shown)),
    ];
  };

  const wholeFile = (checked: Checked): vscode.CodeAction[] => {
    const edit = fixAll(checked, 'safe');
    if (edit === undefined) return [];
    const action = new vscode.CodeAction('Fix all safe Plimsoll findings', fixAllKind);
    action.edit = edit;
    return [action];
  };

  const provider: vscode.CodeActionProvider = {
    async provideCodeActions(document, _range, context) {
      const { only } = context;
      const wantsAll = only !== undefined && (only.contains(fixAllKind) || fixAllKind.contains(only));
      const wantsQuick =
        (only === undefined || only.intersects(vscode.CodeActionKind.QuickFix)) && context.diagnostics.length > 0;
      if (!wantsAll && !wantsQuick) return [];
      const checked = await documents.current(document);
      if (checked === undefined) return [];
      return [...(wantsQuick ? quickFixes(checked, context) : []), ...(wantsAll ? wholeFile(checked) : [])];
    },
    async resolveCodeAction(action) {
      if (!(action instanceof FixRuleAction)) return action;
      const checked = await documents.current(action.document);
      const edit = checked && fixAll(checked, action.level, [action.rule]);
      if (edit !== undefined) action.edit = edit;
      return action;
    },
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(saveCommand, saveFile),
    vscode.languages.registerCodeActionsProvider(selector, provider, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, fixAllKind],
    }),
  );
}
