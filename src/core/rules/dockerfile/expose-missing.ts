import { insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { CommandInstruction } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';

/** Servers whose command line says the port, or that have one where it does not. */
const servers: readonly { readonly name: RegExp; readonly port: RegExp; readonly usual: string | undefined }[] = [
  { name: /(?:^|[ /])gunicorn /, port: / (?:-b|--bind)[ =](?:[\w.[\]]*:)(\d+)(?: |$)/, usual: undefined },
  { name: /(?:^|[ /])(?:uvicorn|hypercorn|daphne) /, port: / (?:--port|-p)[ =](\d+)(?: |$)/, usual: undefined },
  { name: /(?:^|[ /])flask .*\brun\b/, port: / (?:--port|-p)[ =](\d+)(?: |$)/, usual: '5000' },
  { name: / manage\.py runserver /, port: / (?:0\.0\.0\.0:)(\d+)(?: |$)/, usual: undefined },
  { name: /(?:^|[ /])php -S /, port: / -S 0\.0\.0\.0:(\d+)(?: |$)/, usual: undefined },
  { name: / -m http\.server\b/, port: / http\.server (\d+)(?: |$)/, usual: '8000' },
];

/** The port that a command listens on; undefined where it does not say, or says it with a variable. */
function portOf({ command }: CommandInstruction): string | undefined {
  const line = command.kind === 'exec' ? command.words.map(({ value }) => value).join(' ') : command.source.text;
  if (line.includes('$')) return undefined;
  const server = servers.find(({ name }) => name.test(line));
  return server && (server.port.exec(line)?.[1] ?? server.usual);
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/expose-missing',
    rows: ['D705'],
    summary: 'A server may say its port with `EXPOSE`.',
    why: 'EXPOSE opens nothing, but `docker run -P`, reverse proxies that configure themselves and people find the port by it.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: { missing: 'No `EXPOSE` says that this listens on port {port}' },
    titles: { add: 'Add `EXPOSE {port}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app"]\n',
        good: 'FROM python:3.14\nEXPOSE 8000\nCMD ["gunicorn", "-b", "0.0.0.0:8000", "app"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['cmd', 'entrypoint'],
  when: ({ stage, dockerfile }) =>
    stage === dockerfile.stages.at(-1) && !instructionsBefore(stage).some(({ kind }) => kind === 'expose'),
  *check({ stage, dockerfile }) {
    if (stage.from === undefined) return;
    const own = stage.instructions.filter(
      (one): one is CommandInstruction => one.kind === 'cmd' || one.kind === 'entrypoint',
    );
    const last = own.findLast(({ kind }) => kind === 'cmd') ?? own.at(-1);
    const port = last && portOf(last);
    if (last === undefined || port === undefined) return;
    yield {
      message: 'missing',
      data: { port },
      span: last.keyword.span,
      fixes: [
        { title: 'add', safety: 'suggested', edits: [insertInstructionBefore(dockerfile, last, `EXPOSE ${port}`)] },
      ],
    };
  },
});
