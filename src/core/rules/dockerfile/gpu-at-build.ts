import type { RunCommand } from '../../dockerfile/model.ts';
import { defineRule } from '../../engine/rule.ts';

/** How frameworks are asked for the GPUs that there are. */
const asks =
  /\btorch\.cuda\.(?:is_available|device_count|get_device_name|get_device_properties|current_device|get_device_capability)\b|\btf\.(?:config\.(?:experimental\.)?list_physical_devices|test\.is_gpu_available)\b|\bjax\.(?:devices|local_devices|device_count|local_device_count)\b|\bcupy\.cuda\.runtime\.getDeviceCount\b|\bpynvml\.nvmlInit\b/;

const python = /^(?:python|pypy)[\d.]*$/;

function before({ command, dockerfile }: RunCommand): string {
  const { start } = command.nameWord.span;
  return dockerfile.text.slice(Math.max(start - 20, 0), start);
}

export default defineRule('run-command', {
  meta: {
    id: 'dockerfile/gpu-at-build',
    rows: ['D1007'],
    summary: 'A build sees no GPU.',
    why: 'Builders give no GPU to RUN: `nvidia-smi` is not there and ends the build, and a framework that is asked answers that there is none, which then stays in the image as the choice for the processor. Ask when the container starts. A call that may fail (`|| true`, `if`) is left alone.',
    severity: 'warning',
    topic: 'correctness',
    messages: { asked: 'A build sees no GPU: `{call}` belongs to the start of the container' },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN nvidia-smi\n',
        good: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nCMD ["nvidia-smi"]\n',
      },
    ],
    options: {},
    sources: ['tally gpu/no-buildtime-gpu-queries'],
  },
  calls: (name) => name === 'nvidia-smi' || python.test(name),
  *check(subject) {
    const { command, run, dockerfile } = subject;
    const commands = run.script?.commands ?? [];
    const next = commands[commands.indexOf(command) + 1];
    // `if nvidia-smi; then` asks whether it fails.
    if (/\b(?:if|elif|while|until)\s+(?:!\s*)?$/.test(before(subject))) return;
    if (command.conditional || (next?.joined === '||' && next.list === command.list)) return;
    if (command.name === 'nvidia-smi') {
      yield { message: 'asked', data: { call: 'nvidia-smi' }, span: command.nameWord.span };
      return;
    }
    for (const {
      span: { start, end },
    } of command.words) {
      const match = asks.exec(dockerfile.text.slice(start, end));
      if (match === null) continue;
      const at = start + match.index;
      yield { message: 'asked', data: { call: match[0] }, span: { start: at, end: at + match[0].length } };
      return;
    }
  },
});
