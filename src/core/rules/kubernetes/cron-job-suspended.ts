import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (suspend: string) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: 30 2 * * *
${suspend}  jobTemplate:
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
    id: 'kubernetes/cron-job-suspended',
    rows: ['K617'],
    summary: 'A CronJob that is kept runs.',
    why: 'What is suspended never starts, and nothing tells that it does not: a backup that was stopped for an hour is missed when it is needed. Off by default, since it may be meant.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { suspended: 'Suspended: no run of this CronJob starts' },
    titles: { resume: 'Let it run' },
    fix: 'sometimes',
    examples: [{ file: 'backup.yaml', bad: manifest('  suspend: true\n'), good: manifest('') }],
    options: {},
    sources: ['popeye 1500'],
  },
  *check(object) {
    const suspend = object.kind.value === 'CronJob' ? knownText(object.root, 'spec', 'suspend') : undefined;
    if (suspend?.value !== 'true') return;
    yield {
      message: 'suspended',
      span: suspend.span,
      fixes: patchFix(object.document, {
        title: 'resume',
        safety: 'suggested',
        patches: [{ kind: 'remove', path: [...object.path, 'spec', 'suspend'] }],
      }),
    };
  },
});
