import { lastOption, leadingOptions, optionWords, percentOf, type RuntimeProcess, wholeNumber } from './runtime.ts';

/** What the options say of V8's heap; undefined where they say nothing. */
export interface NodeOptions {
  /** `--max-old-space-size`. */
  readonly oldSpaceMiB: number | undefined;
  /** `--max-old-space-size-percentage`, of the container's memory (Node 24, backported to 22). */
  readonly oldSpacePercent: number | undefined;
}

const valued = ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file'];

/**
 * The heap options of a Node process: `NODE_OPTIONS`, then the words before the script, which win. Dashes and underscores
 * are the same to V8 (node doc/api/cli.md).
 */
export function nodeOptions({ args, env }: RuntimeProcess): NodeOptions {
  const words = [...optionWords(env.get('NODE_OPTIONS')), ...leadingOptions(args, valued)].map((word) =>
    word.startsWith('--') ? word.replaceAll('_', '-') : word,
  );
  return {
    oldSpaceMiB: wholeNumber(lastOption(words, ['--max-old-space-size'])),
    oldSpacePercent: percentage(lastOption(words, ['--max-old-space-size-percentage'])),
  };
}

/** Above 0, up to 100. */
function percentage(text: string | undefined): number | undefined {
  const percent = text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  return percent > 0 && percent <= 100 ? percent : undefined;
}

export interface NodeHeap {
  readonly oldSpaceMiB: number;
  /** `v8.getHeapStatistics().heap_size_limit`. */
  readonly heapLimitMiB: number;
  readonly rule: 'percentage' | 'size' | 'default';
  /** Undefined without a limit. */
  readonly exceedsLimit: boolean | undefined;
}

const mib = 1n << 20n;
const gib = 1n << 30n;

/**
 * V8's heap in a container (Node 24 and before): old space = clamp(memory ÷ 2, 256 MiB, 2 GiB, or 4 GiB once the memory
 * rounds to 16 GiB); semi-space = the power of two from old ÷ 128 MiB (÷ 256 up to 256 MiB), 16 MiB at most; limit = old
 * + 3 × semi-space. With `--max-old-space-size` the semi-space is 16 MiB. A percentage wins over a size (V8 heap.cc
 * HeapSizesFromPhysicalMemory, measured on Node 20; doc/api/cli.md). `memoryBytes`: the limit, or the host's memory where
 * the container has none. Buffers and native memory come on top.
 */
export function nodeHeap(memoryBytes: bigint | undefined, options: Partial<NodeOptions> = {}): NodeHeap | undefined {
  const { oldSpaceMiB: size, oldSpacePercent: percent } = options;
  const heap = (oldSpaceMiB: number, semiMiB: number, rule: NodeHeap['rule']): NodeHeap => {
    const heapLimitMiB = oldSpaceMiB + 3 * semiMiB;
    const exceedsLimit = memoryBytes === undefined ? undefined : BigInt(heapLimitMiB) * mib > memoryBytes;
    return { oldSpaceMiB, heapLimitMiB, rule, exceedsLimit };
  };
  if (percent !== undefined && memoryBytes !== undefined) {
    return heap(Number(percentOf(memoryBytes, percent) / mib), 16, 'percentage');
  }
  if (size !== undefined) return heap(size, 16, 'size');
  if (memoryBytes === undefined) return undefined;
  const most = (memoryBytes + gib / 2n) / gib >= 16n ? 4096 : 2048;
  const old = Math.min(most, Math.max(256, Number(memoryBytes / 2n / mib)));
  const semi = 2 ** Math.ceil(Math.log2(old / (old <= 256 ? 256 : 128)));
  return heap(old, Math.min(16, semi), 'default');
}

/**
 * Threads of libuv's pool: `UV_THREADPOOL_SIZE`, 4 when absent, 1 for zero or for what is no number, 1024 at most (libuv
 * src/threadpool.c init_threads).
 */
export function nodeThreadPool(env: ReadonlyMap<string, string>): number {
  const text = env.get('UV_THREADPOOL_SIZE');
  if (text === undefined) return 4;
  const count = Number.parseInt(text, 10) || 1;
  return count < 0 ? 1024 : Math.min(1024, count);
}
