import { defineRule } from '../../engine/rule.ts';
import { kubernetesRegistry, retiredRegistry } from '../../images/retired-registries.ts';
import { imageOfService, spanWithin, yamlImageFixes } from '../parts/images/yaml-images.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-registry-retired',
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
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: k8s.gcr.io/echoserver:1.4\n',
        good: 'services:\n  web:\n    image: registry.k8s.io/echoserver:1.4\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service) {
    const image = imageOfService(service);
    const old = image && retiredRegistry(image.text);
    if (image === undefined || old === undefined) return;
    const { registry, image: to } = old;
    const data = { registry, successor: kubernetesRegistry };
    yield {
      message: to === undefined ? 'moved' : 'retired',
      ...(to === undefined && { severity: 'information' }),
      data,
      span: spanWithin(image.document, image.span, registry),
      fixes: to === undefined ? [] : yamlImageFixes(image, [{ title: 'move', data, image: to }]),
    };
  },
});
