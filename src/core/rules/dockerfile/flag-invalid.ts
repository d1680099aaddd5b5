import { isPlain } from '../../dockerfile/dialect.ts';
import { removeFlag } from '../../dockerfile/edit.ts';
import { durationFlaw } from '../../dockerfile/go-duration.ts';
import { instructionFlags, type KnownFlag } from '../../dockerfile/instruction-flags.ts';
import type { Dockerfile, Flag, Instruction } from '../../dockerfile/model.ts';
import { nearest } from '../../dockerfile/stage-references.ts';
import { instructionsOf } from '../../dockerfile/subjects.ts';
import { defineRule, type MessageData, type ProposedFix, type Safety } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';
import type { Located, Span } from '../../text/span.ts';

type Message =
  | 'unknown'
  | 'misspelt'
  | 'noFlags'
  | 'twice'
  | 'noValue'
  | 'boolean'
  | 'choice'
  | 'noUnit'
  | 'unknownUnit'
  | 'tooShort'
  | 'malformed'
  | 'count'
  | 'zero';
type Title = 'write' | 'remove';

interface Wrong {
  readonly message: Message;
  readonly data: MessageData;
  readonly span: Span;
  readonly severity?: 'warning';
  readonly fixes?: readonly ProposedFix<Title>[];
}

function written(at: Located<string>, text: string, safety: Safety): readonly ProposedFix<Title>[] {
  return [{ title: 'write', data: { text }, safety, edits: [replace(at.span, text)] }];
}

/** A flag that the instruction does not have. */
function unknownFlag(dockerfile: Dockerfile, instruction: Instruction, flag: Flag): Wrong {
  const keyword = instruction.keyword.value.toUpperCase();
  const flags = instructionFlags[instruction.kind] ?? [];
  const data = { keyword, flag: `--${flag.name.value}` };
  if (flags.length === 0) return { message: 'noFlags', data, span: flag.span };
  const names = flags.map(({ name }) => name);
  const suggestion = nearest(flag.name.value.toLowerCase(), names, flag.name.value.length <= 4 ? 1 : 2);
  const span = { start: flag.span.start, end: flag.name.span.end };
  if (suggestion !== undefined) {
    const fixes = written(flag.name, suggestion, 'safe');
    return { message: 'misspelt', data: { ...data, suggestion: `--${suggestion}` }, span, fixes };
  }
  const edits = [removeFlag(dockerfile, flag)];
  return { message: 'unknown', data, span, fixes: [{ title: 'remove', data, safety: 'suggested', edits }] };
}

/** What is wrong with a flag's value. */
function wrongValue(known: KnownFlag, flag: Flag): Wrong | undefined {
  const { value } = flag;
  const data = { flag: `--${known.name}` };
  if (value === undefined) return known.takes === 'flag' ? undefined : { message: 'noValue', data, span: flag.span };
  if (value.value === '' || value.value.includes('$') || known.takes === 'text') return undefined;
  const at = { ...data, value: value.value };
  switch (known.takes) {
    case 'flag': {
      if (/^(?:true|false)$/i.test(value.value)) return undefined;
      const yes = /^(?:1|yes|on)$/i.test(value.value) ? 'true' : undefined;
      const meant = yes ?? (/^(?:0|no|off)$/i.test(value.value) ? 'false' : undefined);
      const fixes = meant === undefined ? [] : written(value, meant, 'safe');
      return { message: 'boolean', data: at, span: value.span, fixes };
    }
    case 'count': {
      if (/^\+?\d+$/.test(value.value) && Number(value.value) > 0) return undefined;
      if (/^[-+]?0+$/.test(value.value)) return { message: 'zero', data: at, span: value.span, severity: 'warning' };
      return { message: 'count', data: at, span: value.span };
    }
    case 'duration': {
      const flaw = durationFlaw(value.value);
      if (flaw === undefined) return undefined;
      const repaired = 'repaired' in flaw ? flaw.repaired : undefined;
      const unit = flaw.kind === 'unknownUnit' ? flaw.unit : '';
      const fixes =
        repaired === undefined ? [] : written(value, repaired, flaw.kind === 'noUnit' ? 'suggested' : 'safe');
      return { message: flaw.kind, data: { ...at, unit }, span: value.span, fixes };
    }
    default: {
      if (known.takes.includes(value.value)) return undefined;
      const meant = nearest(value.value.toLowerCase(), known.takes, 2);
      const fixes = meant === undefined ? [] : written(value, meant, 'safe');
      return { message: 'choice', data: { ...at, choices: known.takes.join(', ') }, span: value.span, fixes };
    }
  }
}

function* wrongFlags(dockerfile: Dockerfile, instruction: Instruction): Generator<Wrong> {
  const seen = new Set<string>();
  for (const flag of instruction.flags) {
    const known = instructionFlags[instruction.kind]?.find(({ name }) => name === flag.name.value);
    if (known === undefined) {
      yield unknownFlag(dockerfile, instruction, flag);
      continue;
    }
    if (seen.has(known.name) && known.repeats !== true) {
      const data = { flag: `--${known.name}` };
      const edits = [removeFlag(dockerfile, flag)];
      const span = { start: flag.span.start, end: flag.name.span.end };
      yield { message: 'twice', data, span, fixes: [{ title: 'remove', data, safety: 'suggested', edits }] };
      continue;
    }
    seen.add(known.name);
    const wrong = wrongValue(known, flag);
    if (wrong !== undefined) yield wrong;
  }
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/flag-invalid',
    rows: ['D105'],
    summary: 'An instruction should have flags that it knows, once each, with values that they take.',
    why: 'The builder refuses an instruction with any other flag, a second one of the same name, or a value that it cannot read. Durations need a unit, as in `30s`.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      unknown: '{keyword} has no flag `{flag}`',
      misspelt: '`{flag}` is no flag of {keyword}, `{suggestion}` is',
      noFlags: '{keyword} has no flags: it takes `{flag}` for one',
      twice: '`{flag}` is given twice',
      noValue: '`{flag}` needs a value: `{flag}=…`',
      boolean: '`{flag}` is true or false, not `{value}`',
      choice: '`{flag}` takes one of {choices}, not `{value}`',
      noUnit: '`{value}` has no unit',
      unknownUnit: '`{unit}` is no unit of time: there are ns, us, ms, s, m and h',
      tooShort: '`{flag}` takes a millisecond at least',
      malformed: '`{value}` is no duration: write `30s` or `1m30s`',
      count: '`{flag}` takes a number from 1 on',
      zero: '`{flag}=0` stands for the default, which is 3',
    },
    titles: { write: 'Write `{text}`', remove: 'Remove `{flag}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nCOPY --chwon=node . /app\n',
        good: 'FROM node:24\nCOPY --chown=node . /app\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM nginx:1.29\nHEALTHCHECK --interval=30 CMD curl -f http://localhost/\n',
        good: 'FROM nginx:1.29\nHEALTHCHECK --interval=30s CMD curl -f http://localhost/\n',
      },
    ],
    options: {},
    sources: [
      'dockerfile-utils UNKNOWN_ADD_FLAG',
      'dockerfile-utils UNKNOWN_COPY_FLAG',
      'dockerfile-utils UNKNOWN_FROM_FLAG',
      'dockerfile-utils UNKNOWN_HEALTHCHECK_FLAG',
      'dockerfile-utils FLAG_DUPLICATE',
      'dockerfile-utils FLAG_MISSING_VALUE',
      'dockerfile-utils FLAG_EXPECTED_BOOLEAN_VALUE',
      'dockerfile-utils FLAG_INVALID_DURATION',
      'dockerfile-utils FLAG_LESS_THAN_1MS',
      'dockerfile-utils FLAG_MISSING_DURATION',
      'dockerfile-utils FLAG_UNKNOWN_UNIT',
      'dockerfile-utils FLAG_AT_LEAST_ONE',
      'dockerfile-utils FLAG_INVALID_LINK_VALUE',
    ],
  },
  beside: ['flag'],
  *check(dockerfile) {
    if (!isPlain(dockerfile)) return;
    for (const { instruction } of instructionsOf(dockerfile)) {
      if (instruction.flags.length > 0 && instruction.kind !== 'unknown') yield* wrongFlags(dockerfile, instruction);
    }
  },
});
