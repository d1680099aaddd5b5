import type * as vscode from 'vscode';
import { createService } from '../core/service.ts';
import { createAssumptionStore } from './assumption-store.ts';
import { createBuildContexts } from './build-contexts.ts';
import { registerCodeActions } from './code-actions.ts';
import { registerCodeLenses } from './code-lenses.ts';
import { registerCommands } from './commands.ts';
import { registerCompletion } from './completion.ts';
import { createDiagnostics } from './diagnostics.ts';
import { createDocuments } from './documents.ts';
import { registerHover } from './hover.ts';
import { createImageFacts } from './image-facts.ts';
import { registerInlayHints } from './inlay-hints.ts';
import { registerLanguageStatus } from './language-status.ts';
import { createLog } from './log.ts';
import { registerPanel } from './panel.ts';
import { createPanelModel } from './panel-model.ts';
import { registerRegistry } from './registry.ts';
import { registerRulePages } from './rule-page.ts';
import { registerScan } from './scan.ts';
import { createShellCheck } from './shellcheck.ts';
import { watchWorkspace } from './workspace-index.ts';

/** Called by the editor when a document of one of our languages is opened, or a command or view of ours is wanted. */
export function activate(context: vscode.ExtensionContext): void {
  const service = createService();
  const log = createLog();
  const contexts = createBuildContexts(service);
  const documents = createDocuments(
    service,
    createShellCheck(service, log),
    contexts,
    createImageFacts(service, context.extensionUri, log),
    log,
  );
  const diagnostics = createDiagnostics(service, documents);
  const model = createPanelModel(service, documents, createAssumptionStore(service, context.workspaceState), log);
  context.subscriptions.push(
    log,
    contexts,
    documents,
    diagnostics,
    model,
    registerCodeActions(service, documents, log),
    registerHover(service, documents),
    registerInlayHints(service, documents),
    registerCodeLenses(service, documents),
    registerCompletion(service, documents),
    registerLanguageStatus(service, documents),
    registerRulePages(service),
    watchWorkspace(service, documents, log),
    registerScan(documents, diagnostics, log),
    registerPanel(context.extensionUri, model, log),
    registerRegistry(context.secrets, service, documents, log),
    registerCommands(log),
  );
}
