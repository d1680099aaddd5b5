import { imageEdits } from '../dockerfile/image-edits.ts';
import { imageParts } from '../dockerfile/image-reference.ts';
import { imagesUsed } from '../dockerfile/images-used.ts';
import { taggedImages } from '../kubernetes/kustomization-images.ts';
import type { Parsed } from '../parsed.ts';
import { replace, type TextEdit } from '../text/edit.ts';
import { type Span, shiftSpan } from '../text/span.ts';

/** An image that a document names. */
export interface WrittenImage {
  /** As it is pulled, variables put in. */
  readonly text: string;
  readonly registry: string | undefined;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
  /** The whole reference in the file. */
  readonly span: Span;
  /** Where another tag would stand; undefined where a variable or a stage's argument writes it. */
  readonly editable: boolean;
}

/** The images of a document, in offsets of its file: of FROM and `--from`, of services, of containers. */
export function* writtenImages(parsed: Parsed): Generator<WrittenImage> {
  switch (parsed.kind) {
    case 'dockerfile':
      for (const { text, parts, span } of imagesUsed(parsed.dockerfile)) {
        const editable = parsed.file.text.slice(span.start, span.end) === text;
        yield { text, ...parts, span, editable };
      }
      return;
    case 'compose':
      for (const { image } of parsed.compose.services) {
        if (image !== undefined) yield* plain(parsed.file.text, image.value, image.span, parsed.start);
      }
      return;
    case 'kubernetes':
      for (const { object, start } of parsed.kubernetes.objects) {
        for (const { image } of object.workload?.containers ?? []) {
          if (image !== undefined) yield* plain(parsed.file.text, image.value, image.span, start);
        }
      }
      return;
    case 'kustomization':
      for (const { document, start } of parsed.yaml.parts) {
        for (const { name, tag } of taggedImages(document)) {
          const text = `${name}:${tag.value}`;
          yield { text, ...imageParts(text), span: shiftSpan(tag.span, start), editable: false };
        }
      }
      return;
    case 'values':
    case 'settings':
    case 'other':
      return;
    default:
      parsed satisfies never;
  }
}

/** A scalar's image: its characters without the quotes. */
function* plain(file: string, text: string, span: Span, start: number): Generator<WrittenImage> {
  if (/[${}]/.test(text) || text === '') return;
  const at = file.indexOf(text, span.start + start);
  const editable = at >= 0 && at + text.length <= span.end + start;
  const place = editable ? { start: at, end: at + text.length } : { start: span.start + start, end: span.end + start };
  yield { text, ...imageParts(text), span: place, editable };
}

/** The image at an offset of the file. */
export function imageAt(parsed: Parsed, offset: number): WrittenImage | undefined {
  for (const image of writtenImages(parsed)) {
    if (image.span.start <= offset && offset <= image.span.end) return image;
  }
  return undefined;
}

/**
 * The edits that write another image in an image's place, in offsets of the file: in the default of the ARG that it comes from
 * where that is so. Undefined where there is no place for them.
 */
export function imageRewritten(parsed: Parsed, image: WrittenImage, text: string): readonly TextEdit[] | undefined {
  if (image.editable) return [replace(image.span, text)];
  if (parsed.kind !== 'dockerfile') return undefined;
  const change = imageEdits(parsed.dockerfile, image.span, text);
  // A digest fits one image: the argument that it goes into may not be a part of another.
  const isWhole = [...(change?.defaults.values() ?? [])].every((value) => value === text);
  return text.includes('@') && !isWhole ? undefined : change?.edits;
}
