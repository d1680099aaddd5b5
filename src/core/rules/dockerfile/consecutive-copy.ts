import type { CopyInstruction, Dockerfile, Stage } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, type TextEdit } from '../../text/edit.ts';

/** The flags and the folder of an instruction that puts files into one; undefined where it may not be one of several. */
function target(dockerfile: Dockerfile, copy: CopyInstruction): string | undefined {
  const { destination, sources, heredocs, json, flags, kind } = copy;
  if (destination === undefined || sources.length === 0 || heredocs.length > 0 || json) return undefined;
  // Without a slash the first may name a file.
  if (!/(?:^|\/)\.{0,2}$/.test(destination.value)) return undefined;
  const written = flags.map(({ span }) => dockerfile.text.slice(span.start, span.end));
  return [kind, destination.text, ...written].join(' ');
}

/** Instructions one after the other that differ in nothing but what they copy. */
function groups(dockerfile: Dockerfile, { instructions }: Stage): readonly (readonly CopyInstruction[])[] {
  const found: CopyInstruction[][] = [];
  let last: string | undefined;
  for (const instruction of instructions) {
    const copy = instruction.kind === 'copy' || instruction.kind === 'add' ? instruction : undefined;
    const into = copy && target(dockerfile, copy);
    if (copy !== undefined && into !== undefined) {
      if (into === last) found.at(-1)?.push(copy);
      else found.push([copy]);
    }
    last = into;
  }
  return found.filter((group) => group.length > 1);
}

/** One instruction with all sources; undefined where comments or continuations stand between them. */
function joined({ text }: Dockerfile, group: readonly CopyInstruction[]): TextEdit | undefined {
  const [first, last] = [group[0], group.at(-1)];
  const into = first?.destination;
  if (first === undefined || last === undefined || into === undefined) return undefined;
  const span = { start: into.span.start, end: last.span.end };
  const gaps = group.slice(1).map((copy, at) => text.slice(group[at]?.span.end, copy.span.start));
  const lines = group.some((copy) => text.slice(copy.span.start, copy.span.end).includes('\n'));
  if (lines || gaps.some((gap) => gap.trim() !== '')) return undefined;
  const sources = group.slice(1).flatMap((copy) => copy.sources.map((source) => source.text));
  return replace(span, [...sources, into.text].join(' '));
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/consecutive-copy',
    rows: ['D403'],
    summary: 'Files for one folder may be copied by one instruction.',
    why: 'Each `COPY` is a layer, and a step that the builder looks up in its cache. Where files go to one folder, one after the other and with the same flags, one instruction does it. Folders among them stay as they are: of each the contents are copied. Some prefer a line for each file: off by default.',
    severity: 'information',
    optional: true,
    topic: 'build cache',
    messages: { several: 'These {count} `{keyword}` could be one', another: 'This one could be part of it' },
    titles: { join: 'Copy all of them at once' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nWORKDIR /app\nCOPY package.json ./\nCOPY package-lock.json ./\n',
        good: 'FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\n',
      },
    ],
    options: {},
    sources: ['kics multiple_run_add_copy_instructions_listed'],
  },
  only: ['copy', 'add'],
  when: ({ stage: { shipped, instructions } }) =>
    shipped &&
    instructions.some(({ kind }, at) => (kind === 'copy' || kind === 'add') && instructions[at + 1]?.kind === kind),
  *check({ stage, dockerfile }) {
    for (const group of groups(dockerfile, stage)) {
      const [first, ...others] = group;
      if (first === undefined) continue;
      yield {
        message: 'several',
        data: { count: group.length, keyword: first.keyword.value.toUpperCase() },
        span: first.keyword.span,
        related: others.map((other) => ({ message: 'another', span: other.keyword.span })),
        lateFixes: () => {
          const edit = joined(dockerfile, group);
          return edit ? [{ title: 'join', safety: 'suggested', edits: [edit] }] : [];
        },
      };
    }
  },
});
