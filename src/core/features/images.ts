import { type ImageKnowledge, type ImageState, imageState } from '../images/catalogue.ts';
import { type LifeLine, lastDay, lifeState } from '../images/end-of-life.ts';
import { compareVersions, type ImageTag, isDayStamp, parseTag } from '../images/image-tag.ts';
import type { Parsed } from '../parsed.ts';
import { lineStart } from '../text/lines.ts';
import type { CompletionEntry } from './complete-settings.ts';
import { escapeMarkdown } from './explain.ts';
import type { Hover } from './hover.ts';
import { imageAt, type WrittenImage, writtenImages } from './image-at.ts';
import type { InlayHint } from './inlay-hints.ts';

/** Variants and aliases that a hover lists; more would hide the rest. */
const mostListed = 12;

interface Known {
  readonly image: WrittenImage;
  readonly name: string;
  readonly tag: string;
  readonly lines: readonly LifeLine[];
  /** A Docker Official Image, not Microsoft's own: its tags are known. */
  readonly official: boolean;
}

function knownOf(image: WrittenImage, { catalogue }: ImageKnowledge): Known | undefined {
  const name = catalogue.knownName(image.registry, image.repository);
  if (name === undefined || (image.tag === undefined && image.digest !== undefined)) return undefined;
  const tag = image.tag ?? 'latest';
  const official = catalogue.officialName(image.registry, image.repository) !== undefined;
  const lines = catalogue.linesOf(name, tag);
  return official || lines.length > 0 ? { image, name, tag, lines, official } : undefined;
}

/** What an image at the offset is that something is known of: its lines and their ends, what the tag means now, platforms, variants. */
export function imageHover(parsed: Parsed, offset: number, knowledge: ImageKnowledge): Hover | undefined {
  const image = imageAt(parsed, offset);
  const found = image && knownOf(image, knowledge);
  if (image === undefined || found === undefined) return undefined;
  const { catalogue, today } = knowledge;
  const { official, asOf } = catalogue;
  const { name, tag, lines } = found;
  const state = imageState(knowledge, name, tag, 0);
  const bold = (text: string) => `**${escapeMarkdown(text)}**`;
  const deprecated = official.deprecated(name);
  const says = [
    state.kind === 'gone'
      ? `${bold(name)} has not been an official image since ${state.day}${insteadText(state.instead)}`
      : `${bold(`${name}:${tag}`)}, ${found.official ? 'an official image' : 'Microsoft’s own image'}`,
    ...(deprecated === undefined ? [] : [`The whole image is deprecated${insteadText(deprecated.instead)}`]),
  ];
  const exact = mostExact(tag, official.aliases(name, tag));
  if (exact !== undefined) says.push(`- means ${code(exact)} now`);
  const all = lines.length > 0 || exact === undefined ? lines : catalogue.linesOf(name, exact);
  says.push(...all.map((line) => `- ${escapeMarkdown(lifeText(line, today))}`));
  if (!found.official) {
    // Nothing more is known of it.
  } else if (official.isBuilt(name, tag)) {
    says.push(`- built for ${official.platforms(name, tag).map(escapeMarkdown).join(', ')}`);
    const variants = variantsOf(knowledge, name, tag).toSorted((a, b) => words(a) - words(b));
    if (variants.length > 0) says.push(`- also as ${listed(variants)}`);
  } else says.push(...whyNotBuilt(state));
  says.push(`As of ${asOf}.`);
  return { span: image.span, markdown: says.join('\n\n').replace(/\n\n- /g, '\n- ') };
}

function whyNotBuilt(state: ImageState): readonly string[] {
  switch (state.kind) {
    case 'gone':
      return [];
    case 'superseded':
      return [`- ${code(state.by)} is built in its place now`];
    case 'unknown':
      return [`- not among the tags that are built: is ${code(state.meant)} meant?`];
    case 'ended':
    case 'retired':
      if (state.retired !== undefined)
        return [`- ${code(state.retired.of)} has not been built since ${state.retired.day}`];
      break;
    default:
  }
  return ['- not among the tags that are built'];
}

function insteadText(instead: readonly string[]): string {
  return instead.length === 0
    ? ''
    : `; instead there is ${instead
        .map(code)
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1')}`;
}

/** Tags of the same version in other variants; of a tag without a version those that mean the same version now. */
function variantsOf({ catalogue: { official } }: ImageKnowledge, name: string, tag: string): readonly string[] {
  const variants = official.variants(name, tag);
  if (parseTag(tag).version !== undefined) return variants;
  const meant = (one: string) => {
    const exact = mostExact(one, official.aliases(name, one));
    return exact === undefined ? undefined : parseTag(exact).version;
  };
  const version = meant(tag);
  return version === undefined ? [] : variants.filter((other) => meant(other) === version);
}

/** Where a part of an image stands on a day: `Debian 13 gets fixes until 2028-08-09, in its long-term phase until 2030-06-30`. */
function lifeText(line: LifeLine, today: string): string {
  const what = `${line.title} ${line.cycle}`;
  const day = lastDay(line);
  switch (lifeState(line, today)) {
    case 'ended':
      return `${what} ${day === undefined ? 'has ended' : `ended on ${day}`}`;
    case 'extended':
      return `${what} is in its long-term phase${day === undefined ? '' : `, until ${day}`}`;
    case 'supported':
      if (typeof line.end !== 'string') return `${what} gets fixes; no end is known`;
      return `${what} gets fixes until ${line.end}${day === line.end ? '' : `, in its long-term phase until ${day}`}`;
    case 'unknown':
      return `${what}: its end is not known`;
  }
}

/** Of the other tags of an image the one with the longest version. */
function mostExact(tag: string, aliases: readonly string[]): string | undefined {
  const length = (one: string) => parseTag(one).version?.length ?? 0;
  const best = aliases.toSorted((a, b) => length(b) - length(a) || b.length - a.length)[0];
  return best !== undefined && length(best) > length(tag) ? best : undefined;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}

function listed(texts: readonly string[]): string {
  const shown = texts.slice(0, mostListed).map(code).join(', ');
  return texts.length > mostListed ? `${shown} and ${texts.length - mostListed} more` : shown;
}

/** `ends 2027-10` behind images whose lines are known: the first end among their parts, or of the image itself. Nothing where none is known. */
export function imageHints(parsed: Parsed, knowledge: ImageKnowledge): readonly InlayHint[] {
  const { catalogue, today } = knowledge;
  return [...writtenImages(parsed)].flatMap((image) => {
    const found = knownOf(image, knowledge);
    if (found === undefined) return [];
    const { name, tag } = found;
    const ends = found.lines.flatMap((line) => {
      const day = lastDay(line);
      return day === undefined ? [] : [{ day, text: lifeText(line, today) }];
    });
    const state = imageState(knowledge, name, tag, 0);
    if (state.kind === 'gone') {
      ends.push({ day: state.day, text: `${name} has not been an official image since ${state.day}` });
    } else if (state.kind === 'ended' && state.retired !== undefined && state.lines.length === 0) {
      const { day, of } = state.retired;
      ends.push({ day, text: `${name} ${of} left the official images on ${day}` });
    }
    const first = ends.toSorted((a, b) => (a.day < b.day ? -1 : 1))[0];
    if (first === undefined) return [];
    const verb = first.day <= today ? 'ended' : 'ends';
    const label = `${verb} ${first.day.slice(0, 7)}`;
    return [{ offset: image.span.end, label, tooltip: `${first.text}. As of ${catalogue.asOf}.` }];
  });
}

const dockerfileImage = /^\s*FROM\s+(?:--\S+\s+)*(\S*)$|\s--from=(\S*)$/i;
const yamlImage = /(?:^|[\s{,])image:\s+["']?([^\s"'{},]*)$/;

/** Names of official images, and behind a name and its colon their tags, where an image is being typed. */
export function completeImages(
  parsed: Parsed,
  offset: number,
  { catalogue, today }: ImageKnowledge,
): readonly CompletionEntry[] {
  if (parsed.kind !== 'dockerfile' && parsed.kind !== 'kubernetes' && parsed.kind !== 'compose') return [];
  const { text } = parsed.file;
  const before = text.slice(lineStart(text, offset), offset);
  const match = (parsed.kind === 'dockerfile' ? dockerfileImage : yamlImage).exec(before);
  const typed = match?.[1] ?? match?.[2];
  if (typed === undefined || /[$@{]/.test(typed)) return [];
  const { official, life } = catalogue;
  const colon = typed.indexOf(':', typed.lastIndexOf('/') + 1);
  if (colon < 0) {
    const plain = life.plainName(typed);
    // A path or a registry of one's own.
    if (plain.includes('/')) return [];
    const span = { start: offset - plain.length, end: offset };
    return official.names().map((name, order) => ({
      kind: 'value',
      label: name,
      description: official.deprecated(name) === undefined ? 'An official image.' : 'An official image, deprecated.',
      newText: name,
      span,
      order,
    }));
  }
  const name = life.plainName(typed.slice(0, colon));
  if (!official.exists(name)) return [];
  const span = { start: offset - (typed.length - colon - 1), end: offset };
  return official
    .tags(name)
    .toSorted(newestFirst)
    .map((tag, order) => ({
      kind: 'value',
      label: tag,
      description: [
        // The editor shows the first lines: what is said has its date beside it.
        ...life.linesOf(name, tag, []).map((line) => lifeText(line, today)),
        `As of ${catalogue.asOf}.`,
        official.platforms(name, tag).join(', '),
      ].join('\n\n'),
      newText: tag,
      span,
      order,
    }));
}

/** How many words a tag has beside its version. */
function words(tag: string): number {
  const { variant } = parseTag(tag);
  return variant === '' ? 0 : variant.split('-').length;
}

/** Releases before names and previews; few words before many, lines before releases, newer before older. */
function newestFirst(a: string, b: string): number {
  const [x, y] = [parseTag(a), parseTag(b)];
  const rank = ({ version, preview }: ImageTag) =>
    version === undefined || isDayStamp(version) ? 1 : preview === undefined ? 0 : 2;
  const depth = ({ version }: ImageTag) => version?.split('.').length ?? 0;
  return (
    rank(x) - rank(y) ||
    words(a) - words(b) ||
    depth(x) - depth(y) ||
    compareVersions(y.version ?? '0', x.version ?? '0') ||
    (a < b ? -1 : 1)
  );
}
