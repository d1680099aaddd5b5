import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const job = (rest: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: web:1.4
${rest}`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/job-retries',
    rows: ['K618'],
    summary: 'A Job says how often it is tried again.',
    why: 'Without `backoffLimit` a Job that fails is tried six more times, with pauses that double from ten seconds on. For a migration or a payment even the second time may be one too many; for a download six may be too few. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { unset: 'No `backoffLimit`: a Job that fails is tried six more times' },
    titles: { write: 'Write the default: backoffLimit: 6' },
    fix: 'sometimes',
    examples: [{ file: 'job.yaml', bad: job(''), good: job('  backoffLimit: 6\n') }],
    options: {},
    sources: [],
  },
  *check({ root, path, kind, document, context, name }) {
    const below = kind.value === 'Job' ? ['spec'] : kind.value === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : [];
    if (below.length === 0 || context === 'patch') return;
    const limits = ['backoffLimit', 'backoffLimitPerIndex', 'podFailurePolicy'];
    if (fieldAt(root, ...below) === undefined) return;
    if (limits.some((key) => fieldAt(root, ...below, key) !== undefined)) return;
    yield {
      message: 'unset',
      span: name?.span ?? entry(root, 'spec')?.key.span ?? kind.span,
      fixes: patchFix(document, {
        title: 'write',
        safety: 'safe',
        patches: [{ kind: 'set', path: [...path, ...below, 'backoffLimit'], value: 6 }],
      }),
    };
  },
});
