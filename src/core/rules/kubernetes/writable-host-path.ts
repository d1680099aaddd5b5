import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/writable-host-path',
    rows: ['K518', 'K307'],
    summary: 'What a pod mounts of its node should be read-only.',
    why: 'Whoever breaks into a container can change what lies in a writable hostPath: logs, configuration, programs that the node runs as root. Most agents only read.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      writable: '`{path}` of the node is mounted writable',
    },
    titles: { readOnly: 'Mount it read-only' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      volumeMounts:
        - name: logs
          mountPath: /logs
  volumes:
    - name: logs
      hostPath:
        path: /var/log
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      volumeMounts:
        - name: logs
          mountPath: /logs
          readOnly: true
  volumes:
    - name: logs
      hostPath:
        path: /var/log
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter writable-host-mount',
      'kubescape C-0045',
      'kics volume_mount_with_os_directory_write_permissions',
      'kyverno ensure-readonly-hostpath',
    ],
  },
  *check(workload) {
    const paths = new Map<string, string>();
    for (const { node } of knownItems(workload.spec, 'volumes')) {
      const name = knownText(node, 'name');
      const path = knownText(node, 'hostPath', 'path');
      if (name !== undefined && path !== undefined) paths.set(name.value, path.value);
    }
    if (paths.size === 0) return;
    for (const container of workload.containers) {
      for (const { index, node } of knownItems(container.node, 'volumeMounts')) {
        const name = knownText(node, 'name');
        if (name === undefined) continue;
        const path = paths.get(name.value);
        const readOnly = fieldAt(node, 'readOnly');
        if (path === undefined || readOnly === 'unknown' || booleanOf(readOnly) === true) continue;
        yield {
          message: 'writable',
          data: { path },
          span: name.span,
          fixes: patchFix(workload.object.document, {
            title: 'readOnly',
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...container.path, 'volumeMounts', index, 'readOnly'], value: true }],
          }),
        };
      }
    }
  },
});
