import { imageEdits, resolvedWith } from '../../../dockerfile/image-edits.ts';
import { imageParts } from '../../../dockerfile/image-reference.ts';
import type { UsedImage } from '../../../dockerfile/images-used.ts';
import type { Dockerfile } from '../../../dockerfile/model.ts';
import type { MessageData } from '../../../engine/rule.ts';
import type { ImageKnowledge } from '../../../images/catalogue.ts';
import type { TextEdit } from '../../../text/edit.ts';
import type { OtherImage } from './other-images.ts';

/** A fix for each image to go over to, where there is a place to write it: in FROM, or in the default of the ARG that it comes from. */
export function imageFixes<const Title extends string>(
  dockerfile: Dockerfile,
  used: UsedImage,
  knowledge: ImageKnowledge | undefined,
  others: readonly OtherImage<Title>[],
): readonly {
  readonly title: Title;
  readonly data: MessageData;
  readonly safety: 'suggested';
  readonly edits: readonly TextEdit[];
}[] {
  return others.flatMap(({ title, data, image }) => {
    const change = imageEdits(dockerfile, used.span, image);
    if (change === undefined || !othersStayRight(dockerfile, change.defaults, used, knowledge)) return [];
    return [{ title, data, safety: 'suggested', edits: change.edits }];
  });
}

/** Whether all else that changes with the defaults is the same image with another tag that is built. */
function othersStayRight(
  dockerfile: Dockerfile,
  defaults: ReadonlyMap<string, string>,
  { span, parts }: UsedImage,
  knowledge: ImageKnowledge | undefined,
): boolean {
  return dockerfile.stages.every(({ from }) => {
    const image = from?.image;
    if (image === undefined || image.span.start === span.start || defaults.size === 0) return true;
    const after = resolvedWith(dockerfile, image, defaults);
    if (after === image.resolved) return true;
    if (after === undefined || knowledge === undefined || image.repository !== parts.repository) return false;
    const { officialName, official } = knowledge.catalogue;
    const { tag = 'latest', ...other } = imageParts(after);
    const name = officialName(other.registry, other.repository);
    return name !== undefined && official.isBuilt(name, tag);
  });
}
