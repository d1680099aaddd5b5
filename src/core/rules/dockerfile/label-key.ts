import type { Dockerfile, Instruction, Word } from '../../dockerfile/model.ts';
import { isPredefined, setForFrom } from '../../dockerfile/predefined-args.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

/** Extensions of Docker Desktop have to have theirs there. */
const reserved = /^(?:com\.docker(?!\.(?:desktop\.)?extension\.)|io\.docker|org\.dockerproject)\./;

/** A key of letters, digits, dots, dashes and the `_` and `/` that are usual besides, none of the separators doubled. */
function isValid(key: string): boolean {
  return /^[a-z](?:[a-z0-9._/-]*[a-z0-9])?$/.test(key) && !/\.\.|--/.test(key);
}

/** Whether a `$` in a key is no more than a character: nothing that the file sets is put in there. */
function isPlainDollar(dockerfile: Dockerfile, instruction: Instruction, key: string): boolean {
  const names = Array.from(key.matchAll(/\$(\w+)/g), ([, name = '']) => name);
  const variables = variablesAt(dockerfile, instruction);
  if (key.startsWith('$')) return false;
  return names.every((name) => variables.get(name) === undefined && !isPredefined(name) && !setForFrom(name));
}

function wrongWith(key: Word): 'reserved' | 'invalid' | undefined {
  if (key.value === '' || /[{}<>%]/.test(key.value)) return undefined;
  if (reserved.test(key.value)) return 'reserved';
  return isValid(key.value) ? undefined : 'invalid';
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/label-key',
    rows: ['D904'],
    summary: 'Keys of labels are small letters, digits, `.`, `-`, `_` and `/`, a letter first.',
    why: 'Tools that filter and show labels agree on this form, and compare letter by letter. The names below `com.docker`, `io.docker` and `org.dockerproject` are kept for Docker itself.',
    severity: 'information',
    topic: 'style',
    messages: {
      invalid: '`{key}` is no usual key: small letters, digits and single `.` and `-`, a letter first',
      reserved: '`{key}` is in a namespace that Docker keeps for itself',
    },
    titles: { lower: 'Change to `{lower}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nLABEL Maintainer="team@example.com"\n',
        good: 'FROM alpine:3.22\nLABEL maintainer="team@example.com"\n',
      },
    ],
    options: {},
    sources: ['hadolint DL3048', 'tally labels/valid-key', 'dockerfilelint label_invalid'],
  },
  only: ['label'],
  *check({ instruction, dockerfile }) {
    for (const { key } of instruction.pairs) {
      const wrong = wrongWith(key);
      if (wrong === undefined || (!key.constant && !isPlainDollar(dockerfile, instruction, key.value))) continue;
      const lower = key.value.toLowerCase();
      const taken = instruction.pairs.some((other) => other.key.value === lower);
      const mends = wrong === 'invalid' && isValid(lower) && key.text === key.value && !taken;
      yield {
        message: wrong,
        data: { key: key.value },
        span: key.span,
        // Whoever reads the label by its old key finds it no longer.
        fixes: mends
          ? [{ title: 'lower', data: { lower }, safety: 'suggested', edits: [replace(key.span, lower)] }]
          : [],
      };
    }
  },
});
