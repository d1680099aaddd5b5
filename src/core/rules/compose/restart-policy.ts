import { awaitedEnds } from '../../compose/dependencies.ts';
import { keySpan } from '../../compose/key-span.ts';
import type { ComposeService } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/restart-policy',
    rows: ['C404'],
    summary: 'A service should start again after it has failed, and not without end.',
    why: 'Docker leaves a container that ended where it is, and starts none after the machine has: a service without `restart` is gone until somebody looks. `unless-stopped` brings it back. `on-failure` alone tries for ever, and hides that the service never comes up; the CIS Docker Benchmark asks for five attempts. Services that others wait for to end, and those of a profile, are left alone.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'This service does not come back after it has failed, nor after the machine has restarted',
      unbounded: '`on-failure` without a number tries for ever',
      attempts: '{found} attempts to start it again, instead of {attempts}',
    },
    titles: { restart: 'Restart unless stopped', attempts: 'Change to {attempts} attempts' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\n    restart: unless-stopped\n',
      },
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
    const { node, path, file, partial, name } = service;
    const restart = fieldAt(node, 'restart');
    const policy = fieldAt(node, 'deploy', 'restart_policy');
    const change = (at: readonly string[], value: string | number) =>
      patchFix(file.document, {
        title: 'attempts',
        data: { attempts },
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, ...at], value }],
      });
    const text = knownText(node, 'restart');
    const [, tries] = /^on-failure(?::(\d+))?$/.exec(text?.value ?? '') ?? [];
    if (text !== undefined && tries === undefined && text.value === 'on-failure')
      yield { message: 'unbounded', span: text.span, fixes: change(['restart'], `on-failure:${attempts}`) };
    if (text !== undefined && tries !== undefined && Number(tries) !== attempts)
      yield {
        message: 'attempts',
        data: { found: tries, attempts },
        span: text.span,
        fixes: change(['restart'], `on-failure:${attempts}`),
      };
    const most = knownText(node, 'deploy', 'restart_policy', 'max_attempts');
    if (
      knownText(node, 'deploy', 'restart_policy', 'condition')?.value === 'on-failure' &&
      most !== undefined &&
      /^\d+$/.test(most.value) &&
      Number(most.value) !== attempts
    )
      yield {
        message: 'attempts',
        data: { found: most.value, attempts },
        span: keySpan(service, 'deploy', 'restart_policy', 'max_attempts'),
        fixes: change(['deploy', 'restart_policy', 'max_attempts'], attempts),
      };
    if (restart !== undefined || policy !== undefined || partial || endsByItself(service)) return;
    yield {
      message: 'missing',
      span: name.span,
      fixes: patchFix(file.document, {
        title: 'restart',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, 'restart'], value: 'unless-stopped' }],
      }),
    };
  },
});

function endsByItself({ file, node, name }: ComposeService): boolean {
  return fieldAt(node, 'profiles') !== undefined || awaitedEnds(file).has(name.value);
}
