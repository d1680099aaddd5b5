import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-digest-missing',
    rows: ['D203'],
    summary: 'An image may be pinned by its digest.',
    why: 'A tag can be given to another image at any time, by its maker or by whoever takes over the account. A digest names the content itself; who pins one needs something that renews it.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: { unpinned: '`{image}` has no digest: its tag may be given to another image' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\n',
        good: 'FROM alpine:3.22@sha256:4b7ce07002c69e8f3d704a9c5d6fd3053be500b7f1c69fc0d80990c2ad8dd412\n',
      },
    ],
    options: {},
    sources: ['sonar S7023', 'semgrep dockerfile-source-not-pinned'],
  },
  *check(dockerfile) {
    for (const { use, parts, text, span } of imagesUsed(dockerfile)) {
      if (parts.digest !== undefined || parts.repository === 'scratch' || parts.repository === '') continue;
      // A bare word after `--from` may well be a build context.
      if (use === 'source' && parts.tag === undefined && !parts.repository.includes('/')) continue;
      yield { message: 'unpinned', data: { image: text }, span };
    }
  },
});
