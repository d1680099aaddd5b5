import { posix } from 'node:path';
import type { CommandForm, Instruction, KeyValue, RunInstruction } from '../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import type { ShellCommand } from '../../src/core/shell/model.ts';

/** Options that safe fixes add: they answer questions, keep quiet or leave caches out. */
const harmless = new Set([
  ...['-y', '-n', '-q', '-l', '--no-cache', '--no-cache-dir', '--progress=dot:giga', '--no-log-init', '--assume-yes'],
]);
/** Commands that safe fixes add at the end of a RUN, or leave out before `apk add --no-cache`. */
const housekeeping =
  /^(?:rm -rf \/var\/lib\/apt\/lists\/\*|(?:yum|dnf|microdnf) clean all|zypper clean --all|yarn cache clean(?: --all)?|npm cache clean --force|apk update)$/;

function commandText({ name, nameWord, words, assignments }: ShellCommand): string {
  const program = name === 'apt' ? 'apt-get' : nameWord.source.replaceAll(/["']/g, '');
  const written = words.map(({ source }) => source).filter((word) => !harmless.has(word));
  // Packages may be sorted, and are named once.
  const installs =
    /^(?:apt|aptitude|apk|yum|dnf|zypper)/.test(name) && words.some(({ value }) => /^(?:install|in|add)$/.test(value));
  const kept = installs ? [...new Set(written)].sort() : written;
  return [...assignments.map((one) => `${one.name}=${one.value?.source ?? ''}`), program, ...kept]
    .join(' ')
    .replace(/^apt-cache /, 'apt-get ');
}

function runText(run: RunInstruction): string {
  const flags = run.flags.map(({ name, value }) => `--${name.value}=${value?.value ?? ''}`);
  if (run.script === undefined) return [...flags, run.arguments.text].join(' ');
  const commands = run.script.commands.map(commandText).filter((text) => !housekeeping.test(text));
  return [...flags, ...commands].join(' ; ');
}

/** The words that are started, whatever form and quotes they have: a list that is no JSON says the same words. */
function commandWords(form: CommandForm | undefined): string {
  if (form === undefined) return '';
  if (form.kind === 'exec') return form.words.map(({ value }) => value).join(' ');
  const text = form.source.text.trim();
  const listed = /^\[["']/.test(text) ? text.replaceAll(/^\[\s*|\s*\]$/g, '').replaceAll(/(?<=["'])\s*,/g, ' ') : text;
  return listed
    .replaceAll(/["'\\]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

const pairText = ({ key, value }: KeyValue) => `${key.value}=${value?.value ?? ''}`;

function portText(port: string): string {
  return port.slice(port.lastIndexOf(':') + 1).toLowerCase();
}

/** Where an instruction stands: the folder that it works in, and the stages by name. */
interface Place {
  readonly folder: string;
  readonly stages: ReadonlyMap<string, number>;
}

/** One instruction as far as it matters for what is built. */
function step(instruction: Instruction, place: Place): string {
  const words = instruction.words.map(({ value }) => value);
  switch (instruction.kind) {
    case 'from': {
      const { image, platform } = instruction;
      const name = (image?.text ?? '').toLowerCase().replace(':sha256:', '@sha256:');
      const chosen = platform === undefined || /^\$\{?TARGETPLATFORM\}?$/.test(platform.value) ? '' : platform.value;
      return `from ${chosen} ${place.stages.get(name) ?? name}`;
    }
    case 'run':
      return `run ${runText(instruction)}`;
    case 'copy':
    case 'add': {
      const flags = instruction.flags.map(({ name, value }) => {
        const text = value?.value.toLowerCase() ?? '';
        return `${name.value}=${(name.value === 'from' ? place.stages.get(text) : undefined) ?? text}`;
      });
      const target = posix.resolve(place.folder, instruction.destination?.value ?? '');
      return ['copy', ...flags, ...instruction.sources.map(({ value }) => value), target].join(' ');
    }
    case 'env':
    case 'arg':
      return `${instruction.kind} ${instruction.pairs.map(pairText).join(' ')}`;
    case 'cmd':
    case 'entrypoint':
    case 'shell':
      return `${instruction.kind} ${commandWords(instruction.command)}`;
    case 'expose':
      return `expose ${words.map(portText).join(' ')}`;
    case 'workdir':
      return `workdir ${posix.resolve(place.folder, instruction.arguments.text.replaceAll('"', ''))}`;
    case 'onbuild':
      return `onbuild ${instruction.trigger ? step(instruction.trigger, place) : ''}`;
    case 'stopsignal':
      return `stopsignal ${words.join(' ').replace(/^SIG/i, '').toUpperCase()}`;
    default:
      return `${instruction.kind} ${words.join(' ')}`;
  }
}

const replacing = new Set<Instruction['kind']>(['cmd', 'entrypoint', 'healthcheck']);

/**
 * What a Dockerfile builds, a line for each step: forms, letters and spelling do not count, nor does what a later instruction
 * of the same stage replaces. Labels stand at the end of their stage, MAINTAINER as the label that it becomes.
 */
export function meaning(text: string): readonly string[] {
  const { stages, instructions } = parseDockerfile(text);
  const first = stages[0]?.from;
  const before = first === undefined ? [] : instructions.slice(0, instructions.indexOf(first));
  const names = new Map(stages.flatMap(({ name, index }) => (name === undefined ? [] : [[name, index] as const])));
  const at = (folder: string): Place => ({ folder, stages: names });
  const lines = before.map((one) => step(one, at('/')));
  for (const stage of stages) {
    if (stage.from) lines.push(step(stage.from, at('/')));
    const labels = new Map<string, string>();
    let folder = '/';
    for (const [number, instruction] of stage.instructions.entries()) {
      const later = stage.instructions.slice(number + 1);
      if (replacing.has(instruction.kind) && later.some(({ kind }) => kind === instruction.kind)) continue;
      if (instruction.kind === 'label') {
        for (const { key, value } of instruction.pairs) labels.set(key.value, value?.value ?? '');
      } else if (instruction.kind === 'maintainer') {
        const name = instruction.arguments.text.trim().replace(/^(["'])(.*)\1$/s, '$2');
        labels.set('org.opencontainers.image.authors', name);
      } else {
        const line = step(instruction, at(folder));
        if (instruction.kind === 'workdir') folder = line.slice('workdir '.length);
        lines.push(line);
      }
    }
    for (const [key, value] of labels) lines.push(`label ${key}=${value}`);
  }
  return lines;
}
