import * as vscode from 'vscode';
import type { Service } from '../core/service.ts';

const scheme = 'plimsoll-rule';
export const showRuleCommand = 'plimsoll.showRule';

function pageUri(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${rule}.md` });
}

/** Opens the rule's page; works without a network. */
export function ruleLink(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'command', path: showRuleCommand, query: JSON.stringify([rule]) });
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
    const uri = pageUri(rule);
    const commands = await vscode.commands.getCommands(true);
    if (commands.includes('markdown.showPreview')) await vscode.commands.executeCommand('markdown.showPreview', uri);
    else await vscode.window.showTextDocument(uri, { preview: true });
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
    vscode.commands.registerCommand(showRuleCommand, show),
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
