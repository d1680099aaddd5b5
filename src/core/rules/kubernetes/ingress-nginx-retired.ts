import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: ingress
spec:
  containers:
    - name: controller
      image: ${image}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/ingress-nginx-retired',
    rows: ['K516'],
    summary: 'The ingress-nginx controller of the Kubernetes project is retired.',
    why: 'The Kubernetes project announced in November 2025 that it would look after ingress-nginx until March 2026 and no longer: what is found in it since then stays open, in a program that takes requests from everywhere and holds the TLS keys. Other controllers read the same Ingress objects, though not its annotations; the Gateway API is what the project recommends.',
    severity: 'warning',
    topic: 'security',
    messages: { retired: 'ingress-nginx was retired in March 2026: no more security fixes' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('registry.k8s.io/ingress-nginx/controller:v1.14.0'),
        good: pod('haproxytech/kubernetes-ingress:3.2'),
      },
    ],
    options: {},
    sources: ['kubescape C-0292'],
  },
  *check({ image }) {
    if (image === undefined) return;
    const { repository } = imageParts(image.value);
    const old =
      /(?:^|\/)nginx-ingress-controller$/.test(repository) && /kubernetes-ingress-controller/.test(repository);
    if (old || /(?:^|\/)ingress-nginx\/controller(?:-chroot)?$/.test(repository))
      yield { message: 'retired', span: image.span };
  },
});
