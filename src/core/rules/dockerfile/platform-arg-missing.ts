import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, RunInstruction } from '../../dockerfile/model.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';

const uses = /(?<!\\)\$\{?((?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT))\b/g;

interface Use {
  readonly name: string;
  readonly span: Span;
}

/** The variables of the platform that a script asks for and nobody sets. */
function usesIn(dockerfile: Dockerfile, instruction: RunInstruction): readonly Use[] {
  const { text, comments } = dockerfile;
  const { span, script } = instruction;
  if (script?.text === undefined || !/TARGET|BUILD/.test(script.text.text)) return [];
  const run = text.slice(span.start, span.end);
  const variables = variablesAt(dockerfile, instruction);
  return [...run.matchAll(uses)].flatMap(({ index, 0: match, 1: name = '' }) => {
    if (variables.get(name) !== undefined) return [];
    const start = span.start + index;
    const line = text.slice(text.lastIndexOf('\n', start) + 1, start);
    const comment = /^\s*#/.test(line) || comments.some((one) => one.span.start <= start && start < one.span.end);
    if (comment || new RegExp(`(?:^|[^\\w$])${name}=|\\b(?:for|read)\\b[^;\\n]*\\b${name}\\b`).test(run)) return [];
    return [{ name, span: { start: start + match.length - name.length, end: start + match.length } }];
  });
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/platform-arg-missing',
    rows: ['D1003'],
    summary: '`TARGETARCH` and its like are only set behind an `ARG` in the same stage.',
    why: 'BuildKit gives the platform to FROM by itself, but to a stage only where it asks: without `ARG TARGETARCH` the variable is empty in RUN, and a download or a build for the wrong architecture goes unnoticed. The fix puts the ARG before the step, so that steps above it are shared between platforms.',
    severity: 'warning',
    topic: 'correctness',
    messages: { unset: '`{name}` is empty here: this stage has no `ARG {name}`' },
    titles: { declare: 'Add `ARG {name}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN wget https://example.com/tool-$TARGETARCH\n',
        good: 'FROM alpine:3.22\nARG TARGETARCH\nRUN wget https://example.com/tool-$TARGETARCH\n',
      },
    ],
    options: {},
    sources: [],
  },
  mentions: [/\$\{?(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)\b/],
  only: ['run'],
  *check({ stage, dockerfile }) {
    if (stage.from === undefined || stage.windows) return;
    const said = new Set<string>();
    for (const instruction of stage.instructions) {
      if (instruction.kind !== 'run') continue;
      for (const { name, span } of usesIn(dockerfile, instruction)) {
        if (said.has(name)) continue;
        // One ARG mends all that follow.
        said.add(name);
        yield {
          message: 'unset',
          data: { name },
          span,
          fixes: [
            {
              title: 'declare',
              safety: 'suggested',
              edits: [insertInstructionBefore(dockerfile, instruction, `ARG ${name}`)],
            },
          ],
        };
      }
    }
  },
});
