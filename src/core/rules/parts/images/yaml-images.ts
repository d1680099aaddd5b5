import { type Variable, variablesIn } from '../../../compose/interpolation.ts';
import type { ComposeService } from '../../../compose/model.ts';
import { imageParts } from '../../../dockerfile/image-reference.ts';
import type { Container } from '../../../kubernetes/model.ts';
import { replace, type TextEdit } from '../../../text/edit.ts';
import { redistributed } from '../../../text/pieces.ts';
import type { Span } from '../../../text/span.ts';
import { fieldAt } from '../../../yaml/field.ts';
import type { YamlDocument, YamlPath } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';
import { type OtherImage, untagged } from './other-images.ts';
import type { NamedImage } from './states.ts';

/** An image in a YAML document. */
export interface YamlImage extends NamedImage {
  readonly document: YamlDocument;
  readonly path: YamlPath;
  readonly span: Span;
}

/** The image of a service; undefined where the service builds it and only gives it a name, or it is not known. */
export function imageOfService({ image, node, path, file: { document } }: ComposeService): YamlImage | undefined {
  if (image === undefined || image.value.includes('$') || fieldAt(node, 'build') !== undefined) return undefined;
  return yamlImage(document, [...path, 'image'], image.value, image.span);
}

/** The image of a container; undefined where a kustomization gives it another tag, or it is not known. */
export function imageOfContainer(
  { image, path, workload }: Container,
  retagged: ReadonlySet<string> | undefined,
): YamlImage | undefined {
  if (image === undefined || /[${}<>]/.test(image.value)) return undefined;
  const found = yamlImage(workload.object.document, [...path, 'image'], image.value, image.span);
  return retagged?.has(untagged(found.text, found.parts)) ? undefined : found;
}

function yamlImage(document: YamlDocument, path: YamlPath, text: string, span: Span): YamlImage {
  return { document, path, text, parts: imageParts(text), span };
}

/** The characters of a part of a value, where they are written as such; else the whole of it. */
export function spanWithin({ text }: YamlDocument, span: Span, part: string): Span {
  const at = text.slice(span.start, span.end).indexOf(part);
  return at < 0 ? span : { start: span.start + at, end: span.start + at + part.length };
}

/** The characters of the tag; the whole image where no tag is written, or a variable or escapes stand in the way. */
export function spanOfTag({ document, text, parts: { tag, digest }, span }: YamlImage): Span {
  const at = document.text.indexOf(text, span.start);
  if (tag === undefined || at < 0 || at + text.length > span.end) return span;
  const end = at + text.length - (digest === undefined ? 0 : digest.length + 1);
  return { start: end - tag.length, end };
}

/** A fix for each image to go over to: the value itself, or the defaults that its variables have there. */
export function yamlImageFixes<const Title extends string>(
  image: YamlImage,
  others: readonly OtherImage<Title>[],
  safety: 'safe' | 'suggested' = 'suggested',
) {
  const { document, path, span } = image;
  const isVariable = document.text.slice(span.start, span.end).includes('$');
  return others.flatMap(({ title, data, image: to }) => {
    if (!isVariable) return patchFix(document, { title, data, safety, patches: [{ kind: 'set', path, value: to }] });
    const edits = defaultEdits(image, to);
    return edits === undefined ? [] : [{ title, data, safety, edits }];
  });
}

interface Piece {
  readonly value: string;
  readonly start: number;
}

/** Edits of `${TAG:-3.7}` and what stands around it; undefined where a value comes from elsewhere. */
function defaultEdits({ document, text, span }: YamlImage, to: string): readonly TextEdit[] | undefined {
  const raw = document.text.slice(span.start, span.end);
  if (/\\|[\n&*!]/.test(raw)) return undefined;
  const quotes = /^["']/.test(raw) ? 1 : 0;
  const inside = raw.slice(quotes, raw.length - quotes);
  const variables = variablesIn(inside);
  if (variables === undefined) return undefined;
  const pieces = piecesOf(inside, variables);
  if (pieces.map(({ value }) => value).join('') !== text) return undefined;
  const values = redistributed(
    pieces.map(({ value }) => value),
    to,
  );
  return values?.flatMap((now, index) => {
    const { value = '', start = 0 } = pieces[index] ?? {};
    const from = span.start + quotes + start;
    return now === value ? [] : [replace({ start: from, end: from + value.length }, now)];
  });
}

/** What is written, and the defaults of variables. */
function piecesOf(text: string, variables: readonly Variable[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let last = 0;
  for (const { operator, word, start, end } of variables) {
    pieces.push({ value: text.slice(last, start), start: last });
    if (operator.endsWith('-')) pieces.push({ value: word, start: end - 1 - word.length });
    last = end;
  }
  return [...pieces, { value: text.slice(last), start: last }].filter(({ value }) => value !== '');
}
