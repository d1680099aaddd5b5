import { defineRule } from '../../engine/rule.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../../yaml/node.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

/** What the API server refuses for one system (kubernetes pkg/apis/core/validation/validation.go validateWindows, validateLinux). */
const ofLinux = {
  pod: ['hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace'],
  podSecurity: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'fsGroup',
    'fsGroupChangePolicy',
    'sysctls',
    'runAsUser',
    'runAsGroup',
    'supplementalGroups',
    'supplementalGroupsPolicy',
  ],
  containerSecurity: [
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
    'procMount',
    'runAsUser',
    'runAsGroup',
  ],
};
const ofWindows: typeof ofLinux = { pod: [], podSecurity: ['windowsOptions'], containerSecurity: ['windowsOptions'] };
/** Only refused where they are on. */
const switches: ReadonlySet<string> = new Set(['hostPID', 'hostIPC']);

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/windows-field',
    rows: ['H115'],
    summary: 'A pod for Windows must not have fields of Linux, nor the other way round.',
    why: 'A pod that says `spec.os.name` is checked against that system: the API server refuses user ids, capabilities, seccomp and the like in a pod for Windows, and `windowsOptions` in one for Linux. For a Deployment that shows late, when its pods are never made.',
    severity: 'error',
    topic: 'correctness',
    messages: { foreign: '{field} does not exist on {system}: the API server refuses it with os.name {name}' },
    titles: { remove: 'Remove {field}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  securityContext:
    runAsUser: 1000
    runAsNonRoot: true
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { spec, specPath, containers } = workload;
    const name = knownText(spec, 'os', 'name')?.value;
    if (name !== 'windows' && name !== 'linux') return;
    const { pod, podSecurity, containerSecurity } = name === 'windows' ? ofLinux : ofWindows;
    yield* foreign(workload, spec, specPath, [], pod, name);
    yield* foreign(workload, spec, specPath, ['securityContext'], podSecurity, name);
    for (const { node, path } of containers)
      yield* foreign(workload, node, path, ['securityContext'], containerSecurity, name);
  },
});

function* foreign(
  { object }: Workload,
  holder: YamlMapping,
  base: YamlPath,
  below: readonly string[],
  fields: readonly string[],
  name: 'windows' | 'linux',
) {
  const parent = fieldAt(holder, ...below);
  if (parent === undefined || parent === 'unknown') return;
  for (const field of fields) {
    const value = fieldAt(parent, field);
    if (value === undefined || value === 'unknown') continue;
    if (switches.has(field) && knownText(parent, field)?.value !== 'true') continue;
    const pair = parent.kind === 'mapping' ? entry(parent, field) : undefined;
    yield {
      message: 'foreign' as const,
      data: { field, name, system: name === 'windows' ? 'Windows' : 'Linux' },
      span: pair?.key.span ?? value.span,
      fixes: patchFix(object.document, {
        title: 'remove',
        safety: 'suggested',
        patches: [{ kind: 'remove', path: [...base, ...below, field] }],
      }),
    };
  }
}
