import { defineRule } from '../../engine/rule.ts';
import { untagged } from '../parts/images/other-images.ts';
import { versionedImages, versionTitles } from '../parts/images/version-tags.ts';
import { imageOfService, yamlImageFixes } from '../parts/images/yaml-images.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/image-without-version',
    rows: ['C201'],
    summary: 'An image should be named with a tag that says its version.',
    why: 'Without a tag the newest image is taken on the day of the first pull, and another one on the next machine. A tag with a version, or a digest, makes the project start the same everywhere. An image that the service itself builds only gets its name this way and is left alone.',
    severity: 'warning',
    topic: 'base image',
    messages: {
      untagged: '`{image}` has no tag: each machine takes what is newest on its day',
      latest: '`{image}` is whatever is newest on the day of the pull',
      floating: '`{image}` is another image after each release',
    },
    titles: { ...versionTitles, tag: 'Name a tag' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: nginx\n',
        good: 'services:\n  web:\n    image: nginx:1.31\n',
      },
    ],
    options: {
      tags: {
        type: 'string[]',
        default: ['latest', 'stable', 'edge', 'test', 'nightly', 'dev', 'beta', 'canary', 'lts'],
        description: 'Tags that say no version.',
      },
    },
    sources: ['dclint service-image-require-explicit-tag'],
  },
  *check(service, { options, file: { images } }) {
    const image = imageOfService(service);
    if (image === undefined) return;
    const { text, document, path, span } = image;
    const { tag, digest, repository } = image.parts;
    if (digest !== undefined || repository === '' || (tag !== undefined && !options.tags.includes(tag))) return;
    const isVariable = document.text.slice(span.start, span.end).includes('$');
    yield {
      message: tag === undefined ? 'untagged' : tag === 'latest' ? 'latest' : 'floating',
      // Meant so by many, where `latest` is mostly what nobody thought of; a default is only what nobody sets.
      severity: (tag === undefined || tag === 'latest') && !isVariable ? 'warning' : 'information',
      data: { image: text },
      span,
      fixes: [
        ...yamlImageFixes(image, versionedImages(images, image)),
        ...(isVariable
          ? []
          : patchFix(document, {
              title: 'tag',
              safety: 'manual',
              patches: [{ kind: 'set', path, value: `${untagged(text, image.parts)}:<tag>` }],
            })),
      ],
    };
  },
});
