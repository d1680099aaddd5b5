import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { cudaImage } from '../../images/cuda-images.ts';
import { replace } from '../../text/edit.ts';

/** Compilers and what starts them, and Python packages that compile kernels when they are installed or run. */
const compiles =
  /\b(?:nvcc|gcc|cc|clang|make|cmake|ninja|meson|cargo|bazel|build-essential|nvrtc|ncu|nsys)\b|\bg\+\+|\bc\+\+|CUDA_HOME|CUDACXX|TORCH_CUDA_ARCH_LIST|build-isolation|setup\.py|git\+https|flash[-_]attn|deepspeed|vllm|sglang|triton|apex|xformers|llama[-_]cpp|install -e|install \./i;

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/gpu-devel-image',
    rows: ['D1005'],
    summary: 'An image that compiles nothing does not need the `devel` image of CUDA.',
    why: 'The `devel` images bring compilers, headers and static libraries, several gigabytes that every node has to pull; `runtime` has the libraries that programs need. Compile in an earlier stage where something has to be compiled. Programs that compile their kernels when they run do need it, and a package may do so unseen: information.',
    severity: 'information',
    topic: 'size',
    messages: { devel: 'Nothing is compiled here: the `runtime` image is several gigabytes smaller' },
    titles: { runtime: 'Change to the `runtime` image' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nvidia/cuda:12.8.1-devel-ubuntu24.04\nCOPY app /app\nCMD ["/app"]\n',
        good: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nCOPY app /app\nCMD ["/app"]\n',
      },
    ],
    options: {},
    sources: ['tally gpu/prefer-runtime-final-stage'],
  },
  mentions: ['-devel'],
  *check({ stages, text }) {
    const stage = stages.at(-1);
    const image = stage?.from?.image;
    const base = stage && baseOf(stage);
    if (stage === undefined || image === undefined || stage.parent !== undefined) return;
    if (base === undefined || cudaImage(base)?.devel !== true) return;
    if (stage.instructions.some(({ span }) => compiles.test(text.slice(span.start, span.end)))) return;
    const { tagSpan, digest } = image;
    const tag = tagSpan && text.slice(tagSpan.start, tagSpan.end);
    const runtime = tag?.replace(/-devel(?=-|$)/, '-runtime');
    const edit = tagSpan && runtime !== undefined && runtime !== tag && replace(tagSpan, runtime);
    yield {
      message: 'devel',
      span: tagSpan ?? image.span,
      fixes: edit && digest === undefined ? [{ title: 'runtime', safety: 'suggested', edits: [edit] }] : [],
    };
  },
});
