import * as vscode from 'vscode';
import type { Crash } from '../core/engine/run.ts';

/** Where an error was thrown, without its message: that may quote the document. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const frame = error.stack?.split('\n').find((line) => /^\s*at /.test(line));
  return `${error.name} ${frame?.trim() ?? ''}`.trim();
}

export interface Log extends vscode.Disposable {
  info(message: string): void;
  warn(message: string): void;
  /** One line: what failed and where, never with text of a document. */
  failure(what: string, error: unknown): void;
  /** A rule that threw: told once a session for each rule and place. */
  crash(crash: Crash): void;
  show(): void;
}

export function createLog(): Log {
  const channel = vscode.window.createOutputChannel('Plimsoll', { log: true });
  const told = new Set<string>();
  return {
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    failure: (what, error) => channel.error(`${what}: ${placeOf(error)}`),
    crash({ rule, error }) {
      const line = `The rule ${rule} failed: ${placeOf(error)}`;
      if (told.has(line)) return;
      told.add(line);
      channel.error(line);
    },
    show: () => channel.show(),
    dispose: () => channel.dispose(),
  };
}
