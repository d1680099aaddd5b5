import { defineRule, knowsImages } from '../../engine/rule.ts';
import { platformFinding, platformMessages } from '../parts/images/platforms.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/image-platform-missing',
    rows: ['D1004', 'D207'],
    summary: 'A base image should be built for the platform that FROM asks for.',
    why: 'Where the image is not built for that platform, the build ends at its first line: there is no such manifest. Only tags of official images are judged, by a list as of the month that the message names.',
    severity: 'warning',
    topic: 'base image',
    messages: platformMessages,
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM --platform=linux/arm64 archlinux:base\n',
        good: 'FROM --platform=linux/amd64 archlinux:base\n',
      },
    ],
    options: {},
    sources: ['buildkit InvalidBaseImagePlatform', 'tally platform-mismatch'],
  },
  only: ['from'],
  given: knowsImages,
  beside: ['flag'],
  *check({ instruction: { image, platform }, stage }, { file }) {
    if (image?.repository === undefined || platform === undefined || stage?.parent !== undefined) return;
    const { registry, repository, tag, digest } = image;
    const found = platformFinding(file.images, { registry, repository, tag, digest }, platform.value);
    if (found !== undefined) yield { ...found, span: platform.span };
  },
});
