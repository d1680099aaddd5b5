import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { nodeLabelsOf } from './parts/node-labels.ts';

const label = 'kubernetes.io/os';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/windows-node-selector',
    rows: ['H115'],
    summary: 'A pod for Windows should say so to the scheduler and to the API server.',
    why: 'The scheduler does not look at `spec.os`: without `kubernetes.io/os: windows` among its demands a pod for Windows is put on a Linux node as well, whose kubelet refuses it. The other way round, a pod that only selects Windows nodes is checked by the rules for Linux, until `spec.os.name` says what it is.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      selector: 'It is for Windows and does not choose its nodes: on Linux nodes it is refused',
      system: 'It runs on Windows nodes without saying so: add os.name, so that it is checked as such',
    },
    titles: { select: 'Choose Windows nodes', say: 'Set os.name to windows' },
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
  containers:
    - name: web
      image: web:1.4
  nodeSelector:
    kubernetes.io/os: windows
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check({ object, spec, specPath }) {
    if (object.context === 'patch') return;
    const system = knownText(spec, 'os', 'name');
    if (system?.value === 'windows') {
      // Whoever chooses nodes in another way has labels, a runtime class or a node in mind.
      const others = ['affinity', 'runtimeClassName', 'nodeName'].some((key) => fieldAt(spec, key) !== undefined);
      if (others || fieldAt(spec, 'nodeSelector', label) !== undefined) return;
      const agent = fieldAt(spec, 'nodeSelector', `beta.${label}`);
      if (agent !== undefined) return;
      yield {
        message: 'selector',
        span: system.span,
        fixes: patchFix(object.document, {
          title: 'select',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...specPath, 'nodeSelector', label], value: 'windows' }],
        }),
      };
      return;
    }
    if (fieldAt(spec, 'os') !== undefined) return;
    for (const { key, operator, values } of nodeLabelsOf(object)) {
      const [value] = values;
      if (key.value !== label || operator !== 'In' || values.length !== 1 || value?.text.value !== 'windows') continue;
      yield {
        message: 'system',
        severity: 'information',
        span: value.text.span,
        fixes: patchFix(object.document, {
          title: 'say',
          safety: 'suggested',
          patches: [{ kind: 'set', path: [...specPath, 'os', 'name'], value: 'windows' }],
        }),
      };
      return;
    }
  },
});
