import { removePair } from '../../dockerfile/edit.ts';
import type { Word } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

interface Switch {
  readonly on: RegExp;
  /** What its makers say for production; undefined where the variable is better left out. */
  readonly off: string | undefined;
  /** What it gives away is little. */
  readonly mild: boolean;
}

const truth = /^(?:1|true|yes|on)$/i;
const development = /^(?:development|dev|debug)$/i;

/** Variables that switch a framework to how it behaves on a developer's machine. */
const switches: Readonly<Record<string, Switch>> = {
  FLASK_DEBUG: { on: truth, off: '0', mild: false },
  FLASK_ENV: { on: development, off: 'production', mild: false },
  DJANGO_DEBUG: { on: truth, off: '0', mild: false },
  APP_DEBUG: { on: truth, off: 'false', mild: false },
  APP_ENV: { on: /^(?:dev|development)$/i, off: undefined, mild: true },
  SYMFONY_DEBUG: { on: truth, off: '0', mild: false },
  RAILS_ENV: { on: development, off: 'production', mild: false },
  RACK_ENV: { on: development, off: 'production', mild: false },
  ASPNETCORE_ENVIRONMENT: { on: development, off: 'Production', mild: false },
  DOTNET_ENVIRONMENT: { on: development, off: 'Production', mild: false },
  NODE_ENV: { on: development, off: 'production', mild: true },
  GIN_MODE: { on: /^debug$/i, off: 'release', mild: true },
  DEBUG: { on: truth, off: undefined, mild: true },
};

/** A file or stage that says by its name that it is for developers. */
const forDevelopers =
  /(?:^|[^a-z])(?:dev|devel|develop|development|debug|debugger|test|tests|testing|local)(?:[^a-z]|$)/i;

/** The new value in the quotes of the old one. */
function rewritten(value: Word, off: string): string {
  const quote = /^["']/.exec(value.text)?.[0] ?? '';
  return quote + off + quote;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/debug-mode',
    rows: ['D615'],
    summary: 'A shipped image should not switch debugging on.',
    why: 'In debug mode web frameworks show stack traces, settings and source to whoever causes an error, and some run code that is sent to them. Set the variable where it is wanted: in the Compose file of the developers, or in a stage for them. Stages and files that are named for development are left alone; where little is given away it is information.',
    severity: 'warning',
    topic: 'security',
    messages: { on: '`{name}={value}` switches the shipped image to debugging' },
    titles: { off: 'Change to `{name}={off}`', remove: 'Remove `{name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nENV FLASK_DEBUG=1\nCMD ["flask", "run"]\n',
        good: 'FROM python:3.14-slim\nENV FLASK_DEBUG=0\nCMD ["flask", "run"]\n',
      },
    ],
    options: {},
    sources: ['sonar S4507'],
  },
  only: ['env'],
  when: ({ instruction }) => instruction.pairs.some(({ key }) => Object.hasOwn(switches, key.value)),
  *check({ instruction, stage, dockerfile }, { file }) {
    if (stage?.shipped === false) return;
    for (const pair of instruction.pairs) {
      const { key, value } = pair;
      const name = key.value;
      const known = Object.hasOwn(switches, name) ? switches[name] : undefined;
      if (known === undefined || value?.constant !== true || !known.on.test(value.value)) continue;
      if (forDevelopers.test(`${file.path.slice(file.path.lastIndexOf('/'))}:${stage?.name ?? ''}`)) return;
      const { off, mild } = known;
      const cut = off === undefined ? removePair(dockerfile, instruction, pair) : undefined;
      yield {
        message: 'on',
        data: { name, value: value.value },
        span: { start: key.span.start, end: value.span.end },
        ...(mild && { severity: 'information' }),
        fixes:
          off !== undefined
            ? [
                {
                  title: 'off',
                  data: { off },
                  safety: 'suggested',
                  edits: [replace(value.span, rewritten(value, off))],
                },
              ]
            : cut
              ? [{ title: 'remove', safety: 'suggested', edits: [cut] }]
              : [],
      };
    }
  },
});
