import { defineRule } from '../../engine/rule.ts';
import { labelOfName } from './parts/label-of-name.ts';

const label = 'app.kubernetes.io/instance';

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
    id: 'kubernetes/instance-label',
    rows: ['K809'],
    summary: 'The label `app.kubernetes.io/instance` is the name of the object.',
    why: '`app.kubernetes.io/instance` tells installations of one application apart, and dashboards and `kubectl get -l` find things by it. Some teams want it to be the name of each object that runs pods. Off by default: others give all objects of a release its name.',
    severity: 'information',
    optional: true,
    topic: 'configuration',
    messages: {
      missing: 'No label `app.kubernetes.io/instance`',
      other: '`app.kubernetes.io/instance` is `{value}`, not the name, `{name}`',
    },
    titles: { set: 'Set the label to {name}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('shop'), good: pod('web') }],
    options: {},
    sources: ['polaris metadataAndInstanceMismatched'],
  },
  *check(object) {
    const finding = labelOfName(object, label);
    if (finding !== undefined) yield finding;
  },
});
