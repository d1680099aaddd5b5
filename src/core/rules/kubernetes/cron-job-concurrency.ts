import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (policy: string) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: 30 2 * * *
  concurrencyPolicy: ${policy}
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: backup
              image: web:1.4
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/cron-job-concurrency',
    rows: ['K617'],
    summary: 'A CronJob says what happens when its last run has not ended.',
    why: 'By default the next run starts beside it. Runs that take longer than their interval pile up until the node or the database gives in, and two backups at once may spoil each other. `Forbid` leaves the new run out, `Replace` ends the old one. Off by default: many jobs bear company.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      unset: 'No `concurrencyPolicy`: the next run starts beside one that is not done',
      allow: '`Allow`: the next run starts beside one that is not done',
    },
    titles: { set: 'Set concurrencyPolicy: {policy}' },
    fix: 'sometimes',
    examples: [{ file: 'backup.yaml', bad: manifest('Allow'), good: manifest('Forbid') }],
    options: {},
    sources: ['datree CRONJOB_MISSING_CONCURRENCYPOLICY_KEY'],
  },
  *check(object) {
    if (object.kind.value !== 'CronJob') return;
    const field = fieldAt(object.root, 'spec', 'concurrencyPolicy');
    const policy = knownText(object.root, 'spec', 'concurrencyPolicy');
    if (field === 'unknown' || (policy === undefined ? object.context === 'patch' : policy.value !== 'Allow')) return;
    const set = (value: 'Forbid' | 'Replace') =>
      patchFix(object.document, {
        title: 'set',
        data: { policy: value },
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...object.path, 'spec', 'concurrencyPolicy'], value }],
      });
    yield {
      message: policy === undefined ? 'unset' : 'allow',
      span: policy?.span ?? entry(object.root, 'spec')?.key.span ?? object.kind.span,
      fixes: [...set('Forbid'), ...set('Replace')],
    };
  },
});
