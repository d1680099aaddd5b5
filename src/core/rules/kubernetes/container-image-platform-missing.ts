import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { architectureNamed } from '../../images/architecture.ts';
import { platformFinding, platformMessages } from '../parts/images/platforms.ts';
import { requiredTerms, selectorLabels } from './parts/node-labels.ts';

const pod = (architecture: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    kubernetes.io/arch: ${architecture}
  containers:
    - name: web
      image: rocket.chat:8
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/container-image-platform-missing',
    rows: ['H112'],
    summary: 'An image should be built for the nodes that its pod chooses.',
    why: 'On a node of an architecture that the image is not built for, it cannot be pulled, or its program ends with "exec format error". Images are judged by an architecture in their name; official ones by a list as of the month that the message names.',
    severity: 'warning',
    topic: 'correctness',
    messages: { ...platformMessages, named: 'This image is for {architecture}, and the pod chooses {chosen} nodes' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('arm64'), good: pod('amd64') }],
    options: {},
    sources: [],
  },
  *check({ image, workload: { object } }, { file }) {
    if (image === undefined || /[${}]/.test(image.value)) return;
    const terms = requiredTerms(object);
    // Of several terms one suffices: only what all nodes have that may be chosen counts.
    const labels = [...selectorLabels(object), ...(terms.length === 1 ? terms.flat() : [])];
    const chosen = labels.find(({ key, operator }) => key.value === 'kubernetes.io/arch' && operator === 'In');
    const [value, ...others] = chosen?.values ?? [];
    if (chosen?.whole !== true || value === undefined || others.length > 0) return;
    const architecture = value.text.value;
    const parts = imageParts(image.value);
    const named = architectureNamed(parts)?.architecture;
    if (named !== undefined && named !== architecture) {
      yield { message: 'named', data: { architecture: named, chosen: architecture }, span: image.span };
      return;
    }
    // Nodes with `arm` do not say of which version they are.
    const platform = architecture === 'arm' ? 'linux/arm/v8' : `linux/${architecture}`;
    const isWindows = labels.some(({ values }) => values.some(({ text }) => text.value === 'windows'));
    const found = isWindows || named !== undefined ? undefined : platformFinding(file.images, parts, platform);
    if (found !== undefined) yield { ...found, span: image.span };
  },
});
