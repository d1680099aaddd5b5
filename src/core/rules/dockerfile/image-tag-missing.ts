import { isPlaceholder } from '../../dockerfile/dialect.ts';
import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';
import { knownOfficial } from '../../images/base-images.ts';
import { insert, withPlaceholders } from '../../text/edit.ts';
import { imageFixes } from '../parts/images/dockerfile-fixes.ts';
import { versionedImages, versionTitles } from '../parts/images/version-tags.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-tag-missing',
    rows: ['D201'],
    summary: 'An image should be named with a tag.',
    why: 'Without a tag the builder takes `latest`, which moves to the next major version one day: the same file then builds something else, or nothing, and nobody has changed it. A tag that names the version, or a digest, keeps builds repeatable.',
    severity: 'warning',
    topic: 'base image',
    messages: { untagged: '`{image}` has no tag: every build takes whatever is newest' },
    titles: { ...versionTitles, tag: 'Add a tag' },
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM debian\n', good: 'FROM debian:13\n' }],
    options: {},
    sources: [
      'hadolint DL3006',
      'sonar S6596',
      'semgrep missing-image-version',
      'dockerfilelint missing_tag',
      'kics image_version_not_explicit',
      'checkov CKV_DOCKER_7',
      'trivy DS-0001',
    ],
  },
  when: (dockerfile) =>
    imagesUsed(dockerfile).some(({ parts: { tag, digest } }) => tag === undefined && digest === undefined),
  *check(dockerfile, { file }) {
    for (const used of imagesUsed(dockerfile)) {
      const { use, parts, text, span, nameSpan } = used;
      if (isPlaceholder(text)) continue;
      if (parts.tag !== undefined || parts.digest !== undefined || parts.repository === 'scratch') continue;
      // A bare word after `--from` may well be a build context.
      if (use === 'source' && !parts.repository.includes('/') && !knownOfficial(parts)) continue;
      yield {
        message: 'untagged',
        data: { image: text },
        span: nameSpan ?? span,
        // Others look at FROM alone.
        ...(use === 'source' && { peers: [] }),
        ...((use === 'source' || nameSpan === undefined) && { severity: 'information' }),
        fixes: [
          ...imageFixes(dockerfile, used, file.images, versionedImages(file.images, used)),
          ...(nameSpan
            ? [
                {
                  title: 'tag' as const,
                  safety: 'manual' as const,
                  edits: [withPlaceholders(insert(nameSpan.end, ':<tag>'))],
                },
              ]
            : []),
        ],
      };
    }
  },
});
