import { isPlaceholder, isPlain } from '../../dockerfile/dialect.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { renameStage } from '../../dockerfile/stage-references.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

const valid = /^[a-z][a-z0-9-_.]*$/i;
const reserved = new Set(['scratch', 'context']);

const peers = {
  as: ['dockerfile-utils INVALID_AS'],
  invalid: ['dockerfile-utils INVALID_BUILD_STAGE_NAME'],
  reserved: ['hadolint DL3063', 'buildkit ReservedStageName'],
} as const;

/** The name without what may not be in it, as no stage is called yet; undefined where nothing would be left. */
function allowedName(dockerfile: Dockerfile, written: string): string | undefined {
  const letters = written
    .replace(/[^A-Za-z0-9-_.]+/g, '-')
    .replace(/^[-_.]+|[-_.]+$/g, '')
    .replace(/^\d/, 'stage-$&');
  if (!valid.test(letters)) return undefined;
  const name = reserved.has(letters.toLowerCase()) ? `${letters}-stage` : letters;
  return dockerfile.stages.some((stage) => stage.name === name.toLowerCase()) ? undefined : name;
}

function wrongWith(stage: Stage): 'as' | 'invalid' | 'reserved' | undefined {
  const { as, alias } = stage.from ?? {};
  if (as === undefined || alias === undefined || stage.name === undefined) return undefined;
  // What begins with a number sign was meant as a comment.
  if (as.value.toLowerCase() !== 'as') return /^#/.test(as.value) ? undefined : 'as';
  if (reserved.has(stage.name)) return 'reserved';
  return valid.test(stage.name) ? undefined : 'invalid';
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/stage-name-invalid',
    rows: ['D106', 'D118'],
    summary: 'A stage is named with `AS` and letters, digits, `-`, `_` and `.`, a letter first.',
    why: 'The builder refuses any other name, and any other word in the place of `AS`; variables are not put in here. `scratch` and `context` mean something already: what refers to a stage of that name may get something else.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      as: '`{word}` stands where `AS` belongs',
      invalid: '`{name}` is no name for a stage: it takes letters, digits, `-`, `_` and `.`, a letter first',
      reserved: '`{name}` has a meaning of its own and should be no name of a stage',
    },
    titles: { as: 'Change to `{as}`', rename: 'Rename this stage to `{fresh}`' },
    fix: 'sometimes',
    examples: [
      { file: 'Dockerfile', bad: 'FROM golang:1.25 AZ build\n', good: 'FROM golang:1.25 AS build\n' },
      {
        file: 'Dockerfile',
        bad: 'FROM golang:1.25 AS 1st\nFROM scratch\nCOPY --from=1st /app /app\n',
        good: 'FROM golang:1.25 AS stage-1st\nFROM scratch\nCOPY --from=stage-1st /app /app\n',
      },
    ],
    options: {},
    sources: Object.values(peers).flat(),
  },
  beside: ['stage name'],
  when: ({ stages }) => stages.some((stage) => wrongWith(stage) !== undefined),
  *check(dockerfile) {
    if (!isPlain(dockerfile)) return;
    for (const stage of dockerfile.stages) {
      const { from } = stage;
      const wrong = wrongWith(stage);
      if (wrong === undefined || from?.alias === undefined || from.as === undefined) continue;
      if (from.words.length > 3 || from.words.some(({ text }) => isPlaceholder(text))) continue;
      if (wrong === 'as') {
        const as = from.keyword.value === from.keyword.value.toLowerCase() ? 'as' : 'AS';
        yield {
          message: 'as',
          data: { word: from.as.value, as },
          span: from.as.span,
          peers: peers.as,
          fixes: [{ title: 'as', safety: 'safe', edits: [replace(from.as.span, as)] }],
        };
        continue;
      }
      const fresh = from.alias.value.includes('$') ? undefined : allowedName(dockerfile, from.alias.value);
      yield {
        message: wrong,
        ...(wrong === 'reserved' && { severity: 'warning' }),
        data: { name: from.alias.value },
        span: from.alias.span,
        peers: peers[wrong],
        fixes:
          fresh === undefined
            ? []
            : [
                {
                  title: 'rename',
                  data: { fresh },
                  safety: 'suggested',
                  edits: renameStage(dockerfile, stage, fresh),
                },
              ],
      };
    }
  },
});
