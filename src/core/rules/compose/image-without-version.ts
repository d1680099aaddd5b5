import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { versionTags, versionTitles } from '../parts/images/version-tags.ts';
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
  *check({ image, node, path, file }, { options, file: { images } }) {
    if (image === undefined || image.value.includes('$') || fieldAt(node, 'build') !== undefined) return;
    const parts = imageParts(image.value);
    const { tag, digest, repository } = parts;
    if (digest !== undefined || repository === '' || (tag !== undefined && !options.tags.includes(tag))) return;
    const name = tag === undefined ? image.value : image.value.slice(0, -tag.length - 1);
    yield {
      message: tag === undefined ? 'untagged' : tag === 'latest' ? 'latest' : 'floating',
      // Meant so by many, where `latest` is mostly what nobody thought of.
      severity: tag === undefined || tag === 'latest' ? 'warning' : 'information',
      data: { image: image.value },
      span: image.span,
      fixes: [
        ...versionTags(images, parts).flatMap(({ title, data }) =>
          patchFix(file.document, {
            title,
            data,
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...path, 'image'], value: `${name}:${data.tag}` }],
          }),
        ),
        ...patchFix(file.document, {
          title: 'tag',
          safety: 'manual',
          patches: [{ kind: 'set', path: [...path, 'image'], value: `${name}:<tag>` }],
        }),
      ],
    };
  },
});
