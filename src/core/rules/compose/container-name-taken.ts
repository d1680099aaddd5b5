import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/container-name-taken',
    rows: ['C104'],
    summary: 'A `container_name` should be free for the one container that has it.',
    why: 'The engine knows one container of a name. Two services with the same one, or one service with several replicas, fail as soon as the second container is created. Without the key, Compose makes names of its own that never meet.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      taken: 'Service {other} has the name `{name}` too: the second container fails',
      scaled: '`container_name` with {replicas} replicas: the second container fails',
      first: 'The name is given here first',
    },
    titles: { remove: 'Remove container_name' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  a:\n    image: web:1.2\n    container_name: web\n  b:\n    image: web:1.3\n    container_name: web\n',
        good: 'services:\n  a:\n    image: web:1.2\n    container_name: web\n  b:\n    image: web:1.3\n',
      },
    ],
    options: {},
    sources: ['dclint no-duplicate-container-names'],
  },
  *check({ services, document }) {
    const taken = new Map<string, { readonly service: string; readonly name: Located<string> }>();
    for (const { node, name: service, path, resources } of services) {
      const name = knownText(node, 'container_name');
      if (name === undefined || name.value.includes('$')) continue;
      const fixes = patchFix(document, {
        title: 'remove',
        safety: 'suggested',
        patches: [{ kind: 'remove', path: [...path, 'container_name'] }],
      });
      const replicas = Number(resources.replicas?.value ?? '1');
      if (replicas > 1) yield { message: 'scaled', data: { replicas }, span: name.span, fixes };
      const first = taken.get(name.value);
      // Profiles may keep the two from ever running together.
      if (fieldAt(node, 'profiles') !== undefined) continue;
      if (first === undefined) taken.set(name.value, { service: service.value, name });
      else {
        yield {
          message: 'taken',
          data: { other: first.service, name: name.value },
          span: name.span,
          related: [{ message: 'first', span: first.name.span }],
          fixes,
        };
      }
    }
  },
});
