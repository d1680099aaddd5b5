import * as vscode from 'vscode';
import type { Parsed } from '../core/parsed.ts';
import type { Service, Surroundings } from '../core/service.ts';
import type { Log } from './log.ts';

/** Scripts that are remembered: enough for the Dockerfiles that are open. */
const remembered = 2_000;
/** How long one script may take, in milliseconds. */
const patience = 10_000;

/** Asks the `shellcheck` on the PATH, where the setting is on, the workspace is trusted, and the host can start programs. */
export interface ShellCheck {
  /** What is known by now. Undefined where nothing is to be asked. */
  results(scope: vscode.Uri): Surroundings['shellcheck'];
  /** Asks about the scripts that are not known yet; whether there is more to show than before. */
  ask(parsed: Parsed, scope: vscode.Uri): Promise<boolean>;
}

function wanted(scope: vscode.Uri): boolean {
  const on = vscode.workspace.getConfiguration('plimsoll', scope).get('shellcheck', false);
  return on && vscode.workspace.isTrusted && typeof process === 'object' && process.versions?.node !== undefined;
}

export function createShellCheck(service: Service, log: Log): ShellCheck {
  const known = new Map<string, ReturnType<Service['readShellCheck']>>();
  let missing = false;

  const answer = async (words: readonly string[], text: string): Promise<ReturnType<Service['readShellCheck']>> => {
    try {
      return service.readShellCheck(await run(words, text));
    } catch (error) {
      missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (missing) log.warn('`plimsoll.shellcheck` is on, but there is no program `shellcheck` on the PATH.');
      else log.failure('ShellCheck gave no answer', error);
      // Filed like an answer: a script that it fails on would fail again with each keystroke elsewhere.
      return [];
    }
  };

  return {
    results: (scope) => (wanted(scope) ? known : undefined),
    async ask(parsed, scope) {
      if (missing || !wanted(scope)) return false;
      const questions = service.shellCheckQuestions(parsed).filter(({ key }) => !known.has(key));
      for (const { key, words, text } of questions) {
        const comments = await answer(words, text);
        if (missing) return false;
        const [oldest] = known.keys();
        if (known.size >= remembered && oldest !== undefined) known.delete(oldest);
        known.set(key, comments);
      }
      return questions.length > 0;
    },
  };
}

/** What the program prints for a text on its standard input. Exit code 1 says that it found something. */
async function run(words: readonly string[], text: string): Promise<string> {
  // biome-ignore lint/style/noRestrictedImports: only where `wanted` found a Node.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    // Not in the workspace: a program of that name there must not be taken for it.
    const cwd = process.env['HOME'] ?? process.env['USERPROFILE'] ?? '/';
    const child = spawn('shellcheck', words, { cwd, timeout: patience, windowsHide: true });
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (piece) => {
      output += piece;
    });
    child.on('error', reject);
    child.stdin.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 || code === 1) resolve(output);
      else reject(new Error(`shellcheck ended with ${code ?? 'a signal'}`));
    });
    child.stdin.end(text);
  });
}
