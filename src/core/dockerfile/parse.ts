import { expand } from './expansion.ts';
import { readInstruction, type Surroundings } from './instruction.ts';
import type { Dockerfile, DockerfileProblem, Instruction } from './model.ts';
import { type ScannedLine, scanDockerfile } from './scan.ts';
import { finishStages, isWindowsShell, type StageDraft, startStage } from './stages.ts';

/** What is in force while the file is read from top to bottom. */
interface Reading {
  readonly source: string;
  readonly escape: '\\' | '`';
  readonly problems: DockerfileProblem[];
  readonly globalArgs: Map<string, string | undefined>;
  readonly instructions: Instruction[];
  readonly stages: StageDraft[];
  readonly named: Map<string, StageDraft>;
  /** The SHELL with which each stage ends, by its index. */
  readonly shells: (readonly string[])[];
  shell: readonly string[];
}

const LINUX_SHELL: readonly string[] = ['/bin/sh', '-c'];
const WINDOWS_SHELL: readonly string[] = ['cmd', '/S', '/C'];
/** Other linters' comment that says what shell the base image has. */
const SHELL_COMMENT = /^(?:hadolint|tally)\s+shell\s*=\s*(\S+)/;

/** UTF-16 units that are read at most: a hundred times the longest that people write. */
const LONGEST = 500_000;

/** Nothing of a file that is too long, or no text at all, but the reason. */
function unread(text: string): Dockerfile | undefined {
  const binary = text.includes('\0');
  if (!binary && text.length <= LONGEST) return undefined;
  const problem: DockerfileProblem = binary
    ? { code: 'binary', message: 'This is no text: the file is not read', span: { start: 0, end: 0 } }
    : {
        code: 'too-long',
        message: `The file is not read: it has ${text.length} characters, and ${LONGEST} are read at most`,
        span: { start: 0, end: 0 },
      };
  return {
    text,
    escape: '\\',
    directives: [],
    comments: [],
    instructions: [],
    stages: [],
    globalArgs: new Map(),
    problems: [problem],
  };
}

/** Reads a Dockerfile. Never throws: a line that cannot be read leaves the others as they are. */
export function parseDockerfile(text: string): Dockerfile {
  const nothing = unread(text);
  if (nothing !== undefined) return nothing;
  const scan = scanDockerfile(text);
  const reading: Reading = {
    source: text,
    escape: scan.escape,
    problems: [...scan.problems],
    globalArgs: new Map(),
    instructions: [],
    stages: [],
    named: new Map(),
    shells: [],
    shell: LINUX_SHELL,
  };
  let comment = 0;
  for (const line of scan.lines) {
    for (; (scan.comments[comment]?.span.start ?? Infinity) < line.span.start; comment++) {
      const shell = SHELL_COMMENT.exec(scan.comments[comment]?.text ?? '')?.[1];
      if (shell !== undefined) changeShell(reading, [shell]);
    }
    readLine(reading, line);
  }
  if (scan.lines.length === 0) {
    reading.problems.push({
      code: 'no-instructions',
      message: 'The file has no instruction',
      span: { start: 0, end: 0 },
    });
  }
  if (reading.stages.length === 0) {
    reading.stages.push({ ...startStage(undefined, 0, reading.named), instructions: reading.instructions });
    reading.globalArgs.clear();
  }
  return {
    text,
    escape: scan.escape,
    directives: scan.directives,
    comments: scan.comments,
    instructions: reading.instructions,
    stages: finishStages(reading.stages),
    globalArgs: reading.globalArgs,
    problems: reading.problems.toSorted((a, b) => a.span.start - b.span.start),
  };
}

function readLine(reading: Reading, line: ScannedLine): void {
  const { source, problems, shell } = reading;
  const surroundings: Surroundings = {
    source,
    escape: reading.escape,
    problems,
    shell,
    lookup: (name) => reading.globalArgs.get(name),
  };
  const instruction = readInstruction(line, surroundings, false);
  reading.instructions.push(instruction);
  if (instruction.kind === 'from') {
    const stage = startStage(instruction, reading.stages.length, reading.named);
    reading.stages.push(stage);
    const inherited = stage.parent && reading.shells[stage.parent.index];
    reading.shell = inherited ?? (stage.windows ? WINDOWS_SHELL : LINUX_SHELL);
    reading.shells.push(reading.shell);
    return;
  }
  reading.stages.at(-1)?.instructions.push(instruction);
  if (instruction.kind === 'shell' && instruction.command.kind === 'exec') {
    changeShell(
      reading,
      instruction.command.words.map((word) => word.value),
    );
  } else if (instruction.kind === 'arg' && reading.stages.length === 0) addGlobalArgs(reading, instruction);
}

function changeShell(reading: Reading, shell: readonly string[]): void {
  reading.shell = shell;
  const stage = reading.stages.at(-1);
  if (stage === undefined) return;
  reading.shells[stage.index] = shell;
  if (isWindowsShell(shell)) stage.windows = true;
}

function addGlobalArgs(reading: Reading, instruction: Extract<Instruction, { kind: 'env' | 'label' | 'arg' }>): void {
  for (const { key, value } of instruction.pairs) {
    const expanded = value && expand(value.text, (name) => reading.globalArgs.get(name), { escape: reading.escape });
    const known = expanded?.ok && expanded.unset.length === 0 ? expanded.value : undefined;
    reading.globalArgs.set(key.value, known);
  }
}
