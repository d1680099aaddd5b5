import { type ImageKnowledge, imageState } from './catalogue.ts';
import { compareVersions, isDayStamp, parseTag } from './image-tag.ts';

/** Tags with a version that are the same image as a floating tag, as of the data's month. */
export interface PresentTags {
  /** Names the line that gets fixes for as long as it lives: `3.14`, `24`. */
  readonly line: string | undefined;
  /** Names the release: `3.14.2`; undefined where the line is as exact. */
  readonly exact: string | undefined;
}

/**
 * What `latest` or another tag without a version means now. Lines are those that have an end of their own; of an image whose
 * lines are not known only the exact tag is told. Nothing where what the tag means is not to be gone to.
 */
export function presentTags(knowledge: ImageKnowledge, name: string, tag: string): PresentTags {
  const { official, life } = knowledge.catalogue;
  const tags = official
    .aliases(name, tag)
    .filter((alias) => {
      const { version, preview, variant } = parseTag(alias);
      return version !== undefined && preview === undefined && variant === '' && !isDayStamp(version);
    })
    .filter((alias) => imageState(knowledge, name, alias, 0).kind === 'current')
    // Where both are there, the plain one: 3.7 rather than v3.7.
    .filter((alias, _, all) => !alias.startsWith('v') || !all.includes(alias.slice(1)))
    .sort((a, b) => compareVersions(parseTag(a).version ?? '', parseTag(b).version ?? ''));
  const exact = tags.at(-1);
  if (exact === undefined) return { line: undefined, exact: undefined };
  const cycle = life.linesOf(name, exact, []).find(({ part }) => part === 'version')?.cycle;
  const line = tags.find((one) => parseTag(one).version === cycle);
  return { line, exact: exact === line ? undefined : exact };
}
