import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule, knowsImages } from '../../engine/rule.ts';
import { isBuildImage } from '../../images/build-images.ts';
import type { OfficialImages } from '../../images/official-images.ts';
import { replace } from '../../text/edit.ts';

/** What slim images lack and a RUN may need: compilers, headers, version control, downloads; and packages that may compile. */
const needsMore =
  /\b(?:gcc|cc|clang|make|cmake|ninja|meson|cargo|build-essential|node-gyp|git|hg|svn|curl|wget|bundle|gem|setup\.py|no-binary|configure|pkg-config|imagemagick)\b|\b[gc]\+\+|git\+|\w-dev(?:el)?\b/i;

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/image-not-slim',
    rows: ['D210'],
    summary: 'What is shipped may stand on the slim variant of its image.',
    why: 'The full variants of language images bring compilers, headers and version control, some hundred megabytes that a program at work never uses and that scanners report holes in. The slim variant has the language and what it needs. Packages that compile when they are installed need the full one, in an earlier stage. Off by default.',
    severity: 'information',
    optional: true,
    topic: 'size',
    messages: { full: 'There is {name}:{slim}, without compilers and headers (as of {asOf})' },
    titles: { slim: 'Go to {slim}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14\nCOPY app /app\nCMD ["python", "/app"]\n',
        good: 'FROM python:3.14-slim\nCOPY app /app\nCMD ["python", "/app"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  given: knowsImages,
  *check({ stages, text }, { file: { images } }) {
    const last = stages.at(-1);
    const chain = last === undefined ? [] : ancestry(last);
    const image = chain[0]?.from?.image;
    if (images === undefined || image?.repository === undefined || image.digest !== undefined) return;
    const { registry, repository, tag, tagSpan } = image;
    const { official, officialName, asOf } = images.catalogue;
    const name = officialName(registry, repository);
    if (name === undefined || tag === undefined || isBuildImage({ registry, repository, tag })) return;
    const slim = slimOf(official, name, tag);
    if (slim === undefined) return;
    const runs = chain.flatMap(({ instructions }) => instructions).filter(({ kind }) => kind === 'run');
    if (runs.some(({ span }) => needsMore.test(text.slice(span.start, span.end)))) return;
    yield {
      message: 'full',
      data: { name, slim, asOf },
      span: tagSpan ?? image.span,
      fixes: tagSpan ? [{ title: 'slim', data: { slim }, safety: 'suggested', edits: [replace(tagSpan, slim)] }] : [],
    };
  },
});

/** The slim tag of the same version and distribution, where both are built: `3.14-slim-trixie` of `3.14-trixie`. */
function slimOf(official: OfficialImages, name: string, tag: string): string | undefined {
  if (!official.isBuilt(name, tag) || /slim|alpine|windows|nanoserver/.test(tag)) return undefined;
  const words = tag.split('-');
  const places = words.map((_, index) => words.toSpliced(index + 1, 0, 'slim').join('-'));
  return places.find((other) => official.isBuilt(name, other));
}
