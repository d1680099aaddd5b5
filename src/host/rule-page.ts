import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';

const scheme = 'plimsoll-rule';

/** The rule's page, made from the rule itself: it opens without a network. The manifest shows this scheme as a preview. */
export function rulePageUri(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${rule}.md` });
}

/** The pages of the rules, and the command that shows one. */
export function registerRulePages(service: Service): vscode.Disposable {
  const provider: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent(uri) {
      const id = uri.path.replace(/^\//, '').replace(/\.md$/, '');
      return service.rulePage(id) ?? `# ${id}\n\nThere is no rule of this name.\n`;
    },
  };
  const show = async (given: unknown): Promise<void> => {
    const rule = typeof given === 'string' ? given : await pickRule(service);
    if (rule === undefined) return;
    await vscode.commands.executeCommand('vscode.open', rulePageUri(rule));
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    vscode.commands.registerCommand('plimsoll.showRule', show),
  );
}

async function pickRule(service: Service): Promise<string | undefined> {
  const items = service.rules.map(({ meta }) => ({
    label: meta.id,
    description: meta.optional ? `${meta.severity}, off by default` : meta.severity,
    detail: meta.summary,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    placeHolder: 'Which rule?',
    matchOnDetail: true,
  });
  return picked?.label;
}
