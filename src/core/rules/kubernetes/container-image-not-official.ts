import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { unofficialFinding, unofficialMessages } from '../parts/images/unofficial.ts';

const pod = (image: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: cache
      image: ${image}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/container-image-not-official',
    rows: ['D209'],
    summary: 'Where there is an official image of a name, it may be the better choice.',
    why: 'Anybody may publish an image under a name of their own on Docker Hub. Official images are rebuilt when what they stand on changes, and what goes into them is reviewed in the open. Files and variables of another image differ, so that going over is some work.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: unofficialMessages,
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('somebody/redis:7'), good: pod('redis:7') }],
    options: {},
    sources: [],
  },
  *check({ image }, { file }) {
    if (image === undefined || /[${}<>]/.test(image.value)) return;
    const found = unofficialFinding(file.images, imageParts(image.value));
    if (found !== undefined) yield { ...found, span: image.span, fixes: [] };
  },
});
