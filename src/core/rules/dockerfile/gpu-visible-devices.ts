import { removePair } from '../../dockerfile/edit.ts';
import { baseOf } from '../../dockerfile/users.ts';
import { variablesAt } from '../../dockerfile/variables.ts';
import { defineRule } from '../../engine/rule.ts';
import { cudaImage } from '../../images/cuda-images.ts';

const name = 'NVIDIA_VISIBLE_DEVICES';
const listed = /^(?:\d+(?::\d+)?|(?:GPU|MIG)-[\w/-]+)(?:,(?:\d+(?::\d+)?|(?:GPU|MIG)-[\w/-]+))*$/;

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/gpu-visible-devices',
    rows: ['D1008'],
    summary: 'Which GPUs a container sees is not for the image to say.',
    why: 'Numbers and identifiers of GPUs are those of one machine: on another the container starts without a GPU, or takes one that the scheduler gave to somebody else. The orchestrator sets the variable. The images of CUDA already say `all`: information, with a fix that changes nothing.',
    severity: 'warning',
    topic: 'runtime',
    messages: {
      fixed: '`{name}={value}` ties the image to the GPUs of one machine',
      redundant: '`{name}=all` is what the base image says already',
    },
    titles: { remove: 'Remove `{name}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nENV NVIDIA_VISIBLE_DEVICES=all\nCMD ["/app"]\n',
        good: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nCMD ["/app"]\n',
      },
      {
        file: 'Dockerfile',
        bad: 'FROM python:3.14-slim\nENV CUDA_VISIBLE_DEVICES=0,1 PORT=80\n',
        good: 'FROM python:3.14-slim\nENV PORT=80\n',
      },
    ],
    options: {},
    sources: ['tally gpu/no-hardcoded-visible-devices'],
  },
  only: ['env'],
  mentions: ['VISIBLE_DEVICES'],
  *check({ instruction, stage, dockerfile }) {
    if (stage?.shipped === false) return;
    for (const pair of instruction.pairs) {
      const key = pair.key.value;
      if ((key !== name && key !== 'CUDA_VISIBLE_DEVICES') || pair.value?.constant !== true) continue;
      const { value } = pair.value;
      const base = stage && baseOf(stage);
      const redundant =
        key === name &&
        value === 'all' &&
        base !== undefined &&
        cudaImage(base) !== undefined &&
        variablesAt(dockerfile, instruction).get(name) === undefined;
      if (!redundant && !listed.test(value)) continue;
      const edit = removePair(dockerfile, instruction, pair);
      yield {
        message: redundant ? 'redundant' : 'fixed',
        data: { name: key, value },
        span: { start: pair.key.span.start, end: pair.value.span.end },
        ...(redundant && { severity: 'information' }),
        fixes: edit ? [{ title: 'remove', safety: redundant ? 'safe' : 'suggested', edits: [edit] }] : [],
      };
    }
  },
});
