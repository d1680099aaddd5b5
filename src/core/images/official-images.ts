import { onceFor } from '../text/once-for.ts';
import type { OfficialFacts, OfficialImage } from './image-facts.ts';
import { compareVersions, isDayStamp, isInLine, parseTag } from './image-tag.ts';

/** Images of one build: all its tags are the same image. */
interface Build {
  readonly tags: readonly string[];
  /** Tags of several builds at once, one for each platform. */
  readonly shared: readonly string[];
  /** Platforms as Docker names them. */
  readonly platforms: readonly string[];
}

interface Builds {
  /** By tag; several where the tag is shared. */
  readonly byTag: ReadonlyMap<string, readonly Build[]>;
}

const platformNames: Readonly<Record<string, string>> = {
  amd64: 'linux/amd64',
  arm32v5: 'linux/arm/v5',
  arm32v6: 'linux/arm/v6',
  arm32v7: 'linux/arm/v7',
  arm64v8: 'linux/arm64',
  i386: 'linux/386',
  loong64: 'linux/loong64',
  mips64le: 'linux/mips64le',
  ppc64le: 'linux/ppc64le',
  riscv64: 'linux/riscv64',
  s390x: 'linux/s390x',
  'windows-amd64': 'windows/amd64',
};

function joined(version: string, suffix: string): string {
  if (version === '') return suffix;
  return suffix === '' ? version : `${version}-${suffix}`;
}

/** A list with commas, or a product of two: `V*X` goes through V for each of X, `V/X` through X for each of V. */
function expanded(list: string): readonly string[] {
  const [, left, sign, right] = /^([^*/]*)([*/])(.*)$/.exec(list) ?? [];
  if (left === undefined || right === undefined) return list.split(',');
  const part = (text: string) => text.split(',').map((word) => (word === '~' ? '' : word));
  const [versions, suffixes] = [part(left), part(right)];
  return sign === '*'
    ? suffixes.flatMap((suffix) => versions.map((version) => joined(version, suffix)))
    : versions.flatMap((version) => suffixes.map((suffix) => joined(version, suffix)));
}

/** `A[:C]|tags[|sharedTags]`: A counts the sets of architectures in base 36. */
function decodeEntry({ archSets }: OfficialFacts, entry: string): Build {
  const [head = '', tags = '', shared] = entry.split('|');
  const arches = archSets[Number.parseInt(head.split(':')[0] ?? '', 36)] ?? '';
  return {
    tags: expanded(tags),
    shared: shared === undefined ? [] : expanded(shared),
    platforms: arches.split(' ').map((arch) => platformNames[arch] ?? arch),
  };
}

/** What of the official images is built now, and was once (docker-library/official-images). */
export interface OfficialImages {
  /** Whether it is the name of an official image, without `library/`. */
  exists(name: string): boolean;
  names(): readonly string[];
  /** What takes the place of an image that was official once. */
  formerly(name: string): { readonly day: string; readonly instead: readonly string[] } | undefined;
  /** Deprecated as a whole, with what takes its place. */
  deprecated(name: string): { readonly instead: readonly string[] } | undefined;
  /** Its repository on GitHub. */
  repository(name: string): string | undefined;
  /** All tags that are built now. */
  tags(name: string): readonly string[];
  isBuilt(name: string, tag: string): boolean;
  /** Platforms of a tag as Docker names them; empty where the tag is not built. */
  platforms(name: string, tag: string): readonly string[];
  /** Other tags of the same image now. */
  aliases(name: string, tag: string): readonly string[];
  /** Tags of the same version in other variants. */
  variants(name: string, tag: string): readonly string[];
  /** The version that `latest` means, as exact as it is known. */
  latest(name: string): string | undefined;
  /**
   * The most exact tag of the newest release in a line (`''` for any) with exactly this variant. Releases above the one that
   * `latest` means are taken only where nothing else fits: they are previews of a kind.
   */
  newest(name: string, line: string, variant: string): string | undefined;
}

/** Reads the facts, each image when it is first asked for. */
export function readOfficialImages(facts: OfficialFacts): OfficialImages {
  const { images, gone } = facts;
  const imageOf = (name: string): OfficialImage | undefined => (Object.hasOwn(images, name) ? images[name] : undefined);
  const decode = onceFor((image: OfficialImage): Builds => {
    const byTag = new Map<string, Build[]>();
    for (const build of image.e.map((entry) => decodeEntry(facts, entry))) {
      for (const tag of [...build.tags, ...build.shared]) {
        const builds = byTag.get(tag);
        if (builds === undefined) byTag.set(tag, [build]);
        else if (!builds.includes(build)) builds.push(build);
      }
    }
    return { byTag };
  });
  const none: Builds['byTag'] = new Map();
  const byTag = (name: string): Builds['byTag'] => {
    const image = imageOf(name);
    return image === undefined ? none : decode(image).byTag;
  };
  const aliases = (name: string, tag: string): readonly string[] => {
    const builds = byTag(name).get(tag) ?? [];
    const own = builds.find(({ tags }) => tags.includes(tag));
    if (own !== undefined) return own.tags.filter((other) => other !== tag);
    // A shared tag is the same as another where both stand for exactly the same builds.
    return (builds[0]?.shared ?? []).filter(
      (other) =>
        other !== tag &&
        byTag(name).get(other)?.length === builds.length &&
        builds.every(({ shared }) => shared.includes(other)),
    );
  };
  const tags = (name: string) => [...byTag(name).keys()];
  const released = (tag: string) => {
    const { version, preview, variant } = parseTag(tag);
    return version === undefined || preview !== undefined || isDayStamp(version) ? undefined : { version, variant };
  };
  const latest = (name: string) =>
    aliases(name, 'latest')
      .flatMap((tag) => released(tag)?.version ?? [])
      .reduce<string | undefined>((a, b) => (a === undefined || compareVersions(b, a) > 0 ? b : a), undefined);
  return {
    exists: (name) => imageOf(name) !== undefined,
    names: () => Object.keys(images),
    formerly(name) {
      const was = Object.hasOwn(gone, name) ? gone[name] : undefined;
      return was && { day: was.d, instead: was.u };
    },
    deprecated(name) {
      const status = imageOf(name)?.x;
      return status?.k === 'deprecated' ? { instead: status.u ?? [] } : undefined;
    },
    repository: (name) => imageOf(name)?.r,
    tags,
    isBuilt: (name, tag) => byTag(name).has(tag),
    platforms: (name, tag) => [...new Set((byTag(name).get(tag) ?? []).flatMap(({ platforms }) => platforms))],
    aliases,
    variants(name, tag) {
      const { version, preview } = parseTag(tag);
      return tags(name).filter((other) => {
        const parsed = parseTag(other);
        return other !== tag && parsed.version === version && parsed.preview === preview;
      });
    },
    latest,
    newest(name, line, variant) {
      const top = latest(name);
      let best: { tag: string; version: string } | undefined;
      let above: typeof best;
      for (const tag of tags(name)) {
        const found = released(tag);
        if (found === undefined || found.variant !== variant) continue;
        const { version } = found;
        if (line !== '' && !isInLine(version, line)) continue;
        const isNewer = (than: typeof best) => than === undefined || compareVersions(version, than.version) > 0;
        if (top !== undefined && compareVersions(version, top) > 0) {
          if (isNewer(above)) above = { tag, version };
        } else if (isNewer(best)) best = { tag, version };
      }
      return (best ?? above)?.tag;
    },
  };
}
