import { awaitedEnds } from '../../compose/dependencies.ts';
import { keySpan } from '../../compose/key-span.ts';
import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { disabled, healthOf, testFor } from './parts/health.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-health-unchecked',
    rows: ['C403'],
    summary: 'Docker should be able to tell whether a service works.',
    why: 'A process that runs is not a service that answers. With a healthcheck `docker compose ps` shows the difference, and other services can wait for it. One in the Dockerfile that the service is built from counts; of other images only a few are known to have one. Services that others wait for to end are left alone.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'No `healthcheck`: Docker cannot tell whether this service works',
      off: 'The health check of this service is turned off',
    },
    titles: { known: 'Add a health check with {program}', add: 'Add a health check to complete' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  cache:\n    image: redis:8\n',
        good: 'services:\n  cache:\n    image: redis:8\n    healthcheck:\n      test:\n        - CMD\n        - redis-cli\n        - ping\n',
      },
    ],
    options: {},
    sources: ['kics healthcheck_not_set'],
  },
  *check(service, { file: { around } }) {
    const { file, path, name } = service;
    const health = healthOf(service, around);
    const off = disabled(service);
    if (off !== undefined) yield { message: 'off', span: keySpan(service, 'healthcheck', off) };
    if (health !== 'no' || awaitedEnds(file).has(name.value)) return;
    const test = testFor(service, around);
    const at = [...path, 'healthcheck', 'test'];
    yield {
      message: 'missing',
      span: name.span,
      fixes: test
        ? patchFix(file.document, {
            title: 'known',
            data: { program: /^\S+/.exec(test[1] ?? '')?.[0] ?? '' },
            safety: 'suggested',
            patches: [{ kind: 'set', path: at, value: test }],
          })
        : patchFix(file.document, {
            title: 'add',
            safety: 'manual',
            patches: [{ kind: 'set', path: at, value: ['CMD', '<command>'] }],
          }),
    };
  },
});
