import type { ShellCommand } from '../shell/model.ts';
import { replace, type TextEdit } from '../text/edit.ts';
import { removeInstruction } from './edit.ts';
import type { CopyInstruction, Dockerfile, RunInstruction, Stage } from './model.ts';
import { removeCommand } from './remove-command.ts';

/** What ADD unpacks by itself. */
const tarArchive = /\.(?:tar(?:\.(?:gz|bz2|xz|Z))?|tgz|tbz2?|txz)$/;

interface Unpacking {
  readonly archive: string;
  readonly folder: string;
}

/** `tar -xzf a.tgz -C /b`; undefined where more than that is said. */
function unpackingOf({ name, words, redirects }: ShellCommand): Unpacking | undefined {
  if (name !== 'tar' || redirects.length > 0 || !words.every(({ constant }) => constant)) return undefined;
  const [letters = '', archive = '', ...rest] = words.map(({ value }) => value);
  if (!/^-?(?=[a-zA-Z]*x)[xzjJvp]+f$/.test(letters)) return undefined;
  const [flag, folder = ''] = rest.length === 1 ? (rest[0] ?? '').split('=') : rest;
  if (rest.length === 0) return { archive, folder: '.' };
  if (folder === '' || rest.length > 2) return undefined;
  return flag === '--directory' || (flag === '-C' && rest.length === 2) ? { archive, folder } : undefined;
}

function normal(path: string): string {
  return path.replace(/^\.\//, '').replace(/\/{2,}/g, '/');
}

/** Removes a RUN that only unpacks the archive, and perhaps removes it; or the unpacking at its beginning. */
function withoutUnpacking(dockerfile: Dockerfile, run: RunInstruction, archive: string): TextEdit | undefined {
  const [command, second, ...others] = run.script?.commands ?? [];
  if (command === undefined) return undefined;
  const removes =
    second?.name === 'rm' && second.words.every(({ value }) => value === archive || /^-[rfv]+$/.test(value));
  if (removes && others.length === 0) return removeInstruction(dockerfile, run);
  const name = archive.slice(archive.lastIndexOf('/') + 1);
  const rest = dockerfile.text.slice(command.span.end, run.span.end);
  return rest.includes(name) ? undefined : removeCommand(dockerfile, run, command);
}

/**
 * The edits that make ADD of a COPY whose archive the next RUN that names it unpacks, and take the unpacking away. Undefined
 * where something else is done with the archive, or folders are changed between.
 */
export function addInstead(
  dockerfile: Dockerfile,
  stage: Stage,
  copy: CopyInstruction,
): readonly TextEdit[] | undefined {
  const [source, ...others] = copy.sources;
  const { destination, keyword } = copy;
  if (source === undefined || destination === undefined || others.length > 0 || copy.json || copy.onbuild) return;
  if (!tarArchive.test(source.value) || source.text !== source.value || destination.text !== destination.value) return;
  if (!copy.flags.every(({ name }) => name.value === 'chown')) return;
  const base = source.value.slice(source.value.lastIndexOf('/') + 1);
  const place = normal(destination.value.endsWith('/') ? destination.value + base : destination.value);
  const later = stage.instructions.slice(stage.instructions.indexOf(copy) + 1);
  const name = place.slice(place.lastIndexOf('/') + 1);
  const naming = later.filter(({ span }) => dockerfile.text.slice(span.start, span.end).includes(name));
  const [run] = naming;
  if (run?.kind !== 'run' || naming.length > 1) return;
  if (later.slice(0, later.indexOf(run)).some(({ kind }) => kind === 'workdir' || kind === 'user')) return;
  const [command] = run.script?.commands ?? [];
  const unpacking = command && unpackingOf(command);
  if (unpacking === undefined || normal(unpacking.archive) !== place) return;
  const removed = withoutUnpacking(dockerfile, run, unpacking.archive);
  if (removed === undefined) return;
  const folder = unpacking.folder.endsWith('/') ? unpacking.folder : `${unpacking.folder}/`;
  const add = keyword.value === keyword.value.toLowerCase() ? 'add' : 'ADD';
  return [replace(keyword.span, add), replace(destination.span, folder), removed];
}
