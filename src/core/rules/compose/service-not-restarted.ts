import { awaitedEnds } from '../../compose/dependencies.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-not-restarted',
    rows: ['C404'],
    summary: 'A service should start again after it has failed, and not try for ever.',
    why: 'Docker leaves a container that ended where it is, and starts none after the machine has: a service without `restart` is gone until somebody looks. `unless-stopped` brings it back. `on-failure` without a number tries for ever, and hides that a service never comes up. Services that others wait for to end, and those of a profile, are left alone.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'This service does not come back after it has failed, nor after the machine has restarted',
      unbounded: '`on-failure` without a number tries for ever',
    },
    titles: { restart: 'Restart unless stopped' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n',
        good: 'services:\n  web:\n    image: web:1.4\n    restart: unless-stopped\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ node, path, file, partial, name }) {
    const restart = knownText(node, 'restart');
    if (restart?.value === 'on-failure') yield { message: 'unbounded', span: restart.span };
    const said = [['restart'], ['deploy', 'restart_policy'], ['profiles']];
    if (partial || awaitedEnds(file).has(name.value)) return;
    if (said.some((field) => fieldAt(node, ...field) !== undefined)) return;
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
