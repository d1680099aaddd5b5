import { dependenciesOf } from '../../compose/dependencies.ts';
import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { awaitHealth } from './parts/await-health.ts';
import { healthOf } from './parts/health.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/healthcheck-unawaited',
    rows: ['C405'],
    summary: 'A service should wait until another is healthy, where that can be told.',
    why: 'A list under `depends_on` waits until the other container has started, which says nothing of the program in it: a database takes seconds until it answers, and whoever comes earlier fails at random. Where the other service has a health check, `condition: service_healthy` waits for it. Whoever writes `condition: service_started` has thought of it, and is left alone.',
    severity: 'information',
    topic: 'reliability',
    messages: { started: 'Waits until `{name}` has started, though its health check tells when it works' },
    titles: { wait: 'Wait until they are healthy' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    depends_on:\n      - cache\n  cache:\n    image: redis:8\n    healthcheck:\n      test: ["CMD", "redis-cli", "ping"]\n',
        good: 'services:\n  web:\n    image: web:1.4\n    depends_on:\n      cache:\n        condition: service_healthy\n  cache:\n    image: redis:8\n    healthcheck:\n      test: ["CMD", "redis-cli", "ping"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ services, document }, { file: { around } }) {
    const byName = new Map(services.map((service) => [service.name.value, service]));
    for (const service of services) {
      const checked = dependenciesOf(service).filter(({ name, form }) => {
        const other = byName.get(name.value);
        return form === 'short' && other !== undefined && healthOf(other, around) === 'yes';
      });
      const patches = awaitHealth(service, new Set(checked.map(({ name }) => name.value)));
      for (const { name } of checked)
        yield {
          message: 'started',
          data: { name: name.value },
          span: name.span,
          fixes: patches ? patchFix(document, { title: 'wait', safety: 'suggested', patches }) : [],
        };
    }
  },
});
