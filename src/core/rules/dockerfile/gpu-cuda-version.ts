import { baseOf } from '../../dockerfile/users.ts';
import { defineRule } from '../../engine/rule.ts';
import { type CudaImage, cudaImage } from '../../images/cuda-images.ts';
import { replace } from '../../text/edit.ts';

/** Where packages say their version of CUDA: `/whl/cu128`, `+cu118`, `pytorch-cuda=12.4`, `cupy-cuda12x`, `jax[cuda12]`. */
const versions =
  /(?<=\/whl\/(?:\w+\/)?|\+)cu(\d{2})(\d)\b|\b(?:pytorch-cuda|cuda-version|cudatoolkit)==?(\d+)\.(\d+)|\bcupy-cuda(\d+)x\b|\bjax\[cuda(\d+)/g;

/** PyTorch has an index for these. */
const indexes: ReadonlySet<string> = new Set([
  '113',
  '115',
  '116',
  '117',
  '118',
  '121',
  '124',
  '126',
  '128',
  '129',
  '130',
]);

interface Wanted {
  readonly major: number;
  /** Undefined where any will do. */
  readonly minor: number | undefined;
}

function wantedOf(match: RegExpMatchArray): Wanted {
  const major = match[1] ?? match[3] ?? match[5] ?? match[6];
  const minor = match[2] ?? match[4];
  return { major: Number(major), minor: minor === undefined ? undefined : Number(minor) };
}

function differs({ major, minor }: Wanted, base: CudaImage): 'major' | 'newer' | undefined {
  if (major !== base.major) return 'major';
  return minor !== undefined && minor > base.minor ? 'newer' : undefined;
}

export default defineRule('instruction', {
  meta: {
    id: 'dockerfile/gpu-cuda-version',
    rows: ['D1006'],
    summary: 'Packages should be built for the CUDA of the base image.',
    why: 'A package for another major version of CUDA does not find its libraries, or brings its own beside those of the base: gigabytes twice, and extensions that are compiled against one and run on the other. A newer minor version needs a newer driver than the base asks for: information.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      major: '`{written}` is for CUDA {wanted}, the base image has {has}',
      newer: '`{written}` is for CUDA {wanted}, newer than the {has} of the base image',
    },
    titles: { same: 'Change to `{index}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu118\n',
        good: 'FROM nvidia/cuda:12.8.1-runtime-ubuntu24.04\nRUN pip install torch --index-url https://download.pytorch.org/whl/cu128\n',
      },
    ],
    options: {},
    sources: ['tally gpu/cuda-version-mismatch'],
  },
  only: ['run'],
  mentions: ['nvidia'],
  *check({ instruction, stage, dockerfile }) {
    if (stage === undefined) return;
    const image = baseOf(stage);
    const base = image && cudaImage(image);
    if (base === undefined) return;
    const { start, end } = instruction.span;
    const text = dockerfile.text.slice(start, end);
    for (const match of text.matchAll(versions)) {
      const wanted = wantedOf(match);
      const message = differs(wanted, base);
      if (message === undefined) continue;
      const span = { start: start + match.index, end: start + match.index + match[0].length };
      const number = `${base.major}${base.minor}`;
      // A version that is pinned may not be there for another CUDA.
      const fixable = match[1] !== undefined && indexes.has(number) && !/==|\+cu/.test(text);
      const index = `cu${number}`;
      yield {
        message,
        data: {
          written: match[0],
          wanted: wanted.minor === undefined ? wanted.major : `${wanted.major}.${wanted.minor}`,
          has: `${base.major}.${base.minor}`,
        },
        span,
        ...(message === 'newer' && { severity: 'information' }),
        fixes: fixable ? [{ title: 'same', data: { index }, safety: 'suggested', edits: [replace(span, index)] }] : [],
      };
    }
  },
});
