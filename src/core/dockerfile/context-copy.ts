import type { CopyInstruction, Instruction, Word } from './model.ts';

const archive = /\.(?:tar|z|bz2|gz|lz|lzma|tz|tb2|tbz|tbz2|tgz|tlz|tpz|txz|xz|zst|tzst)$/i;

/** ADD unpacks it. */
export function isArchive(source: Word): boolean {
  return archive.test(source.value);
}

/** ADD downloads or clones it. */
export function isRemote(source: Word): boolean {
  return (
    /^(?:[a-z][a-z0-9+.-]*:\/\/|[\w.-]+@[\w.-]+:|github\.com\/)/i.test(source.value) ||
    /\.git(?:#.*)?$/.test(source.value)
  );
}

/** Ways to write all of the context. */
const whole: ReadonlySet<string> = new Set(['.', './', '/', '*', '/*', '.*', './*', './.']);

/** The source that stands for the whole build context (`.`, `./`, `*`), where an instruction copies one. */
export function wholeContext(
  instruction: Instruction,
): { readonly copy: CopyInstruction; readonly source: Word } | undefined {
  if ((instruction.kind !== 'copy' && instruction.kind !== 'add') || instruction.from !== undefined) return undefined;
  const source = instruction.sources.find(({ value }) => whole.has(value));
  return source && { copy: instruction, source };
}
