import { defineRule } from '../../engine/rule.ts';
import { retiredPlace } from '../../images/retired-registries.ts';
import { retiredFinding, retiredWords, successorOf } from '../parts/images/retired.ts';
import { spanWithin } from '../parts/images/yaml-images.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: pause
      image: ${image}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/image-registry-retired',
    rows: ['K205'],
    ...retiredWords,
    severity: 'warning',
    topic: 'base image',
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('k8s.gcr.io/pause:3.9'), good: pod('registry.k8s.io/pause:3.9') }],
    options: {},
    sources: ['kubescape C-0253', 'kyverno restrict-deprecated-registry'],
  },
  *check({ image, path, workload }) {
    if (image === undefined) return;
    const { document } = workload.object;
    const old = retiredPlace(image.value);
    if (old === undefined) return;
    const { found, safety } = retiredFinding(old);
    const to = successorOf(image.value, old);
    const patches = [{ kind: 'set', path: [...path, 'image'], value: to ?? '' }] as const;
    yield {
      ...found,
      span: spanWithin(document, image.span, old.place),
      fixes:
        to === undefined
          ? []
          : patchFix(document, { title: 'move', data: { successor: old.successor ?? '' }, safety, patches }),
    };
  },
});
