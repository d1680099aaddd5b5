import { type BaseImage, type Family, familyOfBase, numberInBase, userInBase } from '../images/base-images.ts';
import { findFlag, readFlags } from '../shell/flags.ts';
import { valueAt } from './folders.ts';
import type { Dockerfile, Instruction, RunInstruction, Stage, WordsInstruction } from './model.ts';
import { ancestry, instructionsBefore } from './stage-facts.ts';
import { programsCalled } from './subjects.ts';

type UserInstruction = WordsInstruction & { readonly kind: 'user' };

/** The last USER of a stage or of those that it builds on. */
export function lastUser(stage: Stage): WordsInstruction | undefined {
  return instructionsBefore(stage).findLast((one): one is UserInstruction => one.kind === 'user');
}

/** The USER that an instruction of a stage runs as; undefined where only the base image says. */
export function lastUserBefore(stage: Stage, before: Instruction): WordsInstruction | undefined {
  return instructionsBefore(stage, before).findLast((one): one is UserInstruction => one.kind === 'user');
}

/** What a USER says, variables put in; undefined where one is not known. */
export function userOf(dockerfile: Dockerfile, user: WordsInstruction): string | undefined {
  const text = user.arguments.text.trim();
  return text === '' ? undefined : valueAt(dockerfile, user, text);
}

export function isRoot(user: string): boolean {
  return /^(?:root|0+)(?::|$)/i.test(user);
}

/** The image that a stage stands on in the end; undefined where its name is not known. */
export function baseOf(stage: Stage): BaseImage | undefined {
  const image = ancestry(stage)[0]?.from?.image;
  if (!image?.resolved || image.repository === undefined) return undefined;
  return { registry: image.registry, repository: image.repository, tag: image.tag };
}

const handsOverWord = /\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|chpst|fixuid|setuidgid)\b|s6-overlay|GOSU_/;
/** The same, quicker and less exact. */
const mayBeHandedOver = /gosu|su-exec|setpriv|runuser|setuidgid|chpst|fixuid|s6-overlay|GOSU_/;

const mayHandOver: ReadonlySet<string> = new Set(['run', 'copy', 'add', 'entrypoint', 'cmd', 'env', 'arg']);

/** A program that gives root up when the container starts is installed or called. */
export function stepsDown({ text }: Dockerfile, stage: Stage): boolean {
  if (!mayBeHandedOver.test(text)) return false;
  for (const { span, kind } of instructionsBefore(stage)) {
    if (!mayHandOver.has(kind)) continue;
    if (handsOverWord.test(text.slice(span.start, span.end))) return true;
  }
  return false;
}

const entryScript = /\.(?:ba|env)?sh$|(?:^|\/)(?:docker-)?entrypoint[^/]*$/i;
const programFolder = /^(?:\/usr)?(?:\/local)?\/s?bin\//;
/** Nothing, or a server that hands its work to another user itself. */
const startsOther = /^(?:\[\s*\])?$|\b(?:nginx|httpd|apache2|php-fpm)\b/;

/**
 * Whether a stage holds somebody's program and says how to start it. An image of a language, a tool or a server, which others
 * build on, copies nothing but scripts to start it and files of other images, or leaves what is started to its base.
 */
export function startsApplication({ stages }: Dockerfile, stage: Stage): boolean {
  const own = (from: string | undefined) =>
    from === undefined || /^\d+$/.test(from) || stages.some(({ name }) => name === from.toLowerCase());
  let starts = false;
  let holds = false;
  for (const instruction of instructionsBefore(stage)) {
    if (instruction.kind === 'cmd' || instruction.kind === 'entrypoint')
      starts ||= !startsOther.test(instruction.arguments.text.trim());
    else if ((instruction.kind === 'copy' || instruction.kind === 'add') && own(instruction.from?.value)) {
      const folder = instruction.from === undefined ? (instruction.destination?.value ?? '') : '';
      holds ||= !programFolder.test(folder) && !instruction.sources.every(({ value }) => entryScript.test(value));
    }
  }
  return starts && holds;
}

function makesUsers(run: RunInstruction): boolean {
  const programs = programsCalled(run);
  return programs.has('useradd') || programs.has('adduser');
}

/** The one user that the RUNs of a stage make with a plain name; undefined for none or several. */
export function createdUser(stage: Stage): string | undefined {
  const names = new Set<string>();
  for (const instruction of instructionsBefore(stage)) {
    if (instruction.kind !== 'run' || !makesUsers(instruction)) continue;
    for (const { name, words } of instruction.script?.commands ?? []) {
      if (name !== 'useradd' && name !== 'adduser') continue;
      const last = words.at(-1);
      // `adduser USER GROUP` makes no user.
      const before = words.at(-2);
      const plain = last?.constant === true && /^[a-z_][a-z0-9_-]*$/.test(last.value);
      if (name === 'adduser' && words.length === 2 && before?.source.startsWith('-') === false) continue;
      names.add(plain ? last.value : '');
    }
  }
  const [only] = names;
  return names.size === 1 && only !== '' ? only : undefined;
}

const valuesOfUseradd = new Set(['-u', '--uid', '-g', '-G', '-s', '-d', '-h', '-c', '-k']);

/** The number of a user, where the stage makes it with one or it is known of the base image; undefined elsewhere. */
export function numberOfUser(stage: Stage, before: Instruction, user: string): string | undefined {
  if (user === 'root') return '0';
  for (const instruction of instructionsBefore(stage, before)) {
    if (instruction.kind !== 'run' || !makesUsers(instruction)) continue;
    for (const { name, words } of instruction.script?.commands ?? []) {
      if (name !== 'useradd' && name !== 'adduser') continue;
      if (!words.some(({ value, constant }) => constant && value === user)) continue;
      const { flags } = readFlags(words, { takesValue: valuesOfUseradd });
      const number = findFlag({ flags, positionals: [] }, '-u', '--uid')?.value;
      return number?.constant === true && /^\d+$/.test(number.text) ? number.text : undefined;
    }
  }
  const base = baseOf(stage);
  return base && numberInBase(base, user);
}

/** Who could run a stage instead of root. */
export type OtherUser =
  /** There already. */
  | { readonly kind: 'existing'; readonly user: string }
  /** To be made by a command. */
  | { readonly kind: 'new'; readonly user: string; readonly command: string }
  /** Nothing is known of the image. */
  | { readonly kind: 'unknown' };

const commands: Readonly<Record<Exclude<Family, 'empty'>, string>> = {
  debian: 'useradd --system app',
  redhat: 'useradd --system app',
  alpine: 'adduser -S app',
};

/** The user `nonroot` of the distroless images; a number needs no /etc/passwd. */
export const nobodyInParticular = '65532:65532';

/** A user that is in the image, or how to make one there. */
export function otherUser(dockerfile: Dockerfile, stage: Stage): OtherUser {
  for (const instruction of instructionsBefore(stage).toReversed()) {
    if (instruction.kind !== 'user') continue;
    const user = userOf(dockerfile, instruction);
    if (user !== undefined && !isRoot(user)) return { kind: 'existing', user: instruction.arguments.text.trim() };
  }
  const created = createdUser(stage);
  if (created !== undefined) return { kind: 'existing', user: created };
  const base = baseOf(stage);
  const included = base && userInBase(base);
  if (included !== undefined) return { kind: 'existing', user: included };
  const family = base && familyOfBase(base);
  if (family === undefined) return { kind: 'unknown' };
  if (family === 'empty') return { kind: 'existing', user: nobodyInParticular };
  return { kind: 'new', user: 'app', command: commands[family] };
}
