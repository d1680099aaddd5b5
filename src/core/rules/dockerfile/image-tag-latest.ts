import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace, withPlaceholders } from '../../text/edit.ts';
import { imageFixes } from '../parts/images/dockerfile-fixes.ts';
import { versionedImages, versionTitles } from '../parts/images/version-tags.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-tag-latest',
    rows: ['D202'],
    summary: 'An image should not be taken by the tag `latest`.',
    why: '`latest` is whatever was pushed last. Two builds of one file can stand on different major versions, and the image that runs does not tell which. Name the version, or add the digest.',
    severity: 'warning',
    topic: 'base image',
    messages: { latest: '`{image}` moves: every build takes whatever is newest' },
    titles: { ...versionTitles, tag: 'Replace `latest` by a version' },
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM debian:latest\n', good: 'FROM debian:13\n' }],
    options: {},
    sources: [
      'hadolint DL3007',
      'checkov CKV_DOCKER_7',
      'trivy DS-0001',
      'kics image_version_using_latest',
      'dockle DKL-DI-0006',
      'dockerfilelint latest_tag',
      'sonar S6596',
    ],
  },
  when: (dockerfile) => imagesUsed(dockerfile).some(({ parts: { tag } }) => tag === 'latest'),
  *check(dockerfile, { file }) {
    for (const used of imagesUsed(dockerfile)) {
      const { use, parts, text, span, tagSpan } = used;
      if (parts.tag !== 'latest' || parts.digest !== undefined) continue;
      yield {
        message: 'latest',
        data: { image: text },
        span: tagSpan ?? span,
        // Others look at FROM alone.
        ...(use === 'source' && { peers: [] }),
        // A tag from an ARG is only what is built when nobody passes another one.
        ...((use === 'source' || tagSpan === undefined) && { severity: 'information' }),
        fixes: [
          ...imageFixes(dockerfile, used, file.images, versionedImages(file.images, used)),
          ...(tagSpan
            ? [
                {
                  title: 'tag' as const,
                  safety: 'manual' as const,
                  edits: [withPlaceholders(replace(tagSpan, '<tag>'))],
                },
              ]
            : []),
        ],
      };
    }
  },
});
