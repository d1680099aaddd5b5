import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { ownSecurityField, securityPath } from '../../kubernetes/security-context.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import type { YamlMapping, YamlPatch, YamlPath, YamlValue } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/writable-root-filesystem',
    rows: ['K501'],
    summary: 'A container should have a read-only root filesystem.',
    why: 'What breaks into a container usually writes: a tool, a web shell, a changed binary. With a read-only root it cannot, and nothing the program writes by accident fills the disk of the node. Programs that need a scratch folder get an `emptyDir` there, most often at `/tmp`.',
    severity: 'information',
    topic: 'security',
    messages: {
      missing: 'Root filesystem is writable: readOnlyRootFilesystem is not set',
      writable: 'Root filesystem is writable: readOnlyRootFilesystem is false',
    },
    titles: {
      readOnly: 'Set readOnlyRootFilesystem: true',
      withTmp: 'Set readOnlyRootFilesystem: true and mount an emptyDir at /tmp',
    },
    fix: 'always',
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
      securityContext:
        readOnlyRootFilesystem: false
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        readOnlyRootFilesystem: true
`,
      },
    ],
    options: {},
    sources: [
      'kube-linter no-read-only-root-fs',
      'kube-score container-security-context-readonlyrootfilesystem',
      'polaris notReadOnlyRootFilesystem',
      'checkov CKV_K8S_22',
      'trivy KSV-0014',
      'kubescape C-0017',
      'kubesec ReadOnlyRootFilesystem',
      'kics root_container_not_mounted_as_read_only',
      'semgrep writable-filesystem-container',
      'datree CONTAINERS_INCORRECT_READONLYROOTFILESYSTEM_VALUE',
      'kyverno require-ro-rootfs',
      'monokle KBP102',
    ],
  },
  *check(container) {
    const { object, windows } = container.workload;
    if (windows) return;
    const field = ownSecurityField(container, 'readOnlyRootFilesystem');
    if (field === 'unknown' || (field === undefined && object.context === 'patch')) return;
    if (field !== undefined && booleanOf(field.node) === true) return;
    const set: YamlPatch = { kind: 'set', path: securityPath(container, 'readOnlyRootFilesystem'), value: true };
    const scratch = scratchPatches(container);
    yield {
      message: field === undefined ? 'missing' : 'writable',
      span: field?.span ?? missingPlace(container.node, container.label, 'securityContext'),
      fixes: [
        ...patchFix(object.document, { title: 'readOnly', safety: 'suggested', patches: [set] }),
        ...(scratch === undefined
          ? []
          : patchFix(object.document, { title: 'withTmp', safety: 'suggested', patches: [set, ...scratch] })),
      ],
    };
  },
});

/** Mounts a folder of the pod at `/tmp`; undefined where something is mounted there, or a template may do so. */
function scratchPatches({ workload, path, node, role }: Container): readonly YamlPatch[] | undefined {
  if (role === 'ephemeral' || workload.object.document.actions.length > 0) return undefined;
  if (fieldAt(node, 'volumeMounts') === 'unknown') return undefined;
  if (
    knownItems(node, 'volumeMounts').some((mount) => /^\/tmp\/?$/.test(knownText(mount.node, 'mountPath')?.value ?? ''))
  )
    return undefined;
  const volume = knownItems(workload.spec, 'volumes').find((item) => knownText(item.node, 'name')?.value === 'tmp');
  if (volume !== undefined && fieldAt(volume.node, 'emptyDir') === undefined) return undefined;
  const mount = added(node, 'volumeMounts', path, { name: 'tmp', mountPath: '/tmp' });
  if (volume !== undefined) return [mount];
  return [mount, added(workload.spec, 'volumes', workload.specPath, { name: 'tmp', emptyDir: {} })];
}

/** An item more in a list, or the list with it: patches that only set are made at once, without parsing in between. */
function added(holder: YamlMapping, list: string, above: YamlPath, item: YamlValue): YamlPatch {
  const path = [...above, list];
  const exists = knownItems(holder, list).length > 0;
  return exists ? { kind: 'append', path, value: item } : { kind: 'set', path, value: [item] };
}
