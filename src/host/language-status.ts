import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';
import type { Checked, Documents } from './documents.ts';
import { isChecked, selector } from './languages.ts';
import { editorSettings, fieldsCheckedBy } from './settings.ts';

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

function summary({ analysis }: Checked): string {
  if (analysis.parsed.kind === 'other') return 'Not a file that Plimsoll reads';
  return analysis.findings.length === 0 ? 'No findings' : count(analysis.findings.length, 'finding');
}

/** The file that configures, as a person would name it. */
function configurationName({ document, surroundings }: Checked): string {
  const { configuration } = surroundings;
  if (configuration === undefined) return 'no .plimsoll.yaml';
  return vscode.workspace.asRelativePath(document.uri.with({ path: configuration.path }));
}

/** What is known of the active document: findings, Kubernetes version, configuration in force and what is wrong with it. */
export function registerLanguageStatus(service: Service, documents: Documents): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('plimsoll.status', selector);
  item.name = 'Plimsoll';
  item.text = 'Plimsoll';

  /** A line of its own, since the other one has no room for it; an item cannot be hidden. */
  let fields: vscode.LanguageStatusItem | undefined;
  const showFields = (elsewhere: string | undefined): void => {
    if (elsewhere === undefined) {
      fields?.dispose();
      fields = undefined;
      return;
    }
    fields ??= vscode.languages.createLanguageStatusItem('plimsoll.fields', selector);
    fields.name = 'Plimsoll: Fields';
    fields.text = `Fields are left to ${elsewhere}`;
    fields.command = { title: 'Rules', command: 'workbench.action.openSettings', arguments: ['plimsoll.rules'] };
  };

  const show = (checked: Checked): void => {
    const { major, minor } = checked.analysis.settings.kubernetesVersion;
    const { configuration } = checked.surroundings;
    const editor = editorSettings(service, checked.document.uri).problems;
    const problems = [...editor, ...checked.problems].map(({ message }) => message);
    showFields(checked.analysis.parsed.kind === 'kubernetes' ? fieldsCheckedBy(checked.document.uri) : undefined);
    item.text = summary(checked);
    item.detail = [`Kubernetes ${major}.${minor}`, configurationName(checked), ...problems].join(' · ');
    item.severity =
      problems.length > 0 ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
    item.command =
      configuration === undefined
        ? { title: 'Settings', command: 'workbench.action.openSettings', arguments: ['@ext:plimsoll.plimsoll'] }
        : {
            title: 'Open Configuration',
            command: 'vscode.open',
            arguments: [checked.document.uri.with({ path: configuration.path })],
          };
  };
  const refresh = (): void => {
    const document = vscode.window.activeTextEditor?.document;
    const checked = document && isChecked(document) ? documents.last(document) : undefined;
    if (checked !== undefined) show(checked);
  };
  refresh();
  return vscode.Disposable.from(
    item,
    new vscode.Disposable(() => fields?.dispose()),
    documents.onDidCheck(refresh),
    vscode.window.onDidChangeActiveTextEditor(refresh),
  );
}
