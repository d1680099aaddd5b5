import { pathIn, valueAt, workdirAt } from '../../dockerfile/folders.ts';
import { defineRule } from '../../engine/rule.ts';

/** What the runtime mounts over whatever the image has there. */
const mounted = /^\/(?:proc|sys|dev)(?:\/|$)/;
const system = /^\/(?:(?:boot|initrd|lost\+found)(?:\/|$)|(?:bin|sbin|etc|lib|lib64|usr|usr\/bin|usr\/sbin|usr\/lib)$)/;

/** Nothing of these, and no dots that may lead there. */
const elsewhere = /^\/(?!(?:proc|sys|dev|boot|initrd|bin|sbin|etc|lib|lib64|usr)(?:\/|$))[\w-]+(?:\/[\w-]+)*$/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/workdir-of-system',
    rows: ['D614'],
    summary: '`WORKDIR` should not be a folder of the system.',
    why: 'The runtime mounts `/proc`, `/sys` and `/dev` over whatever the image has there: files that are put into them are gone when the container starts. In `/etc`, `/usr/bin` and the like, relative paths write among the files of the base image, and a `COPY . .` may replace some. `/app`, or a folder below `/opt` or `/srv`, is free.',
    severity: 'information',
    topic: 'security',
    messages: {
      mounted: '`{path}` is mounted over when the container starts: what is put there is gone',
      system: '`{path}` belongs to the system: relative paths write among its files',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM debian:13-slim\nWORKDIR /usr/bin\nCOPY . .\n',
        good: 'FROM debian:13-slim\nWORKDIR /app\nCOPY . .\n',
      },
    ],
    options: {},
    sources: ['trivy DS-0030'],
  },
  only: ['workdir'],
  when: ({ instruction }) => !elsewhere.test(instruction.arguments.text),
  *check({ instruction, stage, dockerfile }) {
    const [word] = instruction.words;
    if (stage === undefined || stage.windows || word === undefined) return;
    const written = valueAt(dockerfile, instruction, instruction.arguments.text.trim());
    const path = written && pathIn(workdirAt(dockerfile, stage, instruction), written);
    if (path === undefined || path === '') return;
    if (mounted.test(path)) yield { message: 'mounted', data: { path }, span: word.span, severity: 'warning' };
    else if (system.test(path)) yield { message: 'system', data: { path }, span: word.span };
  },
});
