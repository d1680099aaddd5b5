import { performance } from 'node:perf_hooks';

/** Milliseconds of repeated runs. */
export interface Times {
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function timesOf(times: readonly number[]): Times {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95), max: at(sorted, 1) };
}

/** The times of two parts of one piece of work, which takes them itself: first a few times for the compiler's sake. */
export function measureParts(runs: number, work: () => readonly [number, number]): readonly [Times, Times] {
  for (let run = 0; run < Math.min(runs, 20); run++) work();
  const times = Array.from({ length: runs }, work);
  return [timesOf(times.map(([first]) => first)), timesOf(times.map(([, second]) => second))];
}

/** Runs `work` a few times for the compiler's sake, then `runs` times for the clock. It is given the run's number. */
export async function measure(runs: number, work: (run: number) => unknown): Promise<Times> {
  for (let run = 0; run < Math.min(runs, 20); run++) await work(-1 - run);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await work(run);
    times.push(performance.now() - start);
  }
  return timesOf(times);
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

/** One line: the name, median, 95th percentile, and how it compares with `base`. */
export function row(name: string, times: Times, base?: Times): string {
  const ratio = base ? `  ${(times.median / base.median).toFixed(2)}×` : '';
  return `  ${name.padEnd(52)} median ${milliseconds(times.median).padStart(9)}  p95 ${milliseconds(times.p95).padStart(9)}${ratio}`;
}
