import { defineRule } from '../../engine/rule.ts';
import { fieldAt, labelSpan } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';

const pod = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
${more}`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/pod-namespaces',
    rows: ['K511'],
    summary: 'A pod should have user numbers of its own, and its containers processes of their own.',
    why: 'With `hostUsers: false` root of the container is nobody on the node (stable since Kubernetes 1.36, Linux only; not together with the network, processes or IPC of the node). With `shareProcessNamespace` each container sees the processes of the others, their environment and their files.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      users: 'Users of these containers are those of the node: hostUsers: false gives the pod its own',
      processes: 'Each container sees the processes, environments and files of the others',
    },
    titles: { users: 'Set hostUsers: false', processes: 'Give each container its own processes' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('  hostUsers: false\n') }],
    options: {},
    sources: ['kubesec HostUsers'],
  },
  *check({ spec, specPath, object, windows }) {
    const shared = fieldAt(spec, 'shareProcessNamespace');
    if (shared !== undefined && shared !== 'unknown' && booleanOf(shared) === true)
      yield {
        message: 'processes',
        span: shared.span,
        fixes: patchFix(object.document, {
          title: 'processes',
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...specPath, 'shareProcessNamespace'] }],
        }),
      };
    if (windows) return;
    const users = fieldAt(spec, 'hostUsers');
    if (users === 'unknown' || (users === undefined ? object.context === 'patch' : booleanOf(users) !== true)) return;
    // The API server refuses it beside any of these.
    const needed = ['hostNetwork', 'hostPID', 'hostIPC'].some((key) => {
      const field = fieldAt(spec, key);
      return field === 'unknown' || (field !== undefined && booleanOf(field) === true);
    });
    if (needed) return;
    yield {
      message: 'users',
      span: users?.span ?? object.name?.span ?? labelSpan(spec),
      fixes: patchFix(object.document, {
        title: 'users',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...specPath, 'hostUsers'], value: false }],
      }),
    };
  },
});
