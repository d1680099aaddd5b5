import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: ${image}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/image-without-digest',
    rows: ['K202'],
    summary: 'An image that is named by its digest is the same one for ever.',
    why: 'A tag can be pushed again: what runs after a restart is then another program than the one that was tested. A digest names the content. It has to be renewed by a tool, which is why this is off by default.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: { tag: 'Image `{image}` is named by a tag, which can be pushed again, not by its digest' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod('web:1.4'),
        good: pod('web:1.4@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'),
      },
    ],
    options: {},
    sources: [
      'checkov CKV_K8S_43',
      'kube-linter image-sha',
      'kube-linter image-not-pinned-by-digest',
      'kics image_without_digest',
      'kubescape C-0306',
      'datree CONTAINERS_MISSING_IMAGE_VALUE_DIGEST',
      'kyverno require-image-checksum',
    ],
  },
  *check({ image, workload }) {
    if (image === undefined || image.value.trim() === '' || workload.object.context === 'patch') return;
    // `ko://…` names a Go package that is built; a `$` or braces are filled in by another tool.
    if (/:\/\/|[${}<>]/.test(image.value) || imageParts(image.value).digest !== undefined) return;
    yield { message: 'tag', data: { image: image.value }, span: image.span };
  },
});
