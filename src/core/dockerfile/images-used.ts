import { onceFor } from '../text/once-for.ts';
import type { Span } from '../text/span.ts';
import { type ImageParts, imageParts } from './image-reference.ts';
import type { Dockerfile } from './model.ts';
import { sourceReferences, stageNamed } from './stage-references.ts';

/** An image from outside that a Dockerfile builds on or copies from. */
export interface UsedImage {
  readonly use: 'base' | 'source';
  readonly parts: ImageParts;
  /** As the builder will read it, variables put in. */
  readonly text: string;
  readonly span: Span;
  /** The name without tag and digest, and the tag, where they are written out. */
  readonly nameSpan: Span | undefined;
  readonly tagSpan: Span | undefined;
}

/** The images of FROM, and of `--from` where that is no stage. Names with variables that have no default are left out. */
export const imagesUsed = onceFor((dockerfile: Dockerfile): readonly UsedImage[] => {
  const used: UsedImage[] = [];
  for (const { from, parent } of dockerfile.stages) {
    const image = from?.image;
    // Empty where the default of an ARG is.
    if (!image?.resolved || image.repository === undefined || parent !== undefined) continue;
    const { registry, repository, tag, digest, resolved, span, nameSpan, tagSpan } = image;
    used.push({ use: 'base', parts: { registry, repository, tag, digest }, text: resolved, span, nameSpan, tagSpan });
  }
  for (const { from } of sourceReferences(dockerfile)) {
    const { value, span } = from;
    if (stageNamed(dockerfile, value) !== undefined || /^\d+$/.test(value)) continue;
    const parts = imageParts(value);
    const written = span.end - span.start === value.length;
    const name = value.slice(
      0,
      value.length - (parts.digest ? parts.digest.length + 1 : 0) - (parts.tag ? parts.tag.length + 1 : 0),
    );
    const nameSpan = written ? { start: span.start, end: span.start + name.length } : undefined;
    const tagStart = span.start + name.length + 1;
    const tagSpan = written && parts.tag ? { start: tagStart, end: tagStart + parts.tag.length } : undefined;
    used.push({ use: 'source', parts, text: value, span, nameSpan, tagSpan });
  }
  return used;
});
