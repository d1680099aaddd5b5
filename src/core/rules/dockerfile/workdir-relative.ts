import { pathIn, workdirAt } from '../../dockerfile/folders.ts';
import type { Stage, WordsInstruction } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { folderOfBase } from '../../images/base-images.ts';
import { insert, replace } from '../../text/edit.ts';

/** Where an earlier WORKDIR says what this one is relative to. */
function saidBefore(stage: Stage, workdir: WordsInstruction): 'here' | 'below' | undefined {
  const before = instructionsBefore(stage, workdir).filter(({ kind }) => kind === 'workdir');
  if (before.length === 0) return undefined;
  return before.some((one) => stage.instructions.includes(one)) ? 'here' : 'below';
}

/** BuildKit leaves triggers alone, and what has a WORKDIR before it. */
const ofAnyRelative = [
  ...['hadolint DL3000', 'checkov CKV_DOCKER_10', 'trivy DS-0009', 'sonar S7021'],
  ...['dockerfile-utils WORKDIR_IS_NOT_ABSOLUTE', 'dockerfilelint invalid_workdir', 'kics workdir_path_not_absolute'],
];

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/workdir-relative',
    rows: ['D805'],
    summary: '`WORKDIR` should be an absolute path.',
    why: 'A relative path goes on from the WORKDIR before it, and without one from whatever folder the base image ends in: another tag of the image can put the files somewhere else. `~` is no home folder here but a folder of that name. After another WORKDIR of the same stage the path is known, and only hard to read: information. In a stage on top of one that has a WORKDIR it is left alone.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      unknown: '`{path}` is relative to the folder that the base image ends in',
      relative: '`{path}` is relative to the `WORKDIR` before it',
      blanks: 'This path has blanks in it: quotes show that it is one',
    },
    titles: { absolute: 'Change to `{absolute}`', quote: 'Write it in quotes' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nWORKDIR app\n',
        good: 'FROM debian:13-slim\nWORKDIR /app\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nWORKDIR /app\nWORKDIR src\n',
        good: 'FROM debian:13-slim\nWORKDIR /app\nWORKDIR /app/src\n',
      },
    ],
    options: {},
    sources: ['buildkit WorkdirRelativePath', ...ofAnyRelative],
  },
  only: ['workdir'],
  when: ({ instruction }) => !/^\/\S*$/.test(instruction.arguments.text),
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined) return;
    const [first] = instruction.words;
    const last = instruction.words.at(-1);
    if (first === undefined || last === undefined) return;
    const text = dockerfile.text.slice(first.span.start, last.span.end);
    const quote = /^(["'])[^"']*\1$/.exec(text)?.[1] ?? '';
    const path = text.slice(quote.length, text.length - quote.length);
    if (/^\/[\w./-]*(?: [\w./-]+)+$/.test(text)) {
      const edits = [insert(first.span.start, '"'), insert(last.span.end, '"')];
      const fixes = [{ title: 'quote', safety: 'safe', edits } as const];
      yield {
        message: 'blanks',
        span: { start: first.span.start, end: last.span.end },
        severity: 'information',
        peers: [],
        fixes,
      };
    }
    if (path === '' || /^(?:[/\\$"']|[A-Za-z]:|\n)/.test(path) || /[\r\n]/.test(path)) return;
    const said = saidBefore(stage, instruction);
    if (said === 'below') return;
    const base = baseOf(stage);
    const known = workdirAt(dockerfile, stage, instruction, base && folderOfBase(base));
    const folder = known ?? (said === undefined ? '/' : undefined);
    const span = { start: first.span.start + quote.length, end: last.span.end - quote.length };
    const plain = /^[\w.@+/-]+$/.test(path);
    const absolute = plain ? pathIn(folder, path) : folder && `${folder.replace(/\/$/, '')}/${path}`;
    yield {
      message: said === undefined ? 'unknown' : 'relative',
      data: { path },
      span,
      ...(said !== undefined && { severity: 'information' }),
      ...((said !== undefined || instruction.onbuild) && { peers: ofAnyRelative }),
      fixes:
        absolute === undefined || stage.windows || instruction.onbuild || /^~|\s/.test(path)
          ? []
          : [
              {
                title: 'absolute',
                data: { absolute },
                safety: known === undefined ? 'suggested' : 'safe',
                edits: [
                  plain
                    ? replace(span, absolute)
                    : insert(span.start, absolute.slice(0, absolute.length - path.length)),
                ],
              },
            ],
    };
  },
});
