import { imageParts } from '../../dockerfile/image-reference.ts';
import { referenceFlaw } from '../../dockerfile/reference-grammar.ts';
import { defineRule } from '../../engine/rule.ts';
import { dockerHub, matchesRegistry } from '../../images/registries.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (registry: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: ${registry}/team/web:1.4
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/image-registry-not-allowed',
    rows: ['K204'],
    summary: 'Images come from the registries that the settings allow.',
    why: 'Where all images are checked and mirrored, pods take them from that registry alone; an admission policy of the cluster may refuse all others. Without a list in `allowed` nothing is reported.',
    severity: 'warning',
    topic: 'base image',
    messages: { foreign: '`{registry}` is none of the allowed registries' },
    titles: { change: 'Take it from `{other}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('quay.io'),
        good: pod('registry.example.com'),
        settings: 'rules:\n  kubernetes/image-registry-not-allowed:\n    allowed: [registry.example.com]\n',
      },
    ],
    options: {
      allowed: {
        type: 'string[]',
        default: [],
        description:
          'Registries that images may come from, such as `registry.k8s.io` or `*.example.com`. None: all may.',
      },
    },
    sources: [
      'trivy KSV-0125',
      'trivy KSV-0032',
      'trivy KSV-0033',
      'trivy KSV-0034',
      'trivy KSV-0035',
      'trivy KSV-0124',
      'kubescape C-0078',
      'kubescape C-0001',
      'kyverno restrict-image-registries',
      'kyverno allowed-image-repos',
      'popeye 113',
    ],
  },
  *check({ image, workload, path }, { options }) {
    const { allowed } = options;
    if (allowed.length === 0 || image === undefined || referenceFlaw(image.value) !== undefined) return;
    const { registry, repository } = imageParts(image.value);
    const written = registry ?? 'docker.io';
    if (allowed.some((pattern) => matchesRegistry(pattern, written))) return;
    const [other] = allowed.filter((pattern) => !pattern.includes('*'));
    const official = registry === undefined && !repository.includes('/');
    // The same name at Docker Hub may be anybody's.
    const moves = other !== undefined && (registry === undefined || !dockerHub.has(other));
    const rest = registry === undefined ? image.value : image.value.slice(registry.length + 1);
    const library = other !== undefined && dockerHub.has(other) && official ? 'library/' : '';
    yield {
      message: 'foreign',
      data: { registry: written },
      span: image.span,
      fixes: moves
        ? patchFix(workload.object.document, {
            title: 'change',
            data: { other },
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...path, 'image'], value: `${other}/${library}${rest}` }],
          })
        : [],
    };
  },
});
