import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (rest: string) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: 30 2 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: backup
              image: web:1.4
${rest}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/cron-job-deadline',
    rows: ['K617'],
    summary: 'A CronJob says how late a run may still start.',
    why: 'A run that could not start in time, because the control plane was down or the last one still ran, starts whenever it can: the nightly backup at noon. After more than a hundred missed runs nothing starts at all any more, unless a deadline bounds the time in which they are counted. Off by default: many jobs may well run late.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { missing: 'No `startingDeadlineSeconds`: a missed run starts however late it is' },
    titles: { add: 'Add a deadline to complete' },
    fix: 'sometimes',
    examples: [{ file: 'backup.yaml', bad: manifest(''), good: manifest('  startingDeadlineSeconds: <seconds>\n') }],
    options: {},
    sources: [
      'kube-score cronjob-has-deadline',
      'datree CRONJOB_MISSING_STARTINGDEADLINESECOND_KEY',
      'kics cronjob_deadline_not_configured',
      'kubescape C-0026',
    ],
  },
  *check(object) {
    if (object.kind.value !== 'CronJob' || object.context === 'patch') return;
    if (fieldAt(object.root, 'spec', 'startingDeadlineSeconds') !== undefined) return;
    yield {
      message: 'missing',
      span: entry(object.root, 'spec')?.key.span ?? object.kind.span,
      fixes: patchFix(object.document, {
        title: 'add',
        safety: 'manual',
        patches: [{ kind: 'set', path: [...object.path, 'spec', 'startingDeadlineSeconds'], value: '<seconds>' }],
      }),
    };
  },
});
