import { imageParts } from '../../dockerfile/image-reference.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import type { Located, Span } from '../../text/span.ts';
import { untagged } from '../parts/images/other-images.ts';
import { versionedImages, versionTitles } from '../parts/images/version-tags.ts';
import { patchFix } from '../patch-fix.ts';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/image-not-pinned',
    rows: ['K201'],
    summary: 'An image should name a version, not `latest` or nothing.',
    why: 'Without a tag the image is `latest`, which is whatever was pushed last. Two pods of one Deployment can then run different programs, a restart can be an upgrade that nobody asked for, and going back to the previous version is not possible because nobody knows which it was.',
    severity: 'warning',
    topic: 'base image',
    messages: {
      untagged: 'Image `{image}` has no tag: it means latest, whatever that is when a pod starts',
      latest: 'Image tag `latest` moves: pods of one workload may run different versions',
    },
    titles: { ...versionTitles, pin: 'Name a tag of {name}', sibling: 'Use tag {tag}, as elsewhere in this workload' },
    fix: 'always',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:latest
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.31
`,
      },
    ],
    options: {},
    sources: [
      'kics invalid_image',
      'kube-linter latest-tag',
      'kube-score container-image-tag',
      'polaris tagNotSpecified',
      'checkov CKV_K8S_14',
      'trivy KSV-0013',
      'sonar S6596',
      'datree CONTAINERS_MISSING_IMAGE_VALUE_VERSION',
      'kyverno disallow-latest-tag',
      'popeye 100',
      'popeye 101',
      'monokle KBP001',
      'monokle KBP116',
    ],
  },
  *check(container, { file }) {
    const { image } = container;
    if (image === undefined || image.value.trim() === '') return;
    const { document } = container.workload.object;
    const parts = imageParts(image.value);
    const { tag, digest } = parts;
    const name = untagged(image.value, parts);
    // `ko://…` names a Go package that is built; a `$` or a lone word in braces is filled in by another tool.
    if (digest !== undefined || /:\/\//.test(image.value) || /[${}<>]/.test(tag ?? name)) return;
    if ((tag !== undefined && tag !== 'latest') || file.retagged?.has(name)) return;
    const sibling = tagElsewhere(name, container);
    yield {
      message: tag === undefined ? 'untagged' : 'latest',
      data: { image: image.value, name },
      span: tag === undefined ? image.span : tagSpan(document.text, image),
      fixes: [
        ...(sibling === undefined
          ? []
          : patchFix(document, {
              title: 'sibling',
              data: { tag: sibling },
              safety: 'suggested',
              patches: [{ kind: 'set', path: imagePath(container), value: `${name}:${sibling}` }],
            })),
        ...versionedImages(file.images, { text: image.value, parts }).flatMap(({ title, data, image: value }) =>
          patchFix(document, {
            title,
            data,
            safety: 'suggested',
            patches: [{ kind: 'set', path: imagePath(container), value }],
          }),
        ),
        ...patchFix(document, {
          title: 'pin',
          safety: 'manual',
          patches: [{ kind: 'set', path: imagePath(container), value: `${name}:<tag>` }],
        }),
      ],
    };
  },
});

function imagePath(container: Container) {
  return [...container.path, 'image'];
}

/** The word `latest` within the value, or the value where it is written in another way. */
function tagSpan(text: string, image: Located<string>): Span {
  const at = text.slice(image.span.start, image.span.end).lastIndexOf('latest');
  return at < 0 ? image.span : { start: image.span.start + at, end: image.span.start + at + 'latest'.length };
}

/** The one tag that other containers of the workload give this image. */
function tagElsewhere(name: string, { workload }: Container): string | undefined {
  const tags = new Set<string>();
  for (const { image } of workload.containers) {
    if (image === undefined) continue;
    const parts = imageParts(image.value);
    const { tag, digest } = parts;
    if (digest !== undefined || tag === undefined || tag === 'latest' || /[${}<>]/.test(tag)) continue;
    if (untagged(image.value, parts) === name) tags.add(tag);
  }
  const [first] = tags;
  return tags.size === 1 ? first : undefined;
}
