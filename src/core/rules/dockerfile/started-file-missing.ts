import type { Dockerfile, RunInstruction, Stage } from '../../dockerfile/model.ts';
import { instructionsBefore } from '../../dockerfile/stage-facts.ts';
import { folderAt, places, type StartedFile, startedFiles } from '../../dockerfile/started-file.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { holdsNoApplication } from '../../images/base-images.ts';

/** Folders that belong to the system: what is in them came with the base image or a package. */
const ofSystem = /^\/(?:usr|bin|sbin|lib\w*|etc|var|opt|root|home|proc|dev|sys|run|tmp|mnt|media|busybox)\//;

/** A RUN may have made it: it names the file or its folder, works there, or runs a script of which nothing is known. */
function mayMake(dockerfile: Dockerfile, stage: Stage, run: RunInstruction, path: string): boolean {
  const text = dockerfile.text.slice(run.span.start, run.span.end);
  const parts = path.split('/');
  const [, top = ''] = parts;
  const name = (parts.at(-1) ?? '').replace(/\.\w+$/, '');
  if (text.includes(name) || /\.sh\b|\b(?:tar|unzip|rpm2cpio|cpio|git|make)\b|\$/.test(text)) return true;
  if (parts.length === 2) return false;
  const folder = folderAt(dockerfile, stage, run);
  return text.includes(`/${top}`) || folder === undefined || folder === `/${top}` || folder.startsWith(`/${top}/`);
}

function isMissing(dockerfile: Dockerfile, stage: Stage, { path }: StartedFile): boolean {
  if (path === undefined || path === '/' || ofSystem.test(path)) return false;
  let copies = 0;
  for (const instruction of instructionsBefore(stage)) {
    switch (instruction.kind) {
      case 'copy':
      case 'add':
        copies++;
        if (places(dockerfile, stage, instruction, path) !== 'no') return false;
        break;
      case 'run':
        if (mayMake(dockerfile, stage, instruction, path)) return false;
        break;
      case 'volume':
      case 'onbuild':
        return false;
      default:
    }
  }
  // Where nothing at all is copied, the files are mounted when the container is started.
  return copies > 0;
}

export default defineRule('stage', {
  meta: {
    id: 'dockerfile/started-file-missing',
    rows: ['D814'],
    summary: 'The file that `ENTRYPOINT` or `CMD` starts should be in the image.',
    why: 'Nothing here puts the file there, neither COPY nor RUN, and the base image has no such folder: the container ends at once with “no such file or directory”. Often the path, the WORKDIR or the destination of a COPY has been changed in one place only. It is only said of base images that are known to hold no application.',
    severity: 'warning',
    topic: 'runtime',
    messages: { missing: 'Nothing here puts `{path}` into the image' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nCOPY main.py /app/main.py\nCMD ["python", "/srv/app/main.py"]\n',
        good: 'FROM python:3.14-slim\nCOPY main.py /app/main.py\nCMD ["python", "/app/main.py"]\n',
      },
    ],
    options: {},
    sources: [],
  },
  only: ['cmd', 'entrypoint'],
  when({ stage, dockerfile }) {
    const base = stage.windows ? undefined : baseOf(stage);
    return base !== undefined && holdsNoApplication(base) && startedFiles(dockerfile, stage).length > 0;
  },
  *check({ stage, dockerfile }) {
    for (const file of startedFiles(dockerfile, stage)) {
      if (isMissing(dockerfile, stage, file))
        yield { message: 'missing', data: { path: file.path ?? '' }, span: file.span };
    }
  },
});
