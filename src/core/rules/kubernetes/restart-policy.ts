import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownMapping, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const job = (policy: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      containers:
        - name: migrate
          image: web:1.4
${policy}`;

/** Kinds that keep their pods running, so that these always restart. */
const running: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'DeploymentConfig',
]);

const ending: ReadonlySet<string> = new Set(['Job', 'CronJob', 'ScaledJob']);

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/restart-policy',
    rows: ['K616'],
    summary: 'Pods restart as their kind demands: always, or for Jobs only until they are done.',
    why: 'A Deployment, StatefulSet or DaemonSet takes no other restart policy than `Always`. A Job has to end: it takes `OnFailure`, which starts the container again in the same pod, or `Never`, which starts a new pod. Without a policy it would be `Always`, so that a Job has to name one. All else is refused by the API server.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      running: 'A {kind} restarts its pods always: `{policy}` is refused',
      ending: 'A {kind} cannot restart always: it takes OnFailure or Never',
      unset: 'A {kind} has to say OnFailure or Never: the default, Always, is refused',
      kept: 'With a `podFailurePolicy` the restart policy has to be Never',
    },
    titles: { set: 'Set restartPolicy: {policy}' },
    fix: 'sometimes',
    examples: [{ file: 'job.yaml', bad: job(''), good: job('      restartPolicy: OnFailure\n') }],
    options: {},
    sources: ['kube-score cronjob-restartpolicy', 'datree WORKLOAD_INCORRECT_RESTARTPOLICY_VALUE_ALWAYS'],
  },
  *check({ object, spec, specPath }) {
    const field = fieldAt(spec, 'restartPolicy');
    const policy = knownText(spec, 'restartPolicy');
    if (field === 'unknown' || (policy !== undefined && !/^(?:Always|OnFailure|Never)$/.test(policy.value))) return;
    const kind = object.kind.value;
    const place = {
      data: { kind, policy: policy?.value ?? '' },
      span: policy?.span ?? object.name?.span ?? object.kind.span,
    };
    if (running.has(kind)) {
      if (policy !== undefined && policy.value !== 'Always')
        yield { message: 'running', ...place, fixes: set('Always') };
      return;
    }
    if (!ending.has(kind)) return;
    const failures = specPath.slice(object.path.length, -2);
    const keeps = knownMapping(object.root, ...failures, 'podFailurePolicy') !== undefined;
    const fixes = keeps ? set('Never') : [...set('OnFailure'), ...set('Never')];
    if (policy === undefined) {
      if (object.context !== 'patch') yield { message: 'unset', ...place, fixes };
    } else if (policy.value === 'Always') {
      yield { message: 'ending', ...place, fixes };
    } else if (keeps && policy.value === 'OnFailure') {
      yield { message: 'kept', ...place, fixes };
    }

    function set(value: string) {
      return patchFix(object.document, {
        title: 'set',
        data: { policy: value },
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...specPath, 'restartPolicy'], value }],
      });
    }
  },
});
