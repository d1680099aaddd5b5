import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (policy: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      imagePullPolicy: ${policy}
`;

const ofEach = [
  'kube-score container-image-pull-policy',
  'polaris pullPolicyNotAlways',
  'checkov CKV_K8S_15',
  'kics image_pull_policy_of_container_is_not_always',
  'kyverno always-pull-images',
];
const ofLatest = 'kubescape C-0075';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/pull-policy-not-always',
    rows: ['K203'],
    summary: 'A node that always asks the registry runs what the tag means now, for those who may pull it.',
    why: 'An image that a node already has is started without asking the registry: for pods that have no right to pull it too, and in an old version where the tag was pushed again. `Never` fails on every node that does not have it. For images with a digest nothing is gained, and a registry that is down then stops pods from starting: this is off by default.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: {
      other: '`{policy}`: the node may start a copy that it has, without asking the registry',
      unset: 'No pull policy: for a tag it is IfNotPresent, and the registry may not be asked',
    },
    titles: { always: 'Set imagePullPolicy: Always' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('IfNotPresent'), good: pod('Always') }],
    options: {},
    sources: [...ofEach, ofLatest],
  },
  *check({ image, workload, node, path, label }) {
    const field = fieldAt(node, 'imagePullPolicy');
    const policy = knownText(node, 'imagePullPolicy');
    if (field === 'unknown' || policy?.value === 'Always') return;
    const { tag, digest } = imageParts(image?.value ?? '');
    if (digest !== undefined) return;
    if (policy === undefined) {
      if (workload.object.context === 'patch' || image === undefined) return;
      // Then `Always` is the default.
      if (tag === undefined || tag === 'latest' || /[${}<>]/.test(tag)) return;
    }
    yield {
      message: policy === undefined ? 'unset' : 'other',
      data: { policy: policy?.value ?? '' },
      span: policy?.span ?? label,
      peers: tag === undefined || tag === 'latest' ? [...ofEach, ofLatest] : ofEach,
      fixes: patchFix(workload.object.document, {
        title: 'always',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, 'imagePullPolicy'], value: 'Always' }],
      }),
    };
  },
});
