import { parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import { onceFor } from '../text/once-for.ts';

/** What one container was measured at. */
export interface UsageSample {
  /** Undefined where no column names it. */
  readonly namespace: string | undefined;
  /** The workload's name, or the pod's, which begins with it. */
  readonly owner: string;
  readonly pod: string;
  readonly container: string;
  /** Hours since 1970. */
  readonly hour: number;
  readonly cores: number | undefined;
  readonly bytes: number | undefined;
  /** The kernel had killed it. */
  readonly killed: boolean;
}

export interface UsageSamples {
  readonly samples: readonly UsageSample[];
  /** Lines that are no samples, from 1, with what is wrong about the first of them. */
  readonly problems: readonly { readonly line: number; readonly text: string }[];
}

const columns = ['namespace', 'workload', 'pod', 'container', 'time', 'cpu', 'memory', 'oom'] as const;
type Column = (typeof columns)[number];

/** A file of measured usage, as its host has read it. */
export interface SamplesFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Samples of a table with a line of headings: `workload` or `pod`, `container`, `time` (a date, or seconds since 1970),
 * `cpu` and `memory` as Kubernetes writes them, and, where they are there, `namespace` and `oom`. Commas or tabs stand
 * between, in any order of columns; lines that begin with `#` are left out.
 */
export const readSamples = onceFor(({ text }: SamplesFile): UsageSamples => {
  const samples: UsageSample[] = [];
  const problems: { line: number; text: string }[] = [];
  let heads: readonly string[] | undefined;
  text.split(/\r?\n/).forEach((line, at) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const cells = line.split(line.includes('\t') ? '\t' : ',').map((cell) => cell.trim());
    if (heads === undefined) {
      heads = cells.map((cell) => cell.toLowerCase());
      const missing = missingHead(heads);
      if (missing !== undefined) problems.push({ line: at + 1, text: missing });
      return;
    }
    const sample = sampleOf(rowOf(heads, cells));
    if (typeof sample === 'string') problems.push({ line: at + 1, text: sample });
    else samples.push(sample);
  });
  return { samples, problems };
});

function missingHead(heads: readonly string[]): string | undefined {
  const has = (column: Column) => heads.includes(column);
  if (!has('workload') && !has('pod')) return 'no column is called workload or pod';
  if (!has('cpu') && !has('memory')) return 'no column is called cpu or memory';
  return has('container') && has('time') ? undefined : 'columns called container and time are needed';
}

type Row = Readonly<Partial<Record<Column, string>>>;

function rowOf(heads: readonly string[], cells: readonly string[]): Row {
  return Object.fromEntries(
    columns.flatMap((column) => {
      const text = cells[heads.indexOf(column)] ?? '';
      return text === '' ? [] : [[column, text]];
    }),
  );
}

function sampleOf({ namespace, workload, pod, container, time, cpu, memory, oom }: Row): UsageSample | string {
  const owner = workload ?? pod;
  const hour = time === undefined ? undefined : hourOf(time);
  if (owner === undefined || container === undefined) return 'the workload or the container is not named';
  if (hour === undefined) return `${time ?? 'nothing'} is no time`;
  const [cores, bytes] = [cpu, memory].map((text) => (text === undefined ? undefined : amountOf(text)));
  if (cores === null) return `${cpu} is no quantity`;
  if (bytes === null) return `${memory} is no quantity`;
  if (cores === undefined && bytes === undefined) return 'neither cpu nor memory is there';
  const killed = oom !== undefined && !/^(?:0|no|false)$/i.test(oom);
  return { namespace, owner, pod: pod ?? owner, container, hour, cores, bytes, killed };
}

/** Seconds since 1970, or a date with its time. */
function hourOf(text: string): number | undefined {
  const seconds = /^\d{9,10}(?:\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  return Number.isFinite(seconds) ? seconds / 3600 : undefined;
}

/** Null where it is no amount. */
function amountOf(text: string): number | null {
  const parsed = parseKubernetesQuantity(text);
  return parsed.ok && parsed.quantity.nano >= 0n ? Number(parsed.quantity.nano) / 1e9 : null;
}

/** The samples of one container of a workload; those whose owner is a pod belong to the workload whose name it begins with. */
export function samplesOf(
  { samples }: UsageSamples,
  of: { readonly workload: string; readonly namespace: string | undefined; readonly container: string },
): readonly UsageSample[] {
  return (
    byContainer(samples)
      .get(of.container)
      ?.filter(
        ({ owner, namespace }) =>
          (owner === of.workload || isPodOf(owner, of.workload)) &&
          (namespace === undefined || namespace === (of.namespace ?? 'default')),
      ) ?? []
  );
}

const byContainer = onceFor((samples: readonly UsageSample[]): ReadonlyMap<string, readonly UsageSample[]> => {
  const groups = new Map<string, UsageSample[]>();
  for (const sample of samples) {
    const same = groups.get(sample.container);
    if (same === undefined) groups.set(sample.container, [sample]);
    else same.push(sample);
  }
  return groups;
});

/** `web-0` of a StatefulSet, `web-5d4f8c7b9-x2x4z` of a Deployment, `web-x2x4z` of a DaemonSet or a Job. */
function isPodOf(pod: string, workload: string): boolean {
  return (
    pod.startsWith(`${workload}-`) && /^(?:\d+|(?:[a-z0-9]{1,10}-)?[a-z0-9]{5})$/.test(pod.slice(workload.length + 1))
  );
}
