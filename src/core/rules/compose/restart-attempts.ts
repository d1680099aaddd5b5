import { keySpan } from '../../compose/key-span.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/restart-attempts',
    rows: ['C404'],
    summary: 'A service that fails should be started again as often as is agreed on.',
    why: 'The CIS Docker Benchmark asks for `on-failure` with five attempts: enough for what passes, and few enough that a service that never comes up is seen. The option `attempts` takes another number.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { attempts: '{found} attempts to start it again, instead of {attempts}' },
    titles: { attempts: 'Change to {attempts} attempts' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    restart: on-failure:50\n',
        good: 'services:\n  web:\n    image: web:1.4\n    restart: on-failure:5\n',
      },
    ],
    options: {
      attempts: {
        type: 'number',
        default: 5,
        description: 'How often `on-failure` should try; 5 is what the CIS Docker Benchmark asks for.',
      },
    },
    sources: ['kics restart_policy_on_failure_not_set_to_5'],
  },
  *check(service, { options: { attempts } }) {
    const { node, path, file } = service;
    const change = (at: readonly string[], value: string | number) =>
      patchFix(file.document, {
        title: 'attempts',
        data: { attempts },
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, ...at], value }],
      });
    const restart = knownText(node, 'restart');
    const tries = /^on-failure:(\d+)$/.exec(restart?.value ?? '')?.[1];
    if (restart !== undefined && tries !== undefined && Number(tries) !== attempts)
      yield {
        message: 'attempts',
        data: { found: tries, attempts },
        span: restart.span,
        fixes: change(['restart'], `on-failure:${attempts}`),
      };
    const policy = ['deploy', 'restart_policy'];
    const most = knownText(node, ...policy, 'max_attempts')?.value ?? '';
    if (knownText(node, ...policy, 'condition')?.value !== 'on-failure' || !/^\d+$/.test(most)) return;
    if (Number(most) !== attempts)
      yield {
        message: 'attempts',
        data: { found: most, attempts },
        span: keySpan(service, ...policy, 'max_attempts'),
        fixes: change([...policy, 'max_attempts'], attempts),
      };
  },
});
