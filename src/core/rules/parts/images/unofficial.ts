import type { ImageParts } from '../../../dockerfile/image-reference.ts';
import type { ImageKnowledge } from '../../../images/catalogue.ts';

/** What the rules about images of others say. */
export const unofficialMessages = {
  unofficial: '{image} is not the official image {name} (as of {asOf})',
} as const;

/**
 * What is told of an image on Docker Hub that bears the name of an official one and is somebody else's. Undefined for all
 * others: images of the project itself (`nginx/nginx`, `apache/flink`), of other registries, and of names whose official image is given up.
 */
export function unofficialFinding(knowledge: ImageKnowledge | undefined, { registry, repository }: ImageParts) {
  if (knowledge === undefined || (registry !== undefined && registry !== 'docker.io')) return undefined;
  const { official, asOf, officialName } = knowledge.catalogue;
  const [owner = '', name = '', ...more] = repository.toLowerCase().split('/');
  if (name === '' || more.length > 0 || officialName(registry, repository) !== undefined) return undefined;
  if (!official.exists(name) || official.deprecated(name) !== undefined) return undefined;
  const source = official.repository(name)?.split('/')[0]?.toLowerCase() ?? '';
  const isOwn = [source, name].some((own) => own !== '' && (owner.includes(own) || own.includes(owner)));
  return isOwn ? undefined : ({ message: 'unofficial', data: { image: repository, name, asOf } } as const);
}
