import { defineRule } from '../../engine/rule.ts';
import { knownInteger } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

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

/** Where a kind writes how many pods it has at least. */
const fields: Readonly<Record<string, string>> = {
  Deployment: 'replicas',
  StatefulSet: 'replicas',
  ReplicaSet: 'replicas',
  ReplicationController: 'replicas',
  DeploymentConfig: 'replicas',
  Rollout: 'replicas',
  HorizontalPodAutoscaler: 'minReplicas',
};

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/two-replicas',
    rows: ['K606', 'K607'],
    summary: 'What must survive a failure during an upgrade runs in three pods.',
    why: 'Of two pods one is left while the node of the other is upgraded, and it carries all the load: when it fails in that time, nothing is left. Programs that vote, such as etcd, are no safer with two than with one. Off by default, since a third pod costs as much as the second. Fewer than two are what `replicas-too-few` and `autoscaler-minimum` are about.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { two: 'While one of 2 replicas is replaced, only one is left' },
    titles: { three: 'Run 3 replicas' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest(2), good: manifest(3) }],
    options: {},
    sources: ['kube-linter minimum-three-replicas', 'kube-linter hpa-minimum-three-replicas'],
  },
  *check({ kind, root, path, document }) {
    const field = Object.hasOwn(fields, kind.value) ? fields[kind.value] : undefined;
    const replicas = field === undefined ? undefined : knownInteger(root, 'spec', field);
    if (field === undefined || replicas?.value !== 2) return;
    const most = knownInteger(root, 'spec', 'maxReplicas')?.value;
    yield {
      message: 'two',
      span: replicas.span,
      fixes:
        most !== undefined && most < 3
          ? []
          : patchFix(document, {
              title: 'three',
              safety: 'suggested',
              patches: [{ kind: 'set', path: [...path, 'spec', field], value: 3 }],
            }),
    };
  },
});
