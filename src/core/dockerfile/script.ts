import type { ShellScript } from '../shell/model.ts';
import { argumentsScript, parseShell } from '../shell/parse.ts';
import type { MappedText } from '../text/mapped-text.ts';
import { mappedText } from '../text/mapped-text.ts';
import type { Span } from '../text/span.ts';
import { decodedString, stringTokens } from './json.ts';
import type { CommandForm, Heredoc } from './model.ts';
import { isPosixShell, programName } from './stages.ts';

type ExecForm = Extract<CommandForm, { readonly kind: 'exec' }>;

/** What a RUN was written with, as far as its script depends on it. */
interface RunParts {
  readonly source: string;
  readonly span: Span;
  readonly command: CommandForm;
  readonly arguments: MappedText;
  readonly heredocs: readonly Heredoc[];
  /** The SHELL in force. */
  readonly shell: readonly string[];
}

/** What a RUN runs, as a shell script; undefined where it runs another kind of shell, or a script of another language. */
export function runScript(run: RunParts): ShellScript | undefined {
  const { command } = run;
  if (command.kind === 'exec') return execScript({ ...run, command });
  if (!isPosixShell(run.shell)) return undefined;
  const [heredoc] = run.heredocs;
  if (heredoc === undefined) return parseShell(command.source);
  const { start, end } = heredoc.span;
  const alone = command.span.start === start && command.span.end === end;
  return alone ? bodyScript(run.source, heredoc) : parseShell(withHeredocs(run));
}

/** `["sh", "-c", "…"]` runs the script behind `-c`; anything else is one command, its words with the quotes around them. */
function execScript({ arguments: text, command }: RunParts & { readonly command: ExecForm }): ShellScript | undefined {
  const words = command.words.map((word) => word.value);
  if (!isPosixShell(words.slice(0, 1))) {
    return argumentsScript(
      command.words.map(({ value, span }) => ({ span, source: value, value, constant: true })),
      command.span,
    );
  }
  const flag = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const token = flag < 0 ? undefined : stringTokens(text.text)[flag + 1];
  return token === undefined ? undefined : parseShell(decodedString(text, token));
}

/** The body of `RUN <<EOF` is the script, unless its first line names another program. */
function bodyScript(source: string, heredoc: Heredoc): ShellScript | undefined {
  const shebang = /^\t*#![ \t]*(\S+)(?:[ \t]+(\S+))?/.exec(heredoc.content);
  if (shebang !== null) {
    const program = programName(shebang[1] ?? '');
    if (!isPosixShell([program === 'env' ? (shebang[2] ?? '') : program])) return undefined;
  }
  return parseShell(mappedText(source, scriptLines(source, heredoc.body, heredoc.chomp)));
}

/** The command line with its here-documents behind it, as the shell is given them. */
function withHeredocs(run: RunParts): MappedText {
  const kept: Span[] = run.arguments.runs.map(({ source, length }) => ({ start: source, end: source + length }));
  const start = (run.heredocs[0]?.body.start ?? 0) - 1;
  if (run.source.charAt(start) === '\n') kept.push(...scriptLines(run.source, { start, end: run.span.end }, false));
  return mappedText(run.source, kept);
}

/** The lines of a span without carriage returns, and without leading tabs where `chomp` says so. */
function scriptLines(source: string, at: Span, chomp: boolean): readonly Span[] {
  if (!chomp && !source.slice(at.start, at.end).includes('\r')) return [at];
  // Nothing at all keeps its place too.
  const kept: Span[] = [{ start: at.start, end: at.start }];
  for (let line = at.start; line < at.end; ) {
    const feed = source.indexOf('\n', line);
    const end = feed < 0 || feed >= at.end ? at.end : feed + 1;
    let start = line;
    if (chomp) while (start < end && source.charAt(start) === '\t') start++;
    let text = source.charAt(end - 1) === '\n' ? end - 1 : end;
    while (text > start && source.charAt(text - 1) === '\r') text--;
    kept.push({ start, end: text });
    if (source.charAt(end - 1) === '\n') kept.push({ start: end - 1, end });
    line = end;
  }
  return kept;
}
