import { defineRule } from '../../engine/rule.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (policy: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  restartPolicy: ${policy}
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/restart-never',
    rows: ['K616'],
    summary: 'A container that fails is started again.',
    why: 'With `Never` a pod whose container fails once, be it for want of memory or of a database that is not there yet, stays as it is. A Job starts a new pod instead and leaves the failed one behind, with its log: that is often what is wanted, which is why this is off by default.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      pod: '`Never`: a container that fails once stays down',
      job: '`Never`: each failure costs a new pod, up to `backoffLimit`',
    },
    titles: { set: 'Set restartPolicy: {policy}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('Never'), good: pod('OnFailure') }],
    options: {},
    sources: ['kube-linter restart-policy'],
  },
  *check({ object, spec, specPath }) {
    const policy = knownText(spec, 'restartPolicy');
    if (policy?.value !== 'Never') return;
    const kind = object.kind.value;
    const value = /^(?:Pod|PodTemplate|.*Job)$/.test(kind) ? 'OnFailure' : 'Always';
    yield {
      message: /Job$/.test(kind) ? 'job' : 'pod',
      span: policy.span,
      fixes: patchFix(object.document, {
        title: 'set',
        data: { policy: value },
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...specPath, 'restartPolicy'], value }],
      }),
    };
  },
});
