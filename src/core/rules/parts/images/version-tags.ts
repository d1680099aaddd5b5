import type { ImageParts } from '../../../dockerfile/image-reference.ts';
import type { ImageKnowledge } from '../../../images/catalogue.ts';
import { presentTags } from '../../../images/present-tags.ts';

/** The titles of fixes that name the version which an image without one is now. */
export const versionTitles = {
  line: 'Name {tag}, the line that it is (as of {asOf})',
  exact: 'Name {tag}, the release that it is (as of {asOf})',
} as const;

/** The tags to name in place of a tag without a version, or of none; empty where the image is not official. */
export function versionTags(
  knowledge: ImageKnowledge | undefined,
  { registry, repository, tag = 'latest', digest }: ImageParts,
): readonly {
  readonly title: keyof typeof versionTitles;
  readonly data: { readonly tag: string; readonly asOf: string };
}[] {
  const name = digest === undefined ? knowledge?.catalogue.officialName(registry, repository) : undefined;
  if (knowledge === undefined || name === undefined) return [];
  const { line, exact } = presentTags(knowledge, name, tag);
  const { asOf } = knowledge.catalogue;
  return [
    ...(line === undefined ? [] : [{ title: 'line', data: { tag: line, asOf } } as const]),
    ...(exact === undefined ? [] : [{ title: 'exact', data: { tag: exact, asOf } } as const]),
  ];
}
