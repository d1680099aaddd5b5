import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { catalogueFiles, type ImageKnowledge, readCatalogue } from '../../src/core/images/catalogue.ts';
import { noSurroundings, type Surroundings } from '../../src/core/service.ts';

/** What a marker line says of the line above it: columns and the rest of the line. */
export interface Marker {
  /** Offsets of the text without marker lines. */
  readonly start: number;
  readonly end: number;
  readonly word: string;
}

export interface Marked {
  readonly text: string;
  readonly markers: readonly Marker[];
}

/**
 * Takes the marker lines out of a text: `#   ^^^^ word` marks the columns of its carets in the last line that is no
 * marker, `#@3-7 word` the columns 3 to 7 where the carets would stand left of the `#`.
 */
export function readMarkers(marked: string): Marked {
  const kept: string[] = [];
  const markers: Marker[] = [];
  let length = 0;
  let lineStart = 0;
  for (const line of marked.split(/(?<=\n)/)) {
    const match = /^([ \t]*#[ \t]*)(\^+|@(\d+)-(\d+))[ \t]+(\S+)[ \t]*\r?\n?$/.exec(line);
    if (match === null) {
      lineStart = length;
      length += line.length;
      kept.push(line);
      continue;
    }
    const [, lead = '', carets = '', from, to, word = ''] = match;
    const start = from === undefined ? lead.length : Number(from);
    const end = to === undefined ? lead.length + carets.length : Number(to);
    markers.push({ start: lineStart + start, end: lineStart + end, word });
  }
  return { text: kept.join(''), markers };
}

/** One fixture file with what stands beside it. */
export interface Fixture {
  readonly name: string;
  readonly marked: Marked;
  /** Expected after fix-all of the rule, where a `.fixed` file stands beside it. */
  readonly fixed: string | undefined;
  readonly surroundings: Surroundings;
}

/** The data of images as it ships, on a day that does not move. */
export const images: ImageKnowledge = {
  catalogue: readCatalogue(
    catalogueFiles.map((name) =>
      readFileSync(fileURLToPath(new URL(`../../src/data/${name}`, import.meta.url)), 'utf8'),
    ),
  ),
  today: '2026-11-23',
};

/** Nothing around the file, and known to be so, but for the files of `folder`, which is its build context too. */
export function surroundingsOf(
  fileName: string,
  folder: string | undefined,
  configuration: string | undefined,
): Surroundings {
  const around = new Map<string, string | null>([
    ['.dockerignore', null],
    [`${fileName}.dockerignore`, null],
  ]);
  const entries = new Map<string, 'file' | 'folder'>();
  for (const name of folder === undefined ? [] : readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder ?? '', name);
    const isFile = statSync(path).isFile();
    entries.set(name, isFile ? 'file' : 'folder');
    if (isFile) around.set(name, readFileSync(path, 'utf8'));
  }
  return {
    ...noSurroundings,
    images,
    around,
    ...(folder !== undefined && { context: { entries, unread: new Set<string>() } }),
    configuration: configuration === undefined ? undefined : { path: '/.plimsoll.yaml', text: configuration },
  };
}

/** With these files beside the file, and no others. */
export function withFiles(surroundings: Surroundings, files: Readonly<Record<string, string>>): Surroundings {
  return {
    ...surroundings,
    around: new Map([...surroundings.around, ...Object.entries(files)]),
    context: { entries: new Map(Object.keys(files).map((name) => [name, 'file'])), unread: new Set() },
  };
}

/**
 * The fixtures of a folder: every file but `x.fixed.yaml` (expected text), `x.settings.yaml` (a `.plimsoll.yaml` for it)
 * and the folder `x.around` (files beside it).
 */
export function readFixtures(folder: string): readonly Fixture[] {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  return names
    .filter((name) => !/\.(fixed|settings)\.[^.]+$/.test(name))
    .map((name) => {
      const dot = name.lastIndexOf('.');
      const stem = name.slice(0, dot);
      const beside = (file: string): string | undefined => {
        const path = join(folder, file);
        return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
      };
      const aroundFolder = join(folder, `${stem}.around`);
      return {
        name,
        marked: readMarkers(readFileSync(join(folder, name), 'utf8')),
        fixed: beside(`${stem}.fixed${name.slice(dot)}`),
        surroundings: surroundingsOf(
          name,
          existsSync(aroundFolder) ? aroundFolder : undefined,
          beside(`${stem}.settings.yaml`),
        ),
      };
    });
}
