import { dependenciesOf } from '../../compose/dependencies.ts';
import { defineRule } from '../../engine/rule.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { awaitHealth } from './parts/await-health.ts';
import { healthOf, runsStore, testFor } from './parts/health.ts';

export default defineRule('compose-file', {
  meta: {
    id: 'compose/database-unawaited',
    rows: ['C405'],
    summary: 'A service should not start before the database that it needs answers.',
    why: 'Databases, queues and caches take a while from their start until they answer, the longest when they run for the first time. Whoever depends on one and does not try again fails now and then. A health check, and `condition: service_healthy` where it is waited for, make the order sure. Programs that try again do not need it: the rule is off unless it is asked for.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { started: 'Waits until `{name}` has started, not until it answers: it has no health check' },
    titles: { check: 'Check their health, and wait for it' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    depends_on: [db]\n  db:\n    image: mariadb:12\n',
        good: 'services:\n  web:\n    image: web:1.4\n    depends_on: {db: {condition: service_healthy}}\n  db:\n    image: mariadb:12\n    healthcheck:\n      test:\n        - CMD\n        - healthcheck.sh\n        - --connect\n        - --innodb_initialized\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ services, document }, { file: { around } }) {
    const byName = new Map(services.map((service) => [service.name.value, service]));
    for (const service of services) {
      const others = dependenciesOf(service).flatMap(({ name, form }) => {
        const other = form === 'short' ? byName.get(name.value) : undefined;
        return other ? [{ name, other, health: healthOf(other, around), test: testFor(other, around) }] : [];
      });
      const unchecked = others.filter(({ health, other }) => health === 'no' && runsStore(other, around));
      const known = unchecked.filter(({ test }) => test !== undefined);
      const checked = [...others.filter(({ health }) => health === 'yes'), ...known];
      const waits = awaitHealth(service, new Set(checked.map(({ name }) => name.value)));
      const tests = known.flatMap(({ other, test }): readonly YamlPatch[] =>
        test ? [{ kind: 'set', path: [...other.path, 'healthcheck', 'test'], value: test }] : [],
      );
      for (const { name, test } of unchecked)
        yield {
          message: 'started',
          data: { name: name.value },
          span: name.span,
          fixes:
            waits && test
              ? patchFix(document, { title: 'check', safety: 'suggested', patches: [...waits, ...tests] })
              : [],
        };
    }
  },
});
