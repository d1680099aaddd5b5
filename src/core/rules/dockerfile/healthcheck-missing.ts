import { insertInstructionAfter, insertInstructionBefore } from '../../dockerfile/edit.ts';
import type { Dockerfile, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { familyOfBase } from '../../images/base-images.ts';
import { type TextEdit, withPlaceholders } from '../../text/edit.ts';

/** A check with a program that is there, as far as that is known; its address or the whole of it is left to a person. */
function healthcheck(dockerfile: Dockerfile, stage: Stage): string {
  const port = exposedPort(stage);
  const base = baseOf(stage);
  const curl =
    dockerfile.text.includes('curl') &&
    instructionsBefore(stage).some(
      ({ kind, span }) => kind === 'run' && /\bcurl\b/.test(dockerfile.text.slice(span.start, span.end)),
    );
  const address = `http://localhost:${port ?? '<port>'}/<path>`;
  if (curl) return `HEALTHCHECK CMD curl -f ${address} || exit 1`;
  if (base && familyOfBase(base) === 'alpine') return `HEALTHCHECK CMD wget -q --spider ${address} || exit 1`;
  return 'HEALTHCHECK CMD <command>';
}

function exposedPort(stage: Stage): string | undefined {
  for (const instruction of instructionsBefore(stage)) {
    const port = instruction.kind === 'expose' ? /^(\d+)(?:\/tcp)?$/i.exec(instruction.words[0]?.value ?? '') : null;
    if (port !== null) return port[1];
  }
  return undefined;
}

function insertion(dockerfile: Dockerfile, stage: Stage): TextEdit | undefined {
  const line = healthcheck(dockerfile, stage);
  const started = stage.instructions.find(({ kind }) => kind === 'entrypoint' || kind === 'cmd');
  if (started !== undefined) return insertInstructionBefore(dockerfile, started, line);
  const last = stage.instructions.at(-1) ?? stage.from;
  return last && insertInstructionAfter(dockerfile, last, line);
}

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/healthcheck-missing',
    rows: ['D803'],
    summary: 'An image should say how to tell that it works.',
    why: 'Docker and Swarm restart and route by HEALTHCHECK, and `depends_on` of Compose can wait for it. Kubernetes takes no notice of it and has probes of its own, and a command that ends has no health: the rule is off unless it is asked for.',
    severity: 'information',
    optional: true,
    topic: 'runtime',
    messages: { missing: 'No `HEALTHCHECK`: Docker cannot tell whether the program works' },
    titles: { add: 'Add a `HEALTHCHECK`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nEXPOSE 8080\nCMD ["/app"]\n',
        good: 'FROM alpine:3.22\nEXPOSE 8080\nHEALTHCHECK CMD wget -q --spider http://localhost:8080/<path> || exit 1\nCMD ["/app"]\n',
      },
    ],
    options: {},
    sources: [
      'hadolint DL3057',
      'checkov CKV_DOCKER_2',
      'trivy DS-0026',
      'kics healthcheck_instruction_missing',
      'dockle CIS-DI-0006',
    ],
  },
  *check(dockerfile) {
    const stage = dockerfile.stages.at(-1);
    const image = stage?.from?.image;
    if (stage === undefined || image === undefined) return;
    if (instructionsBefore(stage).some(({ kind }) => kind === 'healthcheck')) return;
    yield {
      message: 'missing',
      span: image.span,
      lateFixes: () => {
        const edit = insertion(dockerfile, stage);
        return edit ? [{ title: 'add', safety: 'manual', edits: [withPlaceholders(edit)] }] : [];
      },
    };
  },
});
