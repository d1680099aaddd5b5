import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { architectureNamed } from '../../images/architecture.ts';
import { fieldAt, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { requiredTerms, selectorLabels } from './parts/node-labels.ts';

const pod = (selector: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4-arm64
${selector}`;

const keys: readonly string[] = ['kubernetes.io/arch', 'beta.kubernetes.io/arch'];

export default defineRule('container', {
  meta: {
    id: 'kubernetes/architecture-not-chosen',
    rows: ['H111'],
    summary: 'Pods of an image for one architecture say which nodes they need.',
    why: 'An image that names an architecture in its tag runs on no other one: on a node of another kind its container dies with "exec format error", or its image cannot be pulled. The scheduler knows nothing of that. Off by default: where all nodes are of one architecture there is nothing to choose.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: { missing: 'This image is for {architecture} alone, and nothing keeps its pods to such nodes' },
    titles: { choose: 'Choose {architecture} nodes' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('  nodeSelector:\n    kubernetes.io/arch: arm64\n') }],
    options: {},
    sources: [],
  },
  *check({ image, workload }) {
    const { object, spec, specPath } = workload;
    if (image === undefined || object.context === 'patch') return;
    const architecture = architectureNamed(imageParts(image.value))?.architecture;
    if (architecture === undefined) return;
    if (fieldAt(spec, 'nodeName') !== undefined || mayHide(spec, 'nodeSelector')) return;
    if (fieldAt(spec, 'affinity') === 'unknown' || mayHide(spec, 'affinity', 'nodeAffinity')) return;
    const labels = [...selectorLabels(object), ...requiredTerms(object).flat()];
    if (labels.some(({ key }) => keys.includes(key.value))) return;
    yield {
      message: 'missing',
      data: { architecture },
      span: image.span,
      fixes: patchFix(object.document, {
        title: 'choose',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...specPath, 'nodeSelector', 'kubernetes.io/arch'], value: architecture }],
      }),
    };
  },
});
