import { defineRule } from '../../engine/rule.ts';
import { retiredPlace } from '../../images/retired-registries.ts';
import { retiredFinding, retiredWords, successorOf } from '../parts/images/retired.ts';
import { imageOfService, spanWithin, yamlImageFixes } from '../parts/images/yaml-images.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-registry-retired',
    rows: ['K205'],
    ...retiredWords,
    severity: 'warning',
    topic: 'base image',
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
    const old = image && retiredPlace(image.text);
    if (image === undefined || old === undefined) return;
    const { found, safety } = retiredFinding(old);
    const to = successorOf(image.text, old);
    const data = { successor: old.successor ?? '' };
    yield {
      ...found,
      span: spanWithin(image.document, image.span, old.place),
      fixes: to === undefined ? [] : yamlImageFixes(image, [{ title: 'move', data, image: to }], safety),
    };
  },
});
