import type { Dockerfile, DockerfileComment, Instruction } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { insert } from '../../text/edit.ts';
import { lineBreak, lineStart } from '../../text/lines.ts';
import type { Located } from '../../text/span.ts';

/** What other tools read, and has to stand right above. */
const forTools = /^(?:hadolint|plimsoll|tally|checkov:|trivy:|tfsec:|kics-scan|nosemgrep|NOSONAR|check\s*=)/;

/** What an instruction defines: a stage by its name, in small letters as BuildKit has it, or arguments. */
function defined(instruction: Instruction): readonly Located<string>[] {
  if (instruction.kind === 'arg') return instruction.pairs.map(({ key }) => key);
  const alias = instruction.kind === 'from' ? instruction.alias : undefined;
  return alias === undefined ? [] : [{ value: alias.value.toLowerCase(), span: alias.span }];
}

function isBelowComment(text: string, { span }: Instruction): boolean {
  const start = lineStart(text, span.start);
  return start > 0 && text.slice(lineStart(text, start - 1), start).includes('#');
}

/** The comment lines right above an instruction, the last one first; an empty one ends them. */
function commentsAbove(
  { text }: Dockerfile,
  byLine: ReadonlyMap<number, DockerfileComment>,
  { span }: Instruction,
): readonly DockerfileComment[] {
  const found: DockerfileComment[] = [];
  for (let line = lineStart(text, span.start); line > 0; ) {
    line = lineStart(text, line - 1);
    const comment = byLine.get(line);
    if (comment === undefined || comment.text === '') break;
    found.push(comment);
  }
  return found;
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/definition-description',
    rows: ['D126'],
    summary: 'A comment right above `FROM` or `ARG` may begin with the name that it describes.',
    why: '`docker build --call=targets` and `--call=outline` list the stages and arguments of a Dockerfile, each with the comment right above it if that begins with the name: `# VERSION is the version to build`. Any other comment there is left out of the list; an empty comment below it, or an empty line, shows that it is not meant to be in it. It is off by default, as it is in BuildKit.',
    severity: 'information',
    optional: true,
    topic: 'style',
    messages: {
      one: 'The comment above would describe this if it began with `{name}`',
      several: 'The comment above would describe one of these if it began with its name',
      comment: 'This comment',
    },
    titles: { apart: 'Set the comment apart by an empty one', begin: 'Begin the comment with `{name}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: '# To be changed with each release\nARG VERSION=1.2.0\nFROM example.com/app:$VERSION\n',
        good: '# To be changed with each release\n#\nARG VERSION=1.2.0\nFROM example.com/app:$VERSION\n',
      },
    ],
    options: {},
    sources: ['buildkit InvalidDefinitionDescription'],
  },
  beside: ['comment'],
  *check(dockerfile) {
    const { text, comments, instructions } = dockerfile;
    let byLine: ReadonlyMap<number, DockerfileComment> | undefined;
    for (const instruction of instructions) {
      const names = defined(instruction);
      const [name] = names;
      if (name === undefined || !isBelowComment(text, instruction)) continue;
      byLine ??= new Map(comments.map((comment) => [lineStart(text, comment.span.start), comment]));
      const above = commentsAbove(dockerfile, byLine, instruction);
      const [last] = above;
      if (last === undefined || above.some((comment) => forTools.test(comment.text))) continue;
      if (above.some((comment) => names.some(({ value }) => comment.text.split(' ')[0] === value))) continue;
      yield {
        message: names.length > 1 ? 'several' : 'one',
        data: { name: name.value },
        span: name.span,
        related: [{ message: 'comment', span: last.span }],
        lateFixes: () => {
          // An empty line is enough by BuildKit's word, but not to its parser (0.34).
          const apart = insert(lineStart(text, instruction.span.start), `#${lineBreak(text)}`);
          const begin = insert(last.span.end - last.text.length, `${name.value} `);
          return [
            { title: 'apart', safety: 'safe', edits: [apart] },
            ...(names.length > 1 ? [] : [{ title: 'begin', safety: 'suggested', edits: [begin] } as const]),
          ];
        },
      };
    }
  },
});
