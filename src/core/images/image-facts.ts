/**
 * What is in `dist/image-facts.json`, which the build makes of `data/*.json`. The format is that of the snapshots: see
 * `official-images.ts` and `end-of-life.ts`, which read it.
 */
export interface ImageFacts {
  readonly official: OfficialFacts;
  readonly retired: RetiredFacts;
  readonly ends: EndFacts;
}

interface Origin {
  readonly source: string;
  readonly commit: string;
  /** ISO time of the commit. */
  readonly date: string;
  readonly licence: string;
}

export interface OfficialFacts {
  readonly meta: Origin;
  /** Architectures separated by blanks, as bashbrew names them. */
  readonly archSets: readonly string[];
  readonly constraints: readonly string[];
  readonly images: Readonly<Record<string, OfficialImage>>;
  /** Official once: the day its file was removed, and what takes its place. */
  readonly gone: Readonly<Record<string, { readonly d: string; readonly u: readonly string[] }>>;
}

export interface OfficialImage {
  /** `A[:C]|tags[|sharedTags]`, see `decodeEntry`. */
  readonly e: readonly string[];
  /** Deprecated, partly so, or with a remark; what takes its place. */
  readonly x?: { readonly k: string; readonly u?: readonly string[]; readonly since?: string };
  /** Its repository on GitHub. */
  readonly r?: string;
}

export interface RetiredFacts {
  readonly meta: Origin;
  readonly images: Readonly<Record<string, RetiredImage>>;
}

export interface RetiredImage {
  /** Version lines that no supported tag carries any more, with the day the last tag left. */
  readonly v?: Readonly<Record<string, string>>;
  /** The same for words between dashes. */
  readonly w?: Readonly<Record<string, string>>;
  /** The day the file was removed, or its last tag. */
  readonly gone?: string;
  readonly empty?: string;
}

/** `[cycle, release, end, {x: end of extended support}?]`; an end of true is past, false not known yet, null not told. */
export type Cycle = readonly [
  cycle: string,
  release: string | null,
  end: string | boolean | null,
  more?: { readonly x?: string | boolean },
];

export interface Product {
  readonly t: string;
  /** Median days between releases; small where only the newest is maintained. */
  readonly g?: number;
  /** `free`: the extended phase is open to everyone. */
  readonly x?: string;
  /** Newest first. */
  readonly c: readonly Cycle[];
}

export interface ImageRule {
  /** Taken off the front of a tag: a regular expression. */
  readonly s?: string;
  /** Finds the version. */
  readonly re?: string;
  /** Word to cycle; `cycle` where the word is the cycle. */
  readonly w?: Readonly<Record<string, string>> | 'cycle';
  /** Version to cycle. */
  readonly a?: Readonly<Record<string, string>>;
  readonly p?: readonly string[];
  /** The product, where this word is in the tag. */
  readonly p2?: Readonly<Record<string, string>>;
}

export interface EndFacts {
  readonly meta: Origin;
  readonly products: Readonly<Record<string, Product>>;
  /** Product of an image. */
  readonly images: Readonly<Record<string, string>>;
  readonly rules: Readonly<Record<string, ImageRule>>;
  /** Product and cycle of a word; of `windows:word` the cycle alone. */
  readonly words: Readonly<Record<string, string | readonly [product: string, cycle: string]>>;
  readonly suffixes: readonly (readonly [pattern: string, product: string, template?: string])[];
  /** Prefixes of mirrors of the official images. */
  readonly mirrors: readonly string[];
}

/** Whether a value that was read from a file may be the facts; the build's own test looks at each of them. */
export function isImageFacts(value: unknown): value is ImageFacts {
  if (typeof value !== 'object' || value === null) return false;
  const { official, retired, ends }: { official?: unknown; retired?: unknown; ends?: unknown } = value;
  return [official, retired, ends].every((part) => typeof part === 'object' && part !== null && 'images' in part);
}
