import { imageParts } from '../../../dockerfile/image-reference.ts';
import type { Located, Span } from '../../../text/span.ts';
import type { YamlDocument, YamlPath } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';

/** The characters of an image's tag in a document; the whole image where no tag is written, or escapes stand in the way. */
export function writtenTag(document: YamlDocument, { value, span }: Located<string>): Span {
  const { tag, digest } = imageParts(value);
  const at = document.text.indexOf(value, span.start);
  if (tag === undefined || at < 0 || at + value.length > span.end) return span;
  const end = at + value.length - (digest === undefined ? 0 : digest.length + 1);
  return { start: end - tag.length, end };
}

/** A fix for each tag that the image may have instead. */
export function retagged<Title extends string>(
  document: YamlDocument,
  path: YamlPath,
  image: string,
  tags: readonly { readonly title: Title; readonly tag: string }[],
) {
  const { tag: old = '' } = imageParts(image);
  const name = image.slice(0, image.length - old.length);
  return tags.flatMap(({ title, tag }) =>
    patchFix(document, {
      title,
      data: { tag },
      safety: 'suggested',
      patches: [{ kind: 'set', path, value: `${name}${tag}` }],
    }),
  );
}
