import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { unofficialFinding, unofficialMessages } from '../parts/images/unofficial.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-image-not-official',
    rows: ['D209'],
    summary: 'Where there is an official image of a name, it may be the better choice.',
    why: 'Anybody may publish an image under a name of their own on Docker Hub. Official images are rebuilt when what they stand on changes, and what goes into them is reviewed in the open. Files and variables of another image differ, so that going over is some work.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: unofficialMessages,
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  cache:\n    image: somebody/redis:7\n',
        good: 'services:\n  cache:\n    image: redis:7\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service, { file }) {
    const { image } = service;
    // What the service builds only gets its name this way.
    if (image === undefined || image.value.includes('$') || fieldAt(service.node, 'build') !== undefined) return;
    const found = unofficialFinding(file.images, imageParts(image.value));
    if (found !== undefined) yield { ...found, span: image.span, fixes: [] };
  },
});
