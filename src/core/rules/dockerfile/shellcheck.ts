import { commentEdits, commentSpan, shellCheckQuestion } from '../../dockerfile/shellcheck.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Severity } from '../../engine/settings.ts';

/** By ShellCheck's levels; the builder itself rejects nothing of it. */
const severities: Readonly<Record<string, Severity>> = { error: 'warning', warning: 'warning' };

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/shellcheck',
    rows: ['D333'],
    summary: 'What ShellCheck says of the scripts in `RUN`.',
    why: 'A script that forgets a quote or goes on after a failed `cd` builds a wrong image without a word. ShellCheck knows hundreds of such mistakes. It is a program of its own: it is only called where it is installed and the setting `plimsoll.shellcheck` asks for it.',
    severity: 'information',
    topic: 'correctness',
    messages: { found: 'SC{code}: {text}' },
    titles: { fix: 'Apply the fix of SC{code}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN apk add $PACKAGES\n',
        good: 'FROM alpine:3.22\nRUN apk add "$PACKAGES"\n',
      },
    ],
    options: {},
    sources: ['hadolint SC####'],
  },
  only: ['run'],
  given: ({ file }) => file.shellcheck !== undefined,
  *check({ instruction }, { file }) {
    if (file.shellcheck === undefined) return;
    const question = shellCheckQuestion(instruction);
    const text = instruction.script?.text;
    if (question === undefined || text === undefined) return;
    for (const comment of file.shellcheck.get(question.key) ?? []) {
      const { code, level, message } = comment;
      const edits = commentEdits(text, comment);
      yield {
        message: 'found',
        data: { code, text: message },
        span: commentSpan(text, comment),
        severity: severities[level] ?? 'information',
        fixes: edits.length === 0 ? [] : [{ title: 'fix', safety: 'suggested', edits }],
        sources: [`hadolint SC${code}`],
      };
    }
  },
});
