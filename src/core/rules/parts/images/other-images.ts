import type { ImageParts } from '../../../dockerfile/image-reference.ts';
import type { MessageData } from '../../../engine/rule.ts';
import { betterTags, insteadOf } from '../../../images/better-tags.ts';
import type { JudgedImage } from './states.ts';

/** An image to go over to, with the title of the fix that does. */
export interface OtherImage<Title extends string> {
  readonly title: Title;
  readonly data: MessageData;
  /** As it is pulled. */
  readonly image: string;
}

/** The titles of fixes that go over to another tag. */
export const tagTitles = {
  nearest: 'Go to {tag}, the nearest supported line',
  newest: 'Go to {tag}, the newest',
  present: 'Go to {tag}, which is built now',
  instead: 'Go to {tag}, which takes its place',
  meant: 'Use {tag}',
} as const;

/** What is written, without tag and digest. */
export function untagged(text: string, { tag, digest }: ImageParts): string {
  const rest = (tag === undefined ? 0 : tag.length + 1) + (digest === undefined ? 0 : digest.length + 1);
  return text.slice(0, text.length - rest);
}

/**
 * What to go over to from an image that has ended, is built no more or never was. Nothing where a digest pins it beside the tag.
 * @param days what ends within so many is not gone to
 */
export function otherImages(
  { name, tag, knowledge, state, image: { text, parts } }: JudgedImage,
  days: number,
): readonly OtherImage<keyof typeof tagTitles>[] {
  if (parts.digest !== undefined || parts.tag === undefined) return [];
  const path = untagged(text, parts);
  const other = (title: keyof typeof tagTitles, to: string) => ({ title, data: { tag: to }, image: `${path}:${to}` });
  if (state.kind === 'superseded') return [other('present', state.by)];
  if (state.kind === 'unknown') return [other('meant', state.meant)];
  const instead = insteadOf(knowledge, name, tag, days);
  if (instead !== undefined && path.endsWith(name)) {
    const to = `${instead.name}:${instead.tag}`;
    return [{ title: 'instead', data: { tag: to }, image: path.slice(0, -name.length) + to }];
  }
  const { nearest, newest } = betterTags(knowledge, name, tag, days);
  return [
    ...(nearest === undefined || nearest === newest ? [] : [other('nearest', nearest)]),
    ...(newest === undefined ? [] : [other('newest', newest)]),
  ];
}
