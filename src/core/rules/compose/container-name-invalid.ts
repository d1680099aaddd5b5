import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/container-name-invalid',
    rows: ['C115'],
    summary: 'A container should have a name that Docker takes.',
    why: 'Docker refuses a container whose name is not made of letters, digits, underscores, dots and dashes, at least two of them, with a letter or digit first.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      invalid: '`{name}` is no name for a container: letters, digits, `_`, `.` and `-`, a letter or digit first',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    container_name: my/web\n',
        good: 'services:\n  web:\n    image: web:1.4\n    container_name: my-web\n',
      },
    ],
    options: {},
    sources: ['dclint service-container-name-regex'],
  },
  *check({ node }) {
    const name = knownText(node, 'container_name');
    if (name === undefined || name.value.includes('$') || /^[a-zA-Z0-9][\w.-]+$/.test(name.value)) return;
    yield { message: 'invalid', data: { name: name.value }, span: name.span };
  },
});
