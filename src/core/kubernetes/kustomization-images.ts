import type { Located } from '../text/span.ts';
import { knownItems, knownText } from '../yaml/field.ts';
import type { YamlDocument } from '../yaml/node.ts';

/** An image that a kustomization gives a tag. */
export interface TaggedImage {
  readonly index: number;
  /** As it will be pulled, without the tag. */
  readonly name: string;
  readonly tag: Located<string>;
}

/** The images of a kustomization that get a tag there; those with a digest are pinned by that. */
export function taggedImages({ root }: YamlDocument): readonly TaggedImage[] {
  return knownItems(root, 'images').flatMap(({ index, node }) => {
    const name = knownText(node, 'newName') ?? knownText(node, 'name');
    const tag = knownText(node, 'newTag');
    if (name === undefined || tag === undefined || tag.value === '') return [];
    return knownText(node, 'digest') === undefined ? [{ index, name: name.value, tag }] : [];
  });
}
