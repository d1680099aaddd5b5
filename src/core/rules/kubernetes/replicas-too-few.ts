import { defineRule } from '../../engine/rule.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { isRescaled, scalerOf } from './parts/replicas.ts';
import { unserved } from './parts/served-pods.ts';

const manifest = (replicas: number) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
`;

const kinds: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'DeploymentConfig',
  'Rollout',
]);

/** It asks of Deployments that a Service sends to, and nothing of others. */
const ofServed = 'kube-score deployment-replicas';

const others = [
  'kube-linter minimum-three-replicas',
  'polaris deploymentMissingReplicas',
  'datree DEPLOYMENT_INCORRECT_REPLICAS_VALUE',
  'kyverno require-deployments-have-multiple-replicas',
] as const;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/replicas-too-few',
    rows: ['K606'],
    summary: 'What has to be there always runs in more than one pod.',
    why: 'With one pod every upgrade of a node, every eviction and every crash is an outage until the next pod is ready. Not every program can run twice, which is why this is off by default. What an autoscaler scales, and what is scaled to 0, is left alone.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      few: '{replicas} of at least {minimum} replicas: when a node goes, so may the service',
      unset: 'No replicas are written: there will be one pod',
    },
    titles: { set: 'Run {minimum} replicas' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(1), good: manifest(2) }],
    options: {
      minimum: { type: 'number', default: 2, description: 'The least number of replicas.' },
    },
    sources: [ofServed, ...others],
  },
  *check(file, { options: { minimum } }) {
    const alone = unserved(file);
    for (const { workload, start } of workloadsOf(file)) {
      const { object, replicas } = workload;
      if (!kinds.has(object.kind.value) || object.context === 'patch') continue;
      const field = fieldAt(object.root, 'spec', 'replicas');
      if (replicas === undefined ? field !== undefined : replicas.value === 0 || replicas.value >= minimum) continue;
      if (scalerOf(file, object) !== undefined || isRescaled(file, object)) continue;
      yield {
        message: replicas === undefined ? 'unset' : 'few',
        data: { replicas: replicas?.value ?? 1, minimum },
        ...(alone.has(workload) && { peers: others }),
        span: replicas?.span ?? object.name?.span ?? object.kind.span,
        offset: start,
        fixes: patchFix(object.document, {
          title: 'set',
          data: { minimum },
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...object.path, 'spec', 'replicas'], value: minimum }],
        }),
      };
    }
  },
});
