import { badDollar, readEnvironmentFile, type Variable, variablesIn } from '../../compose/interpolation.ts';
import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';
import { onceFor } from '../../text/once-for.ts';
import type { YamlScalar } from '../../yaml/node.ts';
import { walk } from '../../yaml/read.ts';

/** What a shell has exported, or Compose sets itself. */
const given =
  /^(?:COMPOSE_\w+|DOCKER_\w+|HOME|USER|USERNAME|USERPROFILE|LOGNAME|PATH|PWD|SHELL|TERM|LANG|TMPDIR|TEMP|DISPLAY|XAUTHORITY|XDG_\w+|SSH_AUTH_SOCK|WAYLAND_DISPLAY|CI|GITHUB_\w+|HOSTNAME)$/i;
const examples = ['.env.example', '.env.sample', '.env.template', '.env.dist', 'example.env'];

const namesIn = onceFor((around: ReadonlyMap<string, string | null>): ReadonlySet<string> => {
  const names = ['.env', ...examples].flatMap((file) => [...readEnvironmentFile(around.get(file) ?? '').names]);
  return new Set(names);
});

export default defineRule('compose-file', {
  meta: {
    id: 'compose/variable-unset',
    rows: ['C112'],
    summary: 'A variable should have a value, or a default where it is used.',
    why: 'Compose puts nothing in the place of a variable that neither the shell nor `.env` sets, and only warns: an image without its tag, a password that is empty. `${NAME:-default}` says what is meant without it, `${NAME:?reason}` stops instead. What begins with `${` and is no variable is refused; `$$` is a dollar.',
    severity: 'information',
    topic: 'configuration',
    messages: {
      unset: '`{name}` has no default and is not in `.env`: unless the shell sets it, it is empty',
      invalid: 'This begins no variable, and Compose refuses the file: write `$${{` for a dollar and a brace',
    },
    titles: { empty: 'Say that it may be empty' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        around: { '.env': 'TAG=1.4\n' },
        bad: 'services:\n  web:\n    image: web:${TAG}\n    user: ${RUN_AS}\n',
        good: 'services:\n  web:\n    image: web:${TAG}\n    user: ${RUN_AS:-}\n',
      },
    ],
    options: {
      withoutFile: {
        type: 'boolean',
        default: false,
        description: 'Report variables where there is no `.env` too, whose values are all expected from the shell.',
      },
    },
    sources: [],
  },
  *check({ document }, { file: { around }, options }) {
    if (!document.text.includes('$')) return;
    const own = around.get('.env');
    const known = own === undefined || (own === null && !options.withoutFile) ? undefined : namesIn(around);
    const told = new Set<string>();
    for (const { node, path } of walk(document)) {
      if (node?.kind !== 'scalar' || node.unknown || node.interpolated || !node.text.includes('$')) continue;
      if (String(path[0]).startsWith('x-')) continue;
      const written = placeOf(node, document.text);
      const variables = variablesIn(node.text);
      if (variables === undefined) {
        const at = badDollar(node.text) ?? 0;
        const span = written === undefined ? undefined : { start: written + at, end: written + at + 2 };
        yield { message: 'invalid', severity: 'error', span: span ?? node.span };
        continue;
      }
      for (const { name, operator, start, end } of withDefaults(variables)) {
        if (known === undefined || operator !== '' || known.has(name) || given.test(name) || told.has(name)) continue;
        told.add(name);
        const span = written === undefined || start < 0 ? undefined : { start: written + start, end: written + end };
        yield {
          message: 'unset',
          data: { name },
          span: span ?? node.span,
          fixes: span ? [{ title: 'empty', safety: 'suggested', edits: [replace(span, `\${${name}:-}`)] }] : [],
        };
      }
    }
  },
});

/** The variables, and those in their defaults, whose places are not known (-1). */
function* withDefaults(variables: readonly Variable[]): Generator<Variable> {
  for (const variable of variables) {
    yield variable;
    if (!variable.operator.endsWith('-')) continue;
    for (const inner of withDefaults(variablesIn(variable.word) ?? [])) yield { ...inner, start: -1, end: -1 };
  }
}

/** Where the text of a scalar begins in the document; undefined where escapes or folds are in between. */
function placeOf({ text, span }: YamlScalar, source: string): number | undefined {
  return [span.start, span.start + 1].find(
    (start) => source.startsWith(text, start) && start + text.length <= span.end,
  );
}
