import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import { valueAt } from '../../dockerfile/folders.ts';
import type { CommandInstruction, Dockerfile, Stage, WordsInstruction } from '../../dockerfile/model.ts';
import { canonicalSignal } from '../../dockerfile/signals.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { programName } from '../../dockerfile/stages.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule, type Proposal } from '../../engine/rule.ts';
import { knownOfficial } from '../../images/base-images.ts';
import { replace } from '../../text/edit.ts';

type Found = Proposal<'unknown' | 'kill' | 'canonical' | 'other' | 'missing', 'change' | 'add'>;

/** Programs that end in order on a signal of their own. */
const wanted: Readonly<Record<string, string>> = {
  nginx: 'SIGQUIT',
  openresty: 'SIGQUIT',
  systemd: 'SIGRTMIN+3',
  init: 'SIGRTMIN+3',
};

/** The program that a stage starts: of ENTRYPOINT, or else of CMD. */
function startedProgram(stage: Stage): { readonly name: string; readonly by?: CommandInstruction } | undefined {
  let by: CommandInstruction | undefined;
  for (const instruction of instructionsBefore(stage)) {
    if (instruction.kind === 'entrypoint' || (instruction.kind === 'cmd' && by?.kind !== 'entrypoint'))
      by = instruction;
  }
  if (by === undefined) {
    const base = baseOf(stage);
    return base && knownOfficial(base) && /(?:^|\/)nginx$/.test(base.repository) ? { name: 'nginx' } : undefined;
  }
  const { command } = by;
  const first =
    command.kind === 'exec' ? command.words[0]?.value : /^(?:exec\s+)?([^\s"'$]+)/.exec(command.source.text)?.[1];
  return first === undefined ? undefined : { name: programName(first), by };
}

function lastSignal(stage: Stage): WordsInstruction | undefined {
  let found: WordsInstruction | undefined;
  for (const instruction of instructionsBefore(stage)) if (instruction.kind === 'stopsignal') found = instruction;
  return found;
}

/** How it is written, whatever it means to the program. */
function* spelling(dockerfile: Dockerfile, instruction: WordsInstruction): Generator<Found> {
  const [word] = instruction.words;
  if (word === undefined || instruction.words.length > 1) return;
  const { span, text } = word;
  const value = valueAt(dockerfile, instruction, text);
  if (value === undefined || value === '') return;
  const signal = canonicalSignal(value);
  const data = { value, signal: signal ?? '' };
  // Builders take any number but 0; that Linux has no such signal shows when the container is stopped.
  const severity = Number(value) > 64 ? 'warning' : 'error';
  if (signal === undefined) yield { message: 'unknown', data, span, severity };
  else if (signal === 'SIGKILL' || signal === 'SIGSTOP') {
    const edits = [replace(span, 'SIGTERM')];
    const fixes =
      text === value ? [{ title: 'change', data: { signal: 'SIGTERM' }, safety: 'suggested', edits } as const] : [];
    yield { message: 'kill', data, span, fixes };
  } else if (signal !== value && text === value) {
    const fix = { title: 'change', safety: 'safe', edits: [replace(span, signal)] } as const;
    yield { message: 'canonical', data, span, severity: 'information', fixes: [fix] };
  }
}

/** What the program that a stage starts makes of it. */
function* meaning(dockerfile: Dockerfile, stage: Stage): Generator<Found> {
  const started = startedProgram(stage);
  const signal = started && Object.hasOwn(wanted, started.name) ? wanted[started.name] : undefined;
  if (started === undefined || signal === undefined) return;
  const data = { program: started.name, signal };
  const stop = lastSignal(stage);
  if (stop === undefined) {
    if (started.by === undefined) return;
    const base = baseOf(stage);
    const own = base === undefined || /nginx|openresty|systemd|init/.test(base.repository);
    if (own || !knownOfficial(base) || !stage.instructions.includes(started.by)) return;
    const edit = insertInstructionBefore(dockerfile, started.by, `STOPSIGNAL ${signal}`);
    const fix = { title: 'add', safety: 'suggested', edits: [edit] } as const;
    yield { message: 'missing', data, span: started.by.keyword.span, severity: 'information', fixes: [fix] };
    return;
  }
  const [word] = stop.words;
  if (word === undefined || !stage.instructions.includes(stop)) return;
  const said = canonicalSignal(valueAt(dockerfile, stop, word.text) ?? '');
  if (said === undefined || said === signal || said === 'SIGKILL' || said === 'SIGSTOP') return;
  const change = { title: 'change', safety: 'suggested', edits: [replace(word.span, signal)] } as const;
  yield { message: 'other', data, span: word.span, severity: 'information', fixes: word.constant ? [change] : [] };
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/stop-signal',
    rows: ['D810'],
    summary: '`STOPSIGNAL` should be one that ends the program in order.',
    why: 'SIGKILL and SIGSTOP never reach the program: it cannot save or finish anything. nginx lets requests in progress finish on SIGQUIT only, and drops them on SIGTERM; systemd shuts down on SIGRTMIN+3 and merely restarts itself on SIGTERM, so that it is killed after the grace period. A name that no runtime knows stops the build. Names in full (`SIGTERM`, not `15`) are read most easily.',
    severity: 'warning',
    topic: 'runtime',
    messages: {
      unknown: 'No runtime knows the signal `{value}`',
      kill: '`{value}` leaves the program no chance to end in order',
      canonical: '`{value}` is usually written `{signal}`',
      other: '`{program}` ends in order on `{signal}`',
      missing: '`{program}` ends in order on `{signal}`, not on the usual SIGTERM',
    },
    titles: { change: 'Change to `{signal}`', add: 'Add `STOPSIGNAL {signal}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nSTOPSIGNAL SIGKILL\n',
        good: 'FROM debian:13\nSTOPSIGNAL SIGTERM\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nSTOPSIGNAL 15\n',
        good: 'FROM debian:13\nSTOPSIGNAL SIGTERM\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13\nCMD ["nginx", "-g", "daemon off;"]\n',
        good: 'FROM debian:13\nSTOPSIGNAL SIGQUIT\nCMD ["nginx", "-g", "daemon off;"]\n',
      },
    ],
    options: {},
    sources: [
      'tally no-ungraceful-stopsignal',
      'tally prefer-canonical-stopsignal',
      'tally prefer-nginx-sigquit',
      'tally prefer-systemd-sigrtmin-plus-3',
      'dockerfile-utils INVALID_SIGNAL',
    ],
  },
  only: ['stopsignal', 'cmd', 'entrypoint'],
  mentions: [/nginx|openresty|systemd|init|stopsignal/i],
  *check({ stage, dockerfile }) {
    if (stage.windows) return;
    for (const outer of stage.instructions) {
      const instruction = outer.kind === 'onbuild' ? outer.trigger : outer;
      if (instruction?.kind === 'stopsignal') yield* spelling(dockerfile, instruction);
    }
    yield* meaning(dockerfile, stage);
  },
});
