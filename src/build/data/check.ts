import type { ImageFacts } from '../../core/images/image-facts.ts';
import { readOfficialImages } from '../../core/images/official-images.ts';
import { carried } from './retired.ts';

/** What is wrong with snapshots that would be written; nothing where they are fine. */
export function wrongWith(before: ImageFacts, after: ImageFacts): readonly string[] {
  const { official, retired, ends } = after;
  const wrong: string[] = [];
  const isDay = (day: string) => /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  const tables = [
    ['official images', before.official.images, official.images],
    ['retired images', before.retired.images, retired.images],
    ['products', before.ends.products, ends.products],
  ] as const;
  for (const [what, old, now] of tables) {
    const [had, has] = [Object.keys(old).length, Object.keys(now).length];
    if (has < had * 0.8) wrong.push(`only ${has} ${what} are left of ${had}`);
  }
  const images = readOfficialImages(official);
  for (const name of images.names()) {
    const tags = images.tags(name);
    if (tags.some((tag) => !/^[\w][\w.-]{0,127}$/.test(tag))) wrong.push(`${name}: a tag is none`);
    for (const platform of new Set(tags.flatMap((tag) => images.platforms(name, tag))))
      if (!/^(?:linux|windows)\/[\w/]+$/.test(platform)) wrong.push(`${name}: the platform “${platform}” is not known`);
    const { versions, words } = carried(tags);
    const { v = {}, w = {} } = retired.images[name] ?? {};
    for (const line of Object.keys(v)) if (versions.has(line)) wrong.push(`${name}: ${line} is retired and built`);
    for (const word of Object.keys(w)) if (words.has(word)) wrong.push(`${name}: ${word} is retired and built`);
  }
  for (const [name, { v = {}, w = {} }] of Object.entries(retired.images))
    if (![...Object.values(v), ...Object.values(w)].every(isDay)) wrong.push(`${name}: a day is none`);
  for (const [name, { c }] of Object.entries(ends.products)) {
    if (c.length < (before.ends.products[name]?.c.length ?? 0)) wrong.push(`${name}: cycles are missing`);
    for (const [cycle, release, end] of c)
      if (typeof end === 'string' && release !== null && isDay(release) && end < release)
        wrong.push(`${name}: ${cycle} ends before it begins`);
  }
  for (const [word, meant] of Object.entries(ends.words)) {
    if (typeof meant === 'string') continue;
    const cycles = ends.products[meant[0]]?.c ?? [];
    if (!cycles.some(([cycle]) => cycle === meant[1]))
      wrong.push(`${word} means ${meant.join(' ')}, which is no cycle`);
  }
  return wrong;
}
