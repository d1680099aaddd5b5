import { defineRule } from '../../engine/rule.ts';
import { fieldAt, scalarText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/privileged-service',
    rows: ['C301'],
    summary: 'A service should not be privileged.',
    why: 'A privileged container has every capability and every device of the machine that it runs on: whoever breaks into it owns the machine. `cap_add` and `devices` give just what is needed. A privileged build runs every line of its Dockerfile that way.',
    severity: 'warning',
    topic: 'security',
    messages: {
      service: 'Privileged service: it can do to the machine whatever root can',
      build: 'Privileged build: its Dockerfile can do to the machine whatever root can',
    },
    titles: { remove: 'Remove privileged' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: `services:
  agent:
    image: agent:2.1
    privileged: true
`,
        good: `services:
  agent:
    image: agent:2.1
`,
      },
    ],
    options: {},
    sources: ['kics privileged_containers_enabled', 'semgrep privileged-service'],
  },
  *check({ file, node, path }) {
    for (const message of ['service', 'build'] as const) {
      const below: YamlPath = message === 'build' ? ['build', 'privileged'] : ['privileged'];
      const field = fieldAt(node, ...below);
      if (field === undefined || field === 'unknown') continue;
      if (!/^(?:true|yes|on|y)$/i.test(scalarText(field)?.value ?? '')) continue;
      yield {
        message,
        span: field.span,
        fixes: patchFix(file.document, {
          title: 'remove',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...path, ...below] }],
        }),
      };
    }
  },
});
