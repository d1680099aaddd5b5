import { imagesUsed, type UsedImage } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';
import { dockerHub, matchesRegistry } from '../../images/registries.ts';
import { insert, replace, type TextEdit } from '../../text/edit.ts';

/** Puts a registry in the place of the one that is written, or before a name without one. */
function changed({ parts, nameSpan }: UsedImage, registry: string): TextEdit | undefined {
  if (nameSpan === undefined) return undefined;
  if (parts.registry === undefined) {
    const library = parts.repository.includes('/') ? '' : 'library/';
    return insert(nameSpan.start, `${registry}/${dockerHub.has(registry) ? library : ''}`);
  }
  // The same name at Docker Hub may be anybody's.
  if (dockerHub.has(registry)) return undefined;
  return replace({ start: nameSpan.start, end: nameSpan.start + parts.registry.length }, registry);
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/registry-not-allowed',
    rows: ['D208'],
    summary: 'Images come from the registries that the settings allow.',
    why: 'A company that checks and mirrors images wants all of them from its own registry. Without a list in `allowed`, or `trustedRegistries` in a `.hadolint.yaml`, nothing is reported.',
    severity: 'warning',
    topic: 'base image',
    messages: { foreign: '`{registry}` is none of the allowed registries' },
    titles: { change: 'Take it from `{other}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM quay.io/team/base:1\n',
        good: 'FROM registry.example.com/team/base:1\n',
        settings: 'rules:\n  dockerfile/registry-not-allowed:\n    allowed: [registry.example.com]\n',
      },
    ],
    options: {
      allowed: {
        type: 'string[]',
        default: [],
        description: 'Registries that images may come from, such as `docker.io` or `*.example.com`. None: all may.',
        hadolint: 'trustedRegistries',
      },
    },
    sources: ['hadolint DL3026'],
  },
  given: ({ options }) => options.allowed.length > 0,
  *check(dockerfile, { options }) {
    const { allowed } = options;
    const [other] = allowed.filter((pattern) => !pattern.includes('*'));
    for (const image of imagesUsed(dockerfile)) {
      const { use, parts, span, nameSpan } = image;
      const registry = parts.registry ?? 'docker.io';
      if (parts.repository === 'scratch' || parts.repository === '') continue;
      if (use === 'source' && parts.registry === undefined && !parts.repository.includes('/') && !parts.tag) continue;
      if (allowed.some((pattern) => matchesRegistry(pattern, registry))) continue;
      const edit = other === undefined ? undefined : changed(image, other);
      yield {
        message: 'foreign',
        data: { registry },
        span: nameSpan ?? span,
        fixes:
          edit === undefined || other === undefined
            ? []
            : [{ title: 'change', data: { other }, safety: 'suggested', edits: [edit] }],
      };
    }
  },
});
