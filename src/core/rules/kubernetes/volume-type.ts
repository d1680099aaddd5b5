import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems } from '../../yaml/field.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { chosenByValues } from './parts/chosen-by-values.ts';
import { unrestrictedVolumes } from './parts/pod-security-lists.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/volume-type',
    rows: ['K401'],
    summary: 'A pod should use volumes that hide where they are stored.',
    why: 'The restricted Pod Security Standard leaves ConfigMaps, Secrets, projected and downward API volumes, emptyDir, images, and claims (also ephemeral and CSI ones). Other types name storage by its address, with its credentials in the pod, and many are gone from Kubernetes; a PersistentVolumeClaim lets the cluster choose.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      type: 'Volume type `{type}` is not within the restricted standard: claim a volume instead',
    },
    titles: {},
    fix: 'never',
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
  volumes:
    - name: data
      nfs:
        server: 10.0.0.2
        path: /data
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: data
`,
      },
    ],
    options: {},
    sources: ['pod-security restrictedVolumes', 'trivy KSV-0028', 'monokle PSS201'],
  },
  *check(workload) {
    for (const { node } of knownItems(workload.spec, 'volumes')) {
      for (const { key } of asMapping(node)?.pairs ?? []) {
        if (!unrestrictedVolumes.has(key.text) || entry(asMapping(node), key.text)?.key !== key) continue;
        const field = fieldAt(node, key.text);
        if (field === undefined || field === 'unknown' || chosenByValues(workload, key.span)) continue;
        yield { message: 'type', data: { type: key.text }, span: key.span };
      }
    }
  },
});
