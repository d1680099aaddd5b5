import type { ImageParts } from '../../../dockerfile/image-reference.ts';
import { betterTags, type ImageKnowledge, type ImageState, imageState } from '../../../images/catalogue.ts';
import { type LifeLine, lastDay } from '../../../images/end-of-life.ts';

/** An official image that a document names, and where it stands. */
export interface JudgedImage {
  readonly name: string;
  readonly tag: string;
  /** The tag is written, and not `latest` because nothing is. */
  readonly written: boolean;
  readonly state: ImageState;
  readonly knowledge: ImageKnowledge;
}

/** Judges an image; undefined where it is not official, or a digest decides without a tag. */
export function judged(
  knowledge: ImageKnowledge | undefined,
  { registry, repository, tag, digest }: ImageParts,
  days: number,
): JudgedImage | undefined {
  if (knowledge === undefined || (tag === undefined && digest !== undefined)) return undefined;
  const name = knowledge.catalogue.officialName(registry, repository);
  if (name === undefined) return undefined;
  const asked = tag ?? 'latest';
  return { name, tag: asked, written: tag !== undefined, state: imageState(knowledge, name, asked, days), knowledge };
}

/** Days before the end of a line at which it is told. */
export const endsWithin = {
  type: 'number',
  default: 90,
  description: 'How many days before its end a line of an image is reported.',
} as const;

/** What the rules about ended images say. */
export const ageMessages = {
  ended: '{lines}: no more security fixes (as of {asOf})',
  left: '{name} {line} left the official images on {day} and gets no more fixes (as of {asOf})',
  gone: '{name} is no official image since {day}{instead} (as of {asOf})',
  deprecated: 'The image {name} is deprecated{instead} (as of {asOf})',
  ending: '{lines} (as of {asOf})',
} as const;

/** The message of an image whose life is over or ends soon, with what it is filled in with; undefined for all others. */
export function ageFinding({ name, state, knowledge }: JudgedImage) {
  const { asOf } = knowledge.catalogue;
  switch (state.kind) {
    case 'ended': {
      const [first] = state.lines;
      if (first === undefined) {
        const { of = '', day = '' } = state.retired ?? {};
        return { message: 'left', data: { name, line: of, day, asOf } } as const;
      }
      const rolling = state.lines.every((line) => line.rolling);
      const data = { lines: state.lines.map(endText).join(', '), asOf };
      return { message: 'ended', data, ...(rolling && { severity: 'information' as const }) } as const;
    }
    case 'gone':
      return { message: 'gone', data: { name, day: state.day, instead: insteadText(state.instead), asOf } } as const;
    case 'deprecated':
      return { message: 'deprecated', data: { name, instead: insteadText(state.instead), asOf } } as const;
    case 'ending':
      return {
        message: 'ending',
        severity: 'information',
        data: { lines: `${state.line.title} ${state.line.cycle} ends on ${state.day}`, asOf },
      } as const;
    default:
      return undefined;
  }
}

/** `Python 3.7 ended on 2023-06-27`. */
function endText(line: LifeLine): string {
  const day = lastDay(line);
  return `${line.title} ${line.cycle} ${day === undefined ? 'has ended' : `ended on ${day}`}`;
}

function insteadText(instead: readonly string[]): string {
  return instead.length === 0 ? '' : `: ${instead.join(' or ')} takes its place`;
}

/** What the rules about tags that are not built say. */
export const builtMessages = {
  retired: 'No image of {name} with {line} is built since {day}: it gets no updates (as of {asOf})',
  superseded: '{by} is built in place of {tag} now (as of {asOf})',
} as const;

/** The message of a tag that is not built any more; undefined for all others. */
export function builtFinding({ name, tag, written, state, knowledge }: JudgedImage) {
  // That there is no tag is another rule's finding.
  if (!written) return undefined;
  const { asOf } = knowledge.catalogue;
  if (state.kind === 'retired') {
    const { of, day } = state.retired;
    return { message: 'retired', data: { name, line: of, day, asOf } } as const;
  }
  if (state.kind !== 'superseded') return undefined;
  return { message: 'superseded', severity: 'information', data: { tag, by: state.by, asOf } } as const;
}

/** The titles of fixes that go over to another tag. */
export const tagTitles = { nearest: 'Go to {tag}, the nearest line', newest: 'Go to {tag}, the newest' } as const;

/** The tags to go over to, with the id of their title. Nothing where a digest pins the image beside the tag. */
export function otherTags(
  { name, tag, knowledge, state }: JudgedImage,
  { digest, tag: written }: ImageParts,
): readonly { readonly title: keyof typeof tagTitles; readonly tag: string }[] {
  if (digest !== undefined || written === undefined) return [];
  if (state.kind === 'superseded') return [{ title: 'nearest', tag: state.by }];
  const { nearest, newest } = betterTags(knowledge, name, tag);
  return [
    ...(nearest === undefined || nearest === tag ? [] : [{ title: 'nearest', tag: nearest } as const]),
    ...(newest === undefined || newest === nearest || newest === tag
      ? []
      : [{ title: 'newest', tag: newest } as const]),
  ];
}
