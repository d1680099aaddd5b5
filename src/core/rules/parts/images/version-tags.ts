import type { ImageKnowledge } from '../../../images/catalogue.ts';
import { presentTags } from '../../../images/present-tags.ts';
import { type OtherImage, untagged } from './other-images.ts';
import type { NamedImage } from './states.ts';

/** The titles of fixes that name the version which an image without one is now. */
export const versionTitles = {
  line: 'Name {tag}, the line that it is (as of {asOf})',
  exact: 'Name {tag}, the release that it is (as of {asOf})',
} as const;

/** The images to name in place of one without a version, or without a tag; empty where it is not official. */
export function versionedImages(
  knowledge: ImageKnowledge | undefined,
  { text, parts }: NamedImage,
): readonly OtherImage<keyof typeof versionTitles>[] {
  const { registry, repository, tag = 'latest', digest } = parts;
  const name = digest === undefined ? knowledge?.catalogue.officialName(registry, repository) : undefined;
  if (knowledge === undefined || name === undefined) return [];
  const { line, exact } = presentTags(knowledge, name, tag);
  const { asOf } = knowledge.catalogue;
  const path = untagged(text, parts);
  return [
    ...(line === undefined ? [] : [{ title: 'line', data: { tag: line, asOf }, image: `${path}:${line}` } as const]),
    ...(exact === undefined
      ? []
      : [{ title: 'exact', data: { tag: exact, asOf }, image: `${path}:${exact}` } as const]),
  ];
}
