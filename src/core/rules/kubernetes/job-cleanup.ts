import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
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
    id: 'kubernetes/job-cleanup',
    rows: ['K618'],
    summary: 'A Job is removed some time after it has ended, and those of a CronJob by its history limits.',
    why: 'A Job that nothing owns stays with its pods when it is done, and its name is taken: applying it again changes nothing. `ttlSecondsAfterFinished` removes both. A CronJob keeps the last runs that its history limits say; a time to live in its template removes them earlier, and whichever comes first holds. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      unset: 'No `ttlSecondsAfterFinished`: the Job and its pods stay when it is done',
      twice: 'The history limits of the CronJob already remove its Jobs: whichever comes first holds',
    },
    titles: { add: 'Add a time to live to complete', remove: 'Leave it to the history limits' },
    fix: 'sometimes',
    examples: [{ file: 'job.yaml', bad: job(''), good: job('  ttlSecondsAfterFinished: <seconds>\n') }],
    options: {},
    sources: ['kube-linter job-ttl-seconds-after-finished', 'kyverno add-ttl-jobs'],
  },
  *check(object) {
    const { root, path, kind, document, context } = object;
    if (kind.value === 'CronJob') {
      const template = ['spec', 'jobTemplate', 'spec'];
      const ttl = fieldAt(root, ...template, 'ttlSecondsAfterFinished');
      if (ttl === undefined || ttl === 'unknown') return;
      yield {
        message: 'twice',
        span: ttl.span,
        fixes: patchFix(document, {
          title: 'remove',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...path, ...template, 'ttlSecondsAfterFinished'] }],
        }),
      };
    }
    if (kind.value !== 'Job' || context === 'patch' || isRemovedOtherwise(object)) return;
    if (fieldAt(root, 'spec', 'ttlSecondsAfterFinished') !== undefined) return;
    yield {
      message: 'unset',
      span: object.name?.span ?? entry(root, 'spec')?.key.span ?? kind.span,
      fixes: patchFix(document, {
        title: 'add',
        safety: 'manual',
        patches: [{ kind: 'set', path: [...path, 'spec', 'ttlSecondsAfterFinished'], value: '<seconds>' }],
      }),
    };
  },
});

/** Its owner removes it, or the hook that it is. */
function isRemovedOtherwise({ root, annotations }: KubernetesObject): boolean {
  if (fieldAt(root, 'metadata', 'ownerReferences') !== undefined) return true;
  return ['helm.sh/hook', 'argocd.argoproj.io/hook'].some((key) => annotations.has(key));
}
