import { defineRule } from '../../engine/rule.ts';
import { accessModes, claimsOf } from '../../kubernetes/claims.ts';
import type { KubernetesFile, Workload } from '../../kubernetes/model.ts';
import { findTarget, referencesOf } from '../../kubernetes/references.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { fieldAt } from '../../yaml/field.ts';
import { fewestReplicas } from './parts/replicas.ts';

const manifest = (mode: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
      volumes:
        - name: uploads
          persistentVolumeClaim:
            claimName: uploads
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: uploads
spec:
  accessModes:
    - ${mode}
  resources:
    requests:
      storage: 5Gi
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/claim-shared',
    rows: ['K116'],
    summary: 'Pods that share a claim may all mount it.',
    why: 'A volume with `ReadWriteOnce` is mounted by one node at a time: the pods that land on another node wait in ContainerCreating, without end. One with `ReadWriteOncePod` is for one pod at all. Several pods need `ReadWriteMany`, which few kinds of storage have, or a StatefulSet, where each has a claim of its own.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      node: 'Only one node may mount `{name}` (ReadWriteOnce): the {pods} on other nodes wait',
      pod: 'Only one pod may use `{name}` (ReadWriteOncePod): the others wait',
      claim: 'The claim is here',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'web.yaml', bad: manifest('ReadWriteOnce'), good: manifest('ReadWriteMany') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const { workload, start } of workloadsOf(file)) {
      const pods = severalPods(file, workload);
      if (pods === undefined || workload.object.context === 'patch') continue;
      for (const { kind, name } of referencesOf(workload)) {
        if (kind !== 'PersistentVolumeClaim') continue;
        const target = findTarget(file, workload.object, kind, name.value);
        const [claim] = target.kind === 'found' ? claimsOf(target.object.object) : [];
        const modes = claim && accessModes(claim);
        if (target.kind !== 'found' || modes === undefined || modes.length === 0) continue;
        if (!modes.every((mode) => mode.startsWith('ReadWriteOnce'))) continue;
        const onePod = modes.every((mode) => mode === 'ReadWriteOncePod');
        if (!onePod && staysTogether(workload)) continue;
        const { object } = target.object;
        yield {
          message: onePod ? 'pod' : 'node',
          data: { name: name.value, pods },
          span: name.span,
          offset: start,
          related: [{ message: 'claim', span: object.name?.span ?? object.kind.span, neighbour: target.object }],
        };
      }
    }
  },
});

/** What to call a workload's pods where there are several at a time; those of a rollout do not count. */
function severalPods(file: KubernetesFile, workload: Workload): string | undefined {
  if (workload.object.kind.value === 'DaemonSet') return 'pods';
  const replicas = fewestReplicas(file, workload);
  return typeof replicas === 'number' && replicas > 1 ? 'replicas' : undefined;
}

/** Where they are told to run beside each other, or on one node. */
function staysTogether({ spec }: Workload): boolean {
  const places = [['affinity', 'podAffinity'], ['affinity', 'nodeAffinity'], ['nodeSelector'], ['nodeName']];
  return places.some((path) => fieldAt(spec, ...path) !== undefined);
}
