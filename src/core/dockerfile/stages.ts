import type { FromInstruction, Instruction, Stage } from './model.ts';

/** A stage while its instructions are being read. */
export interface StageDraft {
  readonly index: number;
  readonly from: FromInstruction | undefined;
  readonly name: string | undefined;
  readonly parent: StageDraft | undefined;
  readonly instructions: Instruction[];
  shipped: boolean;
  windows: boolean;
}

/** Begins a stage. `named` holds the earlier stages by name, the latest of each; this one is added. */
export function startStage(
  from: FromInstruction | undefined,
  index: number,
  named: Map<string, StageDraft>,
): StageDraft {
  const parent = named.get(from?.image?.resolved?.toLowerCase() ?? '');
  const stage: StageDraft = {
    index,
    from,
    name: from?.alias?.value.toLowerCase(),
    parent,
    instructions: [],
    shipped: false,
    windows: parent?.windows ?? (from !== undefined && isWindowsBase(from)),
  };
  if (stage.name !== undefined) named.set(stage.name, stage);
  return stage;
}

/** Marks the last stage, and those that it builds on, as shipped. */
export function finishStages(stages: readonly StageDraft[]): readonly Stage[] {
  for (let stage = stages.at(-1); stage !== undefined; stage = stage.parent) stage.shipped = true;
  return stages;
}

/** The base image is one of Microsoft's for Windows, by its name, its tag or the platform asked for. */
export function isWindowsBase(from: FromInstruction): boolean {
  if (/^windows\b/i.test(from.platform?.value ?? '')) return true;
  const image = from.image?.resolved ?? from.image?.text ?? '';
  return /(^|[/:_.-])(windows|nanoserver|(windows)?servercore)([/:_.-]|$)|windowsservercore|dotnet\/framework\//i.test(
    image,
  );
}

const POSIX_SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh', 'busybox']);

/** The program's base name, without `.exe`, in lower case. */
export function programName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  return name.endsWith('.exe') ? name.slice(0, -4) : name;
}

/** Whether a SHELL runs scripts that a POSIX shell would. */
export function isPosixShell(shell: readonly string[]): boolean {
  const program = shell.map(programName).find((name) => name !== 'env');
  return program !== undefined && POSIX_SHELLS.has(program);
}

/** Whether a SHELL is PowerShell or cmd. */
export function isWindowsShell(shell: readonly string[]): boolean {
  return ['powershell', 'pwsh', 'cmd'].includes(programName(shell[0] ?? ''));
}
