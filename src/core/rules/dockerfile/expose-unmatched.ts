import { builds, servicesBuilt } from '../../compose/builds.ts';
import { insertWordAfter } from '../../dockerfile/edit.ts';
import type { WordsInstruction } from '../../dockerfile/model.ts';
import { ancestry } from '../../dockerfile/stage-facts.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/expose-unmatched',
    rows: ['D707', 'X101'],
    summary: 'The ports that a Compose file publishes should be ones that the image says it listens on.',
    why: 'A port that is published and that nothing in the image listens on refuses every connection, and `docker compose up` says nothing. One of the two files is out of date. Compared is the Compose file beside the Dockerfile, or one folder up, where it builds this very file.',
    severity: 'information',
    topic: 'network',
    messages: { unmatched: 'The service {service} publishes port {port}, which is not among the ports here' },
    titles: { add: 'Add {port}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        around: { 'compose.yaml': 'services:\n  web:\n    build: .\n    ports: ["8080:80"]\n' },
        bad: 'FROM nginx:1.29\nEXPOSE 8080\n',
        good: 'FROM nginx:1.29\nEXPOSE 8080 80\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['expose'],
  given: ({ file }) => servicesBuilt(file.around).length > 0,
  *check({ stage, dockerfile }, { file }) {
    if (stage.from === undefined || stage !== dockerfile.stages.at(-1)) return;
    const exposed = ancestry(stage)
      .flatMap(({ instructions }) => instructions)
      .filter((one): one is WordsInstruction => one.kind === 'expose');
    const words = exposed.flatMap((one) => one.words);
    const own = stage.instructions.findLast((one) => one.kind === 'expose');
    const last = own?.words.at(-1);
    if (last === undefined || words.some(({ constant }) => !constant)) return;
    const ports = words.map(({ value }) => rangeOf(value));
    if (ports.some((range) => range === undefined)) return;
    for (const built of servicesBuilt(file.around)) {
      if (!builds(built, file.path)) continue;
      for (const { target, protocol, interpolated } of built.service.ports) {
        const port = target?.value ?? '';
        if (interpolated || protocol !== 'tcp' || !/^\d+$/.test(port)) continue;
        if (ports.some((range) => range && range.from <= Number(port) && Number(port) <= range.to)) continue;
        yield {
          message: 'unmatched',
          data: { service: built.service.name.value, port },
          span: last.span,
          fixes: [{ title: 'add', data: { port }, safety: 'suggested', edits: [insertWordAfter(last.span, port)] }],
        };
      }
    }
  },
});

/** `80`, `80/tcp` or `8000-8010` as a range; UDP is none of a service's usual ports. */
function rangeOf(text: string): { readonly from: number; readonly to: number } | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|udp|sctp))?$/i.exec(text);
  return match === null ? undefined : { from: Number(match[1]), to: Number(match[2] ?? match[1]) };
}
