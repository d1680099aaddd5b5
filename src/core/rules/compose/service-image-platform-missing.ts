import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { platformFinding, platformMessages } from '../parts/images/platforms.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-image-platform-missing',
    rows: ['D1004'],
    summary: "An image should be built for the service's platform.",
    why: 'Where the image is not built for the platform that the service asks for, it cannot be pulled and the service does not start. Only tags of official images are judged, by a list as of the month that the message names.',
    severity: 'warning',
    topic: 'base image',
    messages: platformMessages,
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: rocket.chat:8\n    platform: linux/arm64\n',
        good: 'services:\n  web:\n    image: rocket.chat:8\n    platform: linux/amd64\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check({ image, node }, { file }) {
    if (image === undefined || image.value.includes('$') || fieldAt(node, 'build') !== undefined) return;
    const platform = knownText(node, 'platform');
    const found = platform && platformFinding(file.images, imageParts(image.value), platform.value);
    if (platform !== undefined && found !== undefined) yield { ...found, span: platform.span };
  },
});
