import { defineRule } from '../../engine/rule.ts';
import { replace } from '../../text/edit.ts';

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/gpu-driver-capabilities',
    rows: ['D1009'],
    summary: 'A container should be given the parts of the GPU driver that it uses.',
    why: '`all` mounts the libraries for graphics, video and displays into the container as well. To compute, `compute,utility` is enough; programs that encode video need `video`, those that draw `graphics`.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { all: '`NVIDIA_DRIVER_CAPABILITIES=all` mounts every part of the driver' },
    titles: { compute: 'Change to `compute,utility`' },
    fix: 'always',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nENV NVIDIA_DRIVER_CAPABILITIES=all\n',
        good: 'FROM python:3.14-slim\nENV NVIDIA_DRIVER_CAPABILITIES=compute,utility\n',
      },
    ],
    options: {},
    sources: ['tally gpu/prefer-minimal-driver-capabilities'],
  },
  only: ['env'],
  mentions: ['NVIDIA_DRIVER_CAPABILITIES'],
  *check({ instruction, stage }) {
    if (stage?.shipped === false) return;
    for (const { key, value } of instruction.pairs) {
      if (key.value !== 'NVIDIA_DRIVER_CAPABILITIES' || value?.constant !== true || value.value !== 'all') continue;
      yield {
        message: 'all',
        span: value.span,
        fixes: [{ title: 'compute', safety: 'suggested', edits: [replace(value.span, 'compute,utility')] }],
      };
    }
  },
});
