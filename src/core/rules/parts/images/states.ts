import type { ImageParts } from '../../../dockerfile/image-reference.ts';
import { type ImageKnowledge, type ImageState, imageState } from '../../../images/catalogue.ts';
import { type LifeLine, lastDay } from '../../../images/end-of-life.ts';

/** An image as a document names it, variables put in. */
export interface NamedImage {
  readonly text: string;
  readonly parts: ImageParts;
}

/** An image that a document names, official or with lines that are known, and where it stands. */
export interface JudgedImage {
  readonly image: NamedImage;
  readonly name: string;
  readonly tag: string;
  /** The tag is written, and not `latest` because nothing is. */
  readonly written: boolean;
  readonly state: ImageState;
  readonly knowledge: ImageKnowledge;
}

/** Judges an image; undefined where nothing is known of it, or a digest decides without a tag. */
export function judged(
  knowledge: ImageKnowledge | undefined,
  image: NamedImage,
  days: number,
): JudgedImage | undefined {
  const { registry, repository, tag, digest } = image.parts;
  if (knowledge === undefined || (tag === undefined && digest !== undefined)) return undefined;
  const name = knowledge.catalogue.knownName(registry, repository);
  if (name === undefined) return undefined;
  const asked = tag ?? 'latest';
  return {
    image,
    name,
    tag: asked,
    written: tag !== undefined,
    state: imageState(knowledge, name, asked, days),
    knowledge,
  };
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
  left: '{name} {line} left the official images on {day} and gets no more fixes{instead} (as of {asOf})',
  goneToo: '{lines}, and {name} has not been an official image since {day}{instead} (as of {asOf})',
  gone: '{name} has not been an official image since {day}{instead} (as of {asOf})',
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
        const instead = insteadText(knowledge.catalogue.official.deprecated(name)?.instead ?? []);
        return { message: 'left', data: { name, line: of, day, instead, asOf } } as const;
      }
      const rolling = state.lines.every((line) => line.rolling);
      const data = { lines: state.lines.map(endText).join(', '), asOf };
      return { message: 'ended', data, ...(rolling && { severity: 'information' as const }) } as const;
    }
    case 'gone': {
      const data = { name, day: state.day, instead: insteadText(state.instead), asOf };
      const lines = state.lines.map(endText).join(', ');
      return lines === ''
        ? ({ message: 'gone', data } as const)
        : ({ message: 'goneToo', data: { ...data, lines } } as const);
    }
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
  return instead.length === 0 ? '' : `; instead there is ${instead.join(', ').replace(/, ([^,]*)$/, ' or $1')}`;
}

/** What the rules about tags that do not exist say. */
export const unknownMessages = {
  unknown: 'There is no tag {tag} of {name}: is {meant} meant? (as of {asOf})',
} as const;

/** The message of a tag that does not exist, with what is probably meant; undefined for all others. */
export function unknownFinding({ name, tag, state, knowledge }: JudgedImage) {
  if (state.kind !== 'unknown') return undefined;
  return { message: 'unknown', data: { name, tag, meant: state.meant, asOf: knowledge.catalogue.asOf } } as const;
}

/** What the rules about tags that are not built say. */
export const builtMessages = {
  retired: '{what} has not been built since {day}: it gets no updates (as of {asOf})',
  superseded: '{by} is built in place of {tag} now (as of {asOf})',
} as const;

/** The message of a tag that is not built any more; undefined for all others. */
export function builtFinding({ name, tag, written, state, knowledge }: JudgedImage) {
  // That there is no tag is another rule's finding.
  if (!written) return undefined;
  const { asOf } = knowledge.catalogue;
  if (state.kind === 'retired') {
    const { of, day, kind } = state.retired;
    const what = kind === 'version' ? `${name} ${of}` : of === tag ? `${name}:${tag}` : `${name} with \`${of}\``;
    return { message: 'retired', data: { what, day, asOf } } as const;
  }
  if (state.kind !== 'superseded') return undefined;
  return { message: 'superseded', severity: 'information', data: { tag, by: state.by, asOf } } as const;
}
