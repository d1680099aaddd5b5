import * as vscode from 'vscode';
import type { Inputs } from '../core/features/assumptions.ts';
import type { Service } from '../core/service.ts';
import { toWorkspaceEdit } from './edits.ts';

const key = 'assumptions';

/** What the person has said in the panel that is in no file; kept with the workspace. */
export interface AssumptionStore {
  inputs(): Inputs;
  /** Says one; an empty text takes back what was said. */
  set(name: string, text: string): Promise<void>;
  forget(): Promise<void>;
  /**
   * Writes all into a `.plimsoll.yaml`: the one in force, else a new one in the folder of the workspace.
   * @param configuration its path, where there is one
   * @returns why it was not done
   */
  keep(near: vscode.Uri, configuration: string | undefined): Promise<string | undefined>;
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}

export function createAssumptionStore(service: Service, memento: vscode.Memento): AssumptionStore {
  const inputs = (): Inputs => {
    const stored = memento.get<unknown>(key);
    return isTexts(stored) ? stored : {};
  };
  const store = async (next: Inputs): Promise<void> => {
    await memento.update(key, Object.keys(next).length === 0 ? undefined : next);
  };
  return {
    inputs,
    async set(name, text) {
      const others = Object.entries(inputs()).filter(([other]) => other !== name);
      await store(Object.fromEntries(text === '' ? others : [...others, [name, text]]));
    },
    forget: () => store({}),
    async keep(near, configuration) {
      const folder = vscode.workspace.getWorkspaceFolder(near)?.uri ?? vscode.Uri.joinPath(near, '..');
      const uri =
        configuration === undefined
          ? vscode.Uri.joinPath(folder, '.plimsoll.yaml')
          : near.with({ path: configuration });
      if (configuration === undefined) {
        const creation = new vscode.WorkspaceEdit();
        creation.createFile(uri, { ignoreIfExists: true });
        await vscode.workspace.applyEdit(creation);
      }
      const document = await vscode.workspace.openTextDocument(uri);
      const edits = service.keepAssumptions(document.getText(), inputs());
      if (edits === undefined) return 'The YAML of .plimsoll.yaml leaves no place for them: mend it first.';
      if (!(await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits))) || !(await document.save()))
        return 'The editor did not accept the edit: .plimsoll.yaml may be read-only.';
      await store({});
      return undefined;
    },
  };
}
