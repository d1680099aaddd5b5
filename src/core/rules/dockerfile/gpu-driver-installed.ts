import { cutWord } from '../../dockerfile/edit.ts';
import type { RunCommand } from '../../dockerfile/model.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { cudaImage } from '../../images/cuda-images.ts';
import type { ShellWord } from '../../shell/model.ts';

const managers: ReadonlySet<string> = new Set([
  ...['apt-get', 'apt', 'aptitude', 'yum', 'dnf', 'microdnf', 'tdnf', 'zypper', 'conda', 'mamba', 'micromamba'],
]);
const driver = /^(?:nvidia-(?:driver|dkms|kernel|headless)|cuda-drivers?)(?:[-=:*\d]|$)/;
const runtime = /^(?:nvidia-container-(?:toolkit|runtime)|nvidia-docker2?|libnvidia-container)(?:[-=:*\d]|$)/;
const toolkit = /^(?:cuda(?:-toolkit)?(?:-\d+)*|nvidia-cuda-toolkit|cudatoolkit|pytorch-cuda)(?:[=<>].*)?$/;

function kindOf({ value, constant }: ShellWord, cudaBase: boolean): 'driver' | 'runtime' | 'toolkit' | undefined {
  if (!constant) return undefined;
  if (driver.test(value)) return 'driver';
  if (runtime.test(value)) return 'runtime';
  return cudaBase && toolkit.test(value) ? 'toolkit' : undefined;
}

/** What is to be installed; undefined for commands that install nothing. */
function packages({ command }: RunCommand): readonly ShellWord[] | undefined {
  if (!managers.has(command.name)) return undefined;
  const install = command.words.findIndex(({ value }) => value === 'install' || value === 'create');
  if (install < 0) return undefined;
  return command.words.slice(install + 1).filter(({ source }) => !source.startsWith('-'));
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/gpu-driver-installed',
    rows: ['D1010'],
    summary: 'The GPU driver and the container runtime belong to the host, CUDA to the base image.',
    why: "The runtime mounts the host's own driver into the container: another one in the image has to fit the host's kernel exactly, and hides the right one. The container toolkit does nothing inside a container. A second CUDA on top of the image's own costs gigabytes: information.",
    severity: 'warning',
    topic: 'size',
    messages: {
      driver: "`{name}` is the host's: the container gets the driver of the machine that it runs on",
      runtime: '`{name}` is for the host: inside a container it does nothing',
      toolkit: '`{name}` on an image of CUDA: that has its own',
    },
    titles: { remove: 'Do not install `{name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y nvidia-driver-550 curl\n',
        good: 'FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y curl\n',
      },
    ],
    options: {},
    sources: [
      'tally gpu/no-container-runtime-in-image',
      'tally gpu/no-redundant-cuda-install',
      'tally gpu/prefer-uv-over-conda',
    ],
  },
  calls: [...managers],
  mentions: ['nvidia', 'cuda'],
  *check(subject) {
    const words = packages(subject);
    if (words === undefined || !subject.stage.shipped) return;
    const base = baseOf(subject.stage);
    const cudaBase = base !== undefined && cudaImage(base) !== undefined;
    for (const word of words) {
      const message = kindOf(word, cudaBase);
      if (message === undefined) continue;
      const rest = words.some((other) => kindOf(other, cudaBase) === undefined);
      const cut = rest ? cutWord(subject.dockerfile.text, word.span) : undefined;
      yield {
        message,
        data: { name: word.value },
        span: word.span,
        ...(message === 'toolkit' && { severity: 'information' }),
        fixes: cut ? [{ title: 'remove', data: { name: word.value }, safety: 'suggested', edits: [cut] }] : [],
      };
    }
  },
});
