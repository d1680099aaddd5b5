import * as vscode from 'vscode';
import type { Service, SettingsRead } from '../core/service.ts';

/** The settings that the core knows; the others are about the editor alone. */
const sharedKeys = ['profile', 'rules', 'policy', 'podSecurity', 'kubernetesVersion', 'resources', 'node'] as const;

/** The settings that hold for one place of the workspace. */
export function editorSettings(service: Service, scope: vscode.Uri | undefined): SettingsRead {
  const configuration = vscode.workspace.getConfiguration('plimsoll', scope);
  const values = Object.fromEntries(sharedKeys.map((key) => [key, configuration.get<unknown>(key)]));
  return service.settingsFromEditor(values);
}

/** Whether an editor feature is on: `plimsoll.hover.enabled` and its like. */
export function isEnabled(
  feature: 'hover' | 'inlayHints' | 'codeLens' | 'buildCacheLens',
  document: vscode.TextDocument,
): boolean {
  return vscode.workspace.getConfiguration('plimsoll', document.uri).get(`${feature}.enabled`, true);
}
