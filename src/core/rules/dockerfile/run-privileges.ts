import { removeFlag } from '../../dockerfile/edit.ts';
import { defineRule } from '../../engine/rule.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/run-privileges',
    rows: ['D610'],
    summary: 'A build step should not be given the rights or the network of the machine that builds.',
    why: 'With `--security=insecure` whatever the step runs, downloaded scripts too, has all capabilities on the machine that builds; with `--network=host` it reaches what only listens there. Builders refuse both unless they are started with the entitlement, so the file builds on few machines only.',
    severity: 'warning',
    topic: 'security',
    messages: {
      insecure: '`--security=insecure` runs this step without a sandbox',
      host: '`--network=host` opens the network of the machine that builds to this step',
    },
    titles: { remove: 'Remove `{flag}`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM alpine:3.22\nRUN --security=insecure ./build.sh\n',
        good: 'FROM alpine:3.22\nRUN ./build.sh\n',
      },
    ],
    options: {},
    sources: ['sonar S6502', 'sonar S6431'],
  },
  only: ['run'],
  beside: ['flag'],
  when: ({ instruction }) => instruction.flags.length > 0,
  *check({ instruction, dockerfile }) {
    for (const flag of instruction.flags) {
      const insecure = flag.name.value === 'security' && flag.value?.value === 'insecure';
      if (!insecure && (flag.name.value !== 'network' || flag.value?.value !== 'host')) continue;
      yield {
        message: insecure ? 'insecure' : 'host',
        span: flag.span,
        // What runs is still in its sandbox.
        ...(!insecure && { severity: 'information' }),
        fixes: [
          {
            title: 'remove',
            data: { flag: dockerfile.text.slice(flag.span.start, flag.span.end) },
            safety: 'suggested',
            edits: [removeFlag(dockerfile, flag)],
          },
        ],
      };
    }
  },
});
