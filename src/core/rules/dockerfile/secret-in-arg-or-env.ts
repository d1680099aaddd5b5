import { insertFlag, removeInstruction } from '../../dockerfile/edit.ts';
import type { Dockerfile, Instruction, KeyValue, PairsInstruction, Stage } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';
import type { TextEdit } from '../../text/edit.ts';

/** The words of a name that BuildKit takes for a secret's, and those that tell it is none. */
const secret = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const harmless = /(?:_|^)(?:public|file|version)(?:_|$)/i;
/** Written without an underscore before them, as in `DBPASSWORD`. */
const runTogether = /(?:password|passwd|secret|apikey|accesskey|privatekey)(?:_|$)/i;
/** A name that ends so tells something about a secret, and does not hold it. */
const about =
  /_(?:path|dir|url|uri|host|port|name|type|length|size|ttl|expiry|expires|alg|algorithm|issuer|server|endpoint|method|mode|provider|enabled|required|header|format|realm|domain|audience|prefix|suffix|id|ids|fingerprint|fingerprints|alias|aliases|manager|helper|agent|prompt|prompt_string|sock|socket|store|timeout|policy|rotation|user|username)$/i;
/** Half of a pair that names an account: worth a word, since its other half is seldom far. */
const accessKeyId = /access_key_id$/i;
/** Keys to check signatures with are meant to be known. */
const verifies = /(?:_|^)(?:gpg|pgp|signing|release|keyring)_?keys?(?:_|$)/i;

function looksSecret(name: string): boolean {
  if (!secret.test(name) && !runTogether.test(name)) return false;
  if (harmless.test(name) || verifies.test(name)) return false;
  return !about.test(name) || accessKeyId.test(name);
}

/** A place to find a secret, a switch, or a fingerprint. */
function plainValue(value: string): boolean {
  return (
    /^(?:[~.]{0,2}\/|[a-z]:[\\/]|file:|\$\{?HOME\}?\/)/i.test(value) ||
    /^https?:\/\/[^@\s]*$/i.test(value) ||
    /^(?:true|false|yes|no|on|off|none|null)$/i.test(value) ||
    /^(?:0x)?(?:[0-9A-F]{8}|[0-9A-F]{16}|[0-9A-F]{40})$/.test(value)
  );
}

/** RUNs of a stage that use a variable; undefined where other instructions do too. */
function usedByRuns(
  dockerfile: Dockerfile,
  stage: Stage,
  name: string,
  after: Instruction,
): readonly Instruction[] | undefined {
  const use = new RegExp(`\\$\\{?${name}\\b`);
  const runs: Instruction[] = [];
  for (const instruction of stage.instructions) {
    if (instruction.span.start <= after.span.start) continue;
    if (!use.test(dockerfile.text.slice(instruction.span.start, instruction.span.end))) continue;
    if (instruction.kind !== 'run') return undefined;
    runs.push(instruction);
  }
  return runs;
}

/** Takes the ARG away and mounts a secret of the same name where it is used. */
function mounting(
  dockerfile: Dockerfile,
  stage: Stage,
  at: PairsInstruction,
  pair: KeyValue,
): readonly TextEdit[] | undefined {
  const name = pair.key.value;
  if (
    at.kind !== 'arg' ||
    at.pairs.length !== 1 ||
    at.onbuild ||
    stage.windows ||
    at.span.start < (stage.from?.span.start ?? 0)
  )
    return undefined;
  const runs = usedByRuns(dockerfile, stage, name, at);
  if (runs === undefined || runs.length === 0) return undefined;
  const mount = `--mount=type=secret,id=${name},env=${name}`;
  return [removeInstruction(dockerfile, at), ...runs.map((run) => insertFlag(run, mount))];
}

const wider = [
  ...['hadolint DL3064', 'trivy DS-0031', 'sonar S6472', 'semgrep secret-in-build-arg', 'dockle CIS-DI-0010'],
  ...['tally secrets-in-code', 'tally require-secret-mounts'],
];

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/secret-in-arg-or-env',
    rows: ['D605'],
    summary: 'Secrets should come in by a secret mount, not by `ARG` or `ENV`.',
    why: 'ENV is part of the image, and the values of ARG are in its history and in the attestations about its build: whoever can pull the image can read them. `RUN --mount=type=secret` shows a secret to one command and leaves nothing behind; at run time it belongs in a mounted file or in what the orchestrator provides. An ARG without a value, and a stage that is not shipped, give less away: information.',
    severity: 'warning',
    topic: 'security',
    messages: {
      env: '`{name}` looks like a secret, and `ENV` keeps it in the image',
      arg: "`{name}` looks like a secret, and `ARG` leaves it in the image's history",
      unset: "`{name}` looks like a secret: what is passed to it stays in the image's history",
      unshipped: "`{name}` looks like a secret: it stays in the build's cache and attestations",
      empty: '`{name}` looks like a secret: what is put there stays in the image',
    },
    titles: { mount: 'Mount it as a secret where it is used' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM node:24\nARG NPM_TOKEN\nRUN npm config set //registry.example.com/:_authToken=$NPM_TOKEN\n',
        good: 'FROM node:24\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //registry.example.com/:_authToken=$NPM_TOKEN\n',
      },
    ],
    options: {},
    sources: ['buildkit SecretsUsedInArgOrEnv', ...wider],
  },
  only: ['env', 'arg'],
  when: ({ instruction }) => instruction.pairs.some(({ key }) => looksSecret(key.value)),
  *check({ instruction, stage, dockerfile }) {
    for (const pair of instruction.pairs) {
      const name = pair.key.value;
      const value = pair.value?.value ?? '';
      if (!looksSecret(name) || plainValue(value)) continue;
      const shipped = stage?.shipped ?? true;
      const milder = value === '' || !shipped || accessKeyId.test(name);
      // BuildKit looks into the stages, not at triggers, and for whole words.
      const inStage = instruction.span.start > (stage?.from?.span.start ?? 0) && !instruction.onbuild;
      const filled = instruction.kind === 'env' ? (value === '' ? 'empty' : 'env') : value === '' ? 'unset' : 'arg';
      yield {
        message: shipped ? filled : 'unshipped',
        data: { name },
        span: pair.key.span,
        ...(!(inStage && secret.test(name)) && { peers: wider }),
        ...(milder && { severity: 'information' }),
        lateFixes: () => {
          const edits = stage && mounting(dockerfile, stage, instruction, pair);
          return edits ? [{ title: 'mount', safety: 'suggested', edits }] : [];
        },
      };
    }
  },
});
