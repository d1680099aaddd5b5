import * as vscode from 'vscode';
import type { Service, SettingsRead } from '../core/service.ts';

/** The settings that the core knows; the others are about the editor alone. */
const sharedKeys = [
  'profile',
  'rules',
  'policy',
  'podSecurity',
  'kubernetesVersion',
  'resources',
  'node',
  'assumptions',
] as const;

/** The rules that a Kubernetes schema in the editor makes double. */
const fieldRules = ['kubernetes/field', 'kubernetes/custom-field'] as const;

/** Who else checks the fields of manifests in this editor; undefined where nobody does. */
export function fieldsCheckedBy(scope: vscode.Uri | undefined): string | undefined {
  const yaml = vscode.extensions.getExtension('redhat.vscode-yaml');
  if (yaml === undefined) return undefined;
  if (vscode.extensions.getExtension('ms-kubernetes-tools.vscode-kubernetes-tools')) return 'the Kubernetes extension';
  const schemas = vscode.workspace.getConfiguration('yaml', scope).get<unknown>('schemas');
  const names = typeof schemas === 'object' && schemas !== null ? Object.keys(schemas) : [];
  return names.some((name) => /^kubernetes$|kubernetes-json-schema/i.test(name)) ? 'the YAML extension' : undefined;
}

/** The settings that hold for one place of the workspace. */
export function editorSettings(service: Service, scope: vscode.Uri | undefined): SettingsRead {
  const configuration = vscode.workspace.getConfiguration('plimsoll', scope);
  const values = Object.fromEntries(sharedKeys.map((key) => [key, configuration.get<unknown>(key)]));
  const { rules, assumptions } = values;
  // A text that nobody set and that has no default is '' to VS Code.
  if (typeof assumptions === 'object' && assumptions !== null)
    values['assumptions'] = Object.fromEntries(Object.entries(assumptions).filter(([, value]) => value !== ''));
  if (fieldsCheckedBy(scope) !== undefined && typeof rules === 'object' && rules !== null)
    values['rules'] = { ...Object.fromEntries(fieldRules.map((rule) => [rule, 'off'])), ...rules };
  return service.settingsFromEditor(values);
}

/** Whether an editor feature is on: `plimsoll.hover.enabled` and its like. */
export function isEnabled(
  feature: 'hover' | 'inlayHints' | 'imageAgeHints' | 'codeLens' | 'buildCacheLens',
  document: vscode.TextDocument,
): boolean {
  return vscode.workspace.getConfiguration('plimsoll', document.uri).get(`${feature}.enabled`, true);
}
