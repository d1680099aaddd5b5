import type { ImageParts } from '../dockerfile/image-reference.ts';

/** What images are called by, and Go's name of the architecture, which nodes are labelled with. */
const architectures: ReadonlyMap<string, string> = new Map([
  ['amd64', 'amd64'],
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['arm64', 'arm64'],
  ['arm64v8', 'arm64'],
  ['aarch64', 'arm64'],
  ['arm32v7', 'arm'],
  ['armv7', 'arm'],
  ['armhf', 'arm'],
  ['ppc64le', 'ppc64le'],
  ['s390x', 's390x'],
  ['riscv64', 'riscv64'],
]);

const anyName = new RegExp([...architectures.keys()].join('|'));

/** A quick look at whether an image's whole name has an architecture's in it. */
export function mayNameArchitecture(image: string): boolean {
  return anyName.test(image);
}

/** The one architecture that an image is for by its name, and the part of the name that says so. */
export interface NamedArchitecture {
  readonly architecture: string;
  readonly by: 'folder' | 'tag' | 'repository';
  /** As it is written. */
  readonly word: string;
}

/** The architecture that an image's tag or name ends in, or that its folder on Docker Hub is called after. */
export function architectureNamed({ registry, repository, tag }: ImageParts): NamedArchitecture | undefined {
  const folder = registry === undefined && repository.includes('/') ? repository.split('/')[0] : undefined;
  const ending = (text: string | undefined) => /(?:^|[-_.])([a-z]+[0-9][a-z0-9_-]*)$/.exec(text ?? '')?.[1];
  const words = [
    ['folder', folder],
    ['tag', ending(tag)],
    ['repository', ending(repository)],
  ] as const;
  for (const [by, word] of words) {
    const architecture = word === undefined ? undefined : architectures.get(word);
    if (word !== undefined && architecture !== undefined) return { architecture, by, word };
  }
  return undefined;
}

/**
 * Whether an image of these platforms (`linux/arm64`) can be had for one: as containerd chooses, which takes an older
 * variant too, and 32 bits where 64 are not offered.
 */
export function isOffered(platforms: readonly string[], wanted: string): boolean {
  const [system = '', architecture = '', variant = ''] = wanted.toLowerCase().split('/');
  const kinds: Readonly<Record<string, readonly string[]>> = { amd64: ['amd64', '386'], arm64: ['arm64', 'arm'] };
  const most = architecture === 'arm' ? Number(/\d+/.exec(variant)?.[0] ?? 7) : Number.POSITIVE_INFINITY;
  return platforms.some((platform) => {
    const [ownSystem, own = '', ownVariant = ''] = platform.split('/');
    if (ownSystem !== system || !(kinds[architecture] ?? [architecture]).includes(own)) return false;
    return own !== 'arm' || Number(/\d+/.exec(ownVariant)?.[0] ?? 7) <= most;
  });
}
