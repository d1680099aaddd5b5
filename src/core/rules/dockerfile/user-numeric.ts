import { numberOfUser } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/user-numeric',
    rows: ['D604'],
    summary: '`USER` should be a number, which Kubernetes can check.',
    why: 'Kubernetes cannot look into the image: with `runAsNonRoot` it refuses a container whose USER is a name, unless the manifest says `runAsUser`. Outside of Kubernetes a name is as good, and easier to read.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { name: '`{user}` is a name: Kubernetes can only tell of a number that it is not root' },
    titles: { number: 'Change to `{number}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN adduser -D -u 10001 app\nUSER app\n',
        good: 'FROM alpine:3.22\nRUN adduser -D -u 10001 app\nUSER 10001\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3066'],
  },
  only: ['user'],
  *check({ instruction, stage }) {
    if (stage?.windows === true) return;
    const [word] = instruction.words;
    if (word === undefined || !word.constant || word.text !== word.value) return;
    const [user = ''] = word.value.split(':');
    if (user === '' || /^\d+$/.test(user)) return;
    const span = { start: word.span.start, end: word.span.start + user.length };
    const number = stage && numberOfUser(stage, instruction, user);
    yield {
      message: 'name',
      data: { user },
      span,
      fixes:
        number === undefined
          ? []
          : [{ title: 'number', data: { number }, safety: 'suggested', edits: [replace(span, number)] }],
    };
  },
});
