import { defineRule } from '../../engine/rule.ts';
import { labelOfName } from './parts/label-of-name.ts';

const label = 'app.kubernetes.io/name';

const pod = (value: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    ${label}: ${value}
spec:
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/name-label',
    rows: ['K809'],
    summary: 'The label `app.kubernetes.io/name` is the name of the object.',
    why: '`app.kubernetes.io/name` is what an application is called, and tools group by it. Some teams want it to be the name of each object that runs pods. Off by default: others give one name to all parts of an application.',
    severity: 'information',
    optional: true,
    topic: 'configuration',
    messages: {
      missing: 'No label `app.kubernetes.io/name`',
      other: '`app.kubernetes.io/name` is `{value}`, not the name, `{name}`',
    },
    titles: { set: 'Set the label to {name}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('shop'), good: pod('web') }],
    options: {},
    sources: ['polaris nakedPod', 'polaris oneController'],
  },
  *check(object) {
    const finding = labelOfName(object, label);
    if (finding !== undefined) yield finding;
  },
});
