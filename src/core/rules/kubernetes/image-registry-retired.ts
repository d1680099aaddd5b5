import { defineRule } from '../../engine/rule.ts';
import { kubernetesRegistry, retiredRegistry } from '../../images/retired-registries.ts';
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
    summary: 'An image should come from a registry that is still looked after.',
    why: 'The images of Kubernetes live at registry.k8s.io. k8s.gcr.io got its last ones in April 2023, and is only redirected for as long as somebody pays for that; gcr.io/google_containers is older still. The projects of quay.io/coreos have moved, each to a place of its own, and what is left there gets no fixes.',
    severity: 'warning',
    topic: 'base image',
    messages: {
      retired: '`{registry}` is retired: the images of Kubernetes are at {successor}',
      moved: '`{registry}` is retired: this project publishes its images elsewhere now',
    },
    titles: { move: 'Pull from {successor}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('k8s.gcr.io/pause:3.9'), good: pod('registry.k8s.io/pause:3.9') }],
    options: {},
    sources: ['kubescape C-0253', 'kyverno restrict-deprecated-registry'],
  },
  *check({ image, path, workload }) {
    if (image === undefined) return;
    const { document } = workload.object;
    const old = retiredRegistry(image.value);
    if (old === undefined) return;
    const { registry } = old;
    const span = spanWithin(document, image.span, registry);
    if (old.image === undefined) {
      yield { message: 'moved', severity: 'information', data: { registry }, span };
      return;
    }
    yield {
      message: 'retired',
      data: { registry, successor: kubernetesRegistry },
      span,
      fixes: patchFix(document, {
        title: 'move',
        safety: old.same ? 'safe' : 'suggested',
        patches: [{ kind: 'set', path: [...path, 'image'], value: old.image }],
      }),
    };
  },
});
