import { defineRule } from '../../engine/rule.ts';
import { architectureNamed, mayNameArchitecture } from '../../images/architecture.ts';
import { remove } from '../../text/edit.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-one-architecture',
    rows: ['D1004'],
    summary: 'A base image should be there for every architecture that is built for.',
    why: 'An image whose name says an architecture is that one wherever it is built: on other machines the build runs in emulation or ends with "exec format error", and an image for several platforms holds wrong programs. The name without it is mostly an index, from which each build takes its own. Off by default: many build for one architecture and mean to.',
    severity: 'information',
    optional: true,
    topic: 'base image',
    messages: { one: '`{image}` is for {architecture} alone, whatever platform is built for' },
    titles: { all: 'Take {image}, which is there for {count} platforms (as of {asOf})' },
    fix: 'sometimes',
    examples: [{ file: 'Dockerfile', bad: 'FROM arm64v8/alpine:3.24\n', good: 'FROM alpine:3.24\n' }],
    options: {},
    sources: [],
  },
  when: ({ stages }) => stages.some(({ from }) => mayNameArchitecture(from?.image?.resolved ?? '')),
  *check({ stages, text }, { file: { images, path } }) {
    for (const { from, parent, name } of stages) {
      const image = from?.image;
      if (image?.repository === undefined || parent !== undefined || from?.platform !== undefined) continue;
      const { registry, repository, tag, digest, nameSpan, tagSpan } = image;
      const parts = { registry, repository, tag, digest };
      const named = architectureNamed(parts);
      if (named === undefined) continue;
      // A stage or file with the name of an architecture is one of several, chosen by the build.
      if ([named.architecture, named.word].some((word) => name?.includes(word) || path.includes(word))) continue;
      const span = named.by === 'tag' ? tagSpan : nameSpan;
      // What comes from a variable is chosen outside.
      if (span === undefined || text.slice(span.start, span.end).includes('$')) continue;
      const plain = repository.slice(named.word.length + 1);
      const official = images?.catalogue.official;
      const platforms = named.by === 'folder' ? (official?.platforms(plain, tag ?? 'latest') ?? []) : [];
      const start = nameSpan?.start ?? span.start;
      yield {
        message: 'one',
        data: { image: image.text, architecture: named.architecture },
        span,
        fixes:
          platforms.length > 1 && digest === undefined
            ? [
                {
                  title: 'all',
                  data: {
                    image: tag === undefined ? plain : `${plain}:${tag}`,
                    count: String(platforms.length),
                    asOf: images?.catalogue.asOf ?? '',
                  },
                  safety: 'suggested',
                  edits: [remove({ start, end: start + named.word.length + 1 })],
                },
              ]
            : [],
      };
    }
  },
});
