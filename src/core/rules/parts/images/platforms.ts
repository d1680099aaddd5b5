import type { ImageParts } from '../../../dockerfile/image-reference.ts';
import { isOffered } from '../../../images/architecture.ts';
import type { ImageKnowledge } from '../../../images/catalogue.ts';

/** What the rules about platforms that an image is not built for say. */
export const platformMessages = {
  missing: '{image} is not built for {platform}, only for {offered} (as of {asOf})',
} as const;

/** The message of an official image that is not built for a platform (`linux/arm64`); undefined where it is, or nobody knows. */
export function platformFinding(
  knowledge: ImageKnowledge | undefined,
  { registry, repository, tag = 'latest', digest }: ImageParts,
  platform: string,
) {
  if (knowledge === undefined || digest !== undefined || !/^[a-z]+\/[\w/]+$/i.test(platform)) return undefined;
  const { official, officialName, asOf } = knowledge.catalogue;
  const name = officialName(registry, repository);
  const offered = name === undefined ? [] : official.platforms(name, tag);
  if (offered.length === 0 || isOffered(offered, platform)) return undefined;
  return {
    message: 'missing',
    data: { image: `${name}:${tag}`, platform, offered: offered.join(', '), asOf },
  } as const;
}
