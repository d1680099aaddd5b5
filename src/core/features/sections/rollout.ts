import { cronPeriodSeconds } from '../../kubernetes/cron.ts';
import { type Budget, budgets, readBudget } from '../../kubernetes/disruption-budget.ts';
import type { Workload } from '../../kubernetes/model.ts';
import { type PodRollout, rolloutOf } from '../../kubernetes/rollout.ts';
import type { Parsed } from '../../parsed.ts';
import { disruptions } from '../../sizing/disruption.ts';
import { type CronJobPeak, cronJobPeak } from '../../sizing/jobs.ts';
import { lastFor, onceFor } from '../../text/once-for.ts';
import { knownInteger, knownText } from '../../yaml/field.ts';
import { amountText } from '../explain.ts';
import type { Sized } from '../load.ts';
import { located } from '../load-figures.ts';
import type { Certainty, Figure } from '../load-view.ts';
import { podCounts } from '../pod-counts.ts';
import type { Scaling } from '../scaling.ts';
import { nodePacking } from './node-packing.ts';
import { isAdmitted, quotaBlocks } from './quota-blocks.ts';
import { quotasInView, type Rolling } from './quota-charges.ts';
import type { Section, SectionScope } from './section.ts';
import type { Cell, LabelledFigure, TableRow } from './section-view.ts';

/** Workloads whose rollouts are shown one by one; all count in the sums. */
const mostRows = 40;

/** How many pods there are while new versions come, how many may be evicted, and whether the quotas admit it. */
export const rollout: Section = (scope) => {
  const all = rollingOf(scope);
  if (all.length === 0) return undefined;
  const quotas = quotasInView(scope, all);
  const together = countedIn(scope.parsed, all);
  const { now, peak } = together;
  const budgetsThere = budgetsIn(scope.objects);
  const rows = all.slice(0, mostRows).map((one) => rowOf(one, budgetsThere));
  const quotaTelling =
    quotas.length === 0
      ? 'no quota in view'
      : quotas.every(isAdmitted)
        ? 'the quota admits it'
        : 'the quota is in the way';
  return {
    id: 'rollout',
    title: 'Rollout and quota',
    telling: `${now} ${now === 1 ? 'pod' : 'pods'}, ${peak} at the peak of a rollout · ${quotaTelling}`,
    blocks: [
      // Of one workload the table says the same.
      ...(all.length > 1 ? [{ kind: 'figures', items: totals(all, together) } as const] : []),
      {
        kind: 'table',
        caption: 'Rollouts',
        columns: ['pods', 'peak', 'with stopping', 'at least', 'CPU at peak', 'memory at peak', 'evictable'],
        rows,
      },
      ...(all.length > rows.length
        ? [{ kind: 'text', tone: 'quiet', text: `and ${all.length - rows.length} more workloads` } as const]
        : []),
      ...quotas.flatMap(quotaBlocks),
      ...(quotas.length === 0
        ? [
            {
              kind: 'text',
              tone: 'quiet',
              text: 'No ResourceQuota is in view: nothing that is written here bounds the namespace.',
            } as const,
          ]
        : []),
    ],
  };
};

function rollingOf(scope: SectionScope): readonly Rolling[] {
  const all: Rolling[] = [];
  let nodes: number | undefined;
  for (const sized of scope.sized) {
    const { source, kind, id } = sized.workload;
    if (source.kind !== 'kubernetes') continue;
    if (kind !== 'DaemonSet') {
      all.push(rollingFor(sized, scope.scalings.get(id)));
      continue;
    }
    nodes ??= Math.max(1, nodePacking(scope)?.now.nodeCount ?? 1);
    const rolling = rolloutOf(source.workload, nodes);
    const counts = { least: nodes, now: nodes, peak: rolling.peak, most: nodes, rollout: rolling };
    all.push({ sized, scaling: undefined, counts });
  }
  return all;
}

/** Kept for a workload, above all for those without an autoscaler. */
const rollingFor = lastFor((sized: Sized, scaling: Scaling | undefined): Rolling => {
  const { source, kind } = sized.workload;
  const counts = podCounts(sized, scaling);
  if (counts === undefined || kind !== 'CronJob' || source.kind !== 'kubernetes') return { sized, scaling, counts };
  const { peakPods } = cronPeak(source.workload, counts.now).peak;
  return { sized, scaling, counts: { ...counts, peak: peakPods, most: peakPods } };
});

interface CronRuns {
  readonly peak: CronJobPeak;
  readonly explanation: readonly string[];
}

/** Runs of a CronJob that may overlap: a run lasts as long as its Job may (`activeDeadlineSeconds`), where that is written. */
function cronPeak({ object }: Workload, pods: number): CronRuns {
  const written = knownText(object.root, 'spec', 'concurrencyPolicy')?.value;
  const policy = written === 'Forbid' || written === 'Replace' ? written : 'Allow';
  const period = cronPeriodSeconds(knownText(object.root, 'spec', 'schedule')?.value ?? '');
  const deadline = knownInteger(object.root, 'spec', 'jobTemplate', 'spec', 'activeDeadlineSeconds')?.value;
  const peak = cronJobPeak({
    policy,
    periodSeconds: period ?? 1,
    durationSeconds: period === undefined ? 1 : (deadline ?? period),
    pods,
  });
  const runs = `${peak.concurrentJobs} ${peak.concurrentJobs === 1 ? 'run' : 'runs'} at once × ${pods} = ${peak.peakPods}`;
  if (policy !== 'Allow') return { peak, explanation: [`concurrencyPolicy: ${policy}: ${runs}`] };
  if (deadline !== undefined && period !== undefined) {
    return {
      peak,
      explanation: [
        `A run may last ${deadline} s and one starts every ${period} s: ⌈${deadline} ÷ ${period}⌉ = ${runs}`,
      ],
    };
  }
  return {
    peak,
    explanation: [
      runs,
      'Runs that last longer than the period pile up (concurrencyPolicy: Allow), and no deadline bounds them.',
    ],
  };
}

function figure(
  text: string,
  explanation: readonly string[],
  certainty: Certainty = 'exact',
  fields: Figure['fields'] = [],
): Figure {
  return { text, certainty, explanation, fields };
}

/** Over all workloads in view, were they to roll out at once. */
interface Together {
  /** Pods of those whose number is known. */
  now: number;
  peak: number;
  /** At the peak, in billionths. */
  cpu: bigint;
  memory: bigint;
  /** So many have a number of pods that is not known. */
  open: number;
  /** Of so many the request is not known. */
  cpuOpen: number;
  memoryOpen: number;
  daemons: number;
}

interface Counted {
  readonly all: readonly Rolling[];
  readonly together: Readonly<Together>;
}

const nobody: Counted = {
  all: [],
  together: { now: 0, peak: 0, cpu: 0n, memory: 0n, open: 0, cpuOpen: 0, memoryOpen: 0, daemons: 0 },
};

const lastCounted = onceFor((_followed: Parsed) => ({ last: nobody }));

/** Only those are counted again that are not what they were in their place the last time. */
function countedIn(followed: Parsed, all: readonly Rolling[]): Readonly<Together> {
  const kept = lastCounted(followed);
  const before = kept.last.all.length === all.length ? kept.last : nobody;
  const together = { ...before.together };
  for (let at = 0; at < all.length; at++) {
    const [one, old] = [all[at], before.all[at]];
    if (one === old) continue;
    if (old !== undefined) count(together, old, -1);
    if (one !== undefined) count(together, one, 1);
  }
  kept.last = { all, together };
  return together;
}

/** `times` is 1 to count a workload, and -1 to count it no more. */
function count(to: Together, { sized, counts }: Rolling, times: 1 | -1): void {
  const { cpuRequest, memoryRequest } = sized.pod;
  if (sized.workload.kind === 'DaemonSet') to.daemons += times;
  if (cpuRequest.value === 'unknown') to.cpuOpen += times;
  if (memoryRequest.value === 'unknown') to.memoryOpen += times;
  if (counts === undefined) {
    to.open += times;
    return;
  }
  to.now += times * counts.now;
  to.peak += times * counts.peak;
  const pods = BigInt(times * counts.peak);
  if (typeof cpuRequest.value === 'bigint') to.cpu += cpuRequest.value * pods;
  if (typeof memoryRequest.value === 'bigint') to.memory += memoryRequest.value * pods;
}

/** Sums over all workloads in view, were they to roll out at once. */
function totals(all: readonly Rolling[], together: Readonly<Together>): readonly LabelledFigure[] {
  const certainty: Certainty = together.daemons > 0 ? 'estimate' : 'exact';
  const open =
    together.open === 0 ? [] : all.filter(({ counts }) => counts === undefined).map(({ sized }) => sized.workload.name);
  const pods = (label: string, count: 'now' | 'peak'): LabelledFigure => {
    const lines = all
      .slice(0, 10)
      .map(({ sized, counts }) => `${sized.workload.name}: ${counts === undefined ? 'unknown' : counts[count]}`);
    const rest = all.length > 10 ? [`and ${all.length - 10} more`] : [];
    const reason = open.length > 0 ? [`Not known: ${open.slice(0, 5).join(', ')}`] : [];
    return {
      label,
      figure: figure(
        open.length > 0 ? 'unknown' : `${together[count]}`,
        [...lines, ...rest, ...reason, `Together ${together[count]}.`],
        certainty,
      ),
    };
  };
  const resource = (name: 'cpu' | 'memory'): LabelledFigure => {
    const unknown = open.length + together[name === 'cpu' ? 'cpuOpen' : 'memoryOpen'];
    const label = `${name === 'cpu' ? 'CPU' : 'memory'} at the peak`;
    const text = amountText(name, together[name]);
    const reason = unknown > 0 ? [`Of ${unknown} ${unknown === 1 ? 'workload' : 'workloads'} it is not known.`] : [];
    return {
      label,
      figure: figure(
        unknown > 0 ? 'unknown' : text,
        ['Σ pods at the peak × request of a pod, when everything rolls out at once', ...reason, `= ${text}`],
        certainty,
      ),
    };
  };
  return [pods('pods now', 'now'), pods('pods at the peak', 'peak'), resource('cpu'), resource('memory')];
}

const rowOf = lastFor(({ sized, scaling, counts }: Rolling, there: readonly Budget[]): TableRow => {
  const { workload, pod } = sized;
  const { source, kind } = workload;
  const fields = located(workload.replicas === undefined ? [] : [workload.replicas]);
  const certainty: Certainty = kind === 'DaemonSet' ? 'estimate' : 'exact';
  const unknown: Cell = { kind: 'figure', figure: figure('unknown', [sized.values.copies.explanation]) };
  const head = { head: workload.name, place: workload.span };
  if (counts === undefined || source.kind !== 'kubernetes')
    return { ...head, cells: Array.from({ length: 7 }, () => unknown) };
  const { now, peak, rollout: rolling } = counts;
  const cell = (text: string, explanation: readonly string[]): Cell => ({
    kind: 'figure',
    figure: figure(text, explanation, certainty, fields),
  });
  const runs = kind === 'CronJob' ? cronPeak(source.workload, now) : undefined;
  const lines = runs?.explanation ?? rolloutLines(rolling, kind === 'DaemonSet');
  const amount = (resource: 'cpu' | 'memory'): Cell => {
    const { value, figure: one } = pod[resource === 'cpu' ? 'cpuRequest' : 'memoryRequest'];
    if (typeof value !== 'bigint') return { kind: 'figure', figure: one };
    if (one.text === 'none') return cell('none', one.explanation);
    const text = amountText(resource, value * BigInt(peak));
    return cell(text, [`${peak} × ${one.text} = ${text}`, ...lines]);
  };
  const terminating = runs?.peak.peakPodsWithTerminating ?? rolling.peakWithTerminating;
  const copies =
    scaling !== undefined
      ? `${sized.values.copies.explanation}, moved into the autoscaler's range: ${now}`
      : kind === 'DaemonSet'
        ? `one on each node: ${now} ${now === 1 ? 'node' : 'nodes'} as packed above`
        : sized.values.copies.explanation;
  return {
    ...head,
    cells: [
      cell(`${now}`, [copies]),
      cell(`${peak}`, lines),
      cell(`${terminating}`, [
        'Pods that are told to stop hold their requests until they are gone: in the first step',
        ...lines,
        `${terminating} at once`,
        ...(runs === undefined && rolling.worstWithTerminating > terminating
          ? [
              `Where they stop slowly, all old ones may stand beside all new ones: up to ${rolling.worstWithTerminating}`,
            ]
          : []),
      ]),
      cell(`${runs === undefined ? rolling.minAvailable : now}`, lines),
      amount('cpu'),
      amount('memory'),
      evictedCell(source.workload, now, there, certainty),
    ],
  };
});

/** How a controller comes to its numbers, one line each. A DaemonSet rounds both shares up. */
function rolloutLines(
  { kind, replicas, surge, unavailable, maxSurge, maxUnavailable, peak, minAvailable }: PodRollout,
  isDaemonSet: boolean,
): readonly string[] {
  const of = (value: PodRollout['maxSurge'], rounding: string, count: number) =>
    typeof value === 'string' ? `${value} of ${replicas}, rounded ${rounding}, = ${count}` : `${count}`;
  const down = of(maxUnavailable, isDaemonSet ? 'up' : 'down', unavailable);
  switch (kind) {
    case 'rolling':
      return [
        `maxSurge ${of(maxSurge, 'up', surge)}; maxUnavailable ${down}`,
        `At most ${replicas} + ${surge} = ${peak}, at the least ${replicas} − ${unavailable} = ${minAvailable}`,
      ];
    case 'in-place':
      return [
        `An old pod goes before the new one comes, maxUnavailable ${down} at a time: at most ${peak}, at the least ${minAvailable}`,
      ];
    case 'recreate':
      return [`Recreate: all ${replicas} old ones go first, then the new ones come; meanwhile there is none`];
    case 'by-hand':
      return ['OnDelete: nothing changes until somebody deletes a pod'];
    case 'none':
      return ['It does not roll: its pods stay what they are'];
    case 'elsewhere':
      return ['How it rolls is decided by its own controller, or by a template: taken to stay as it is'];
    default:
      return kind satisfies never;
  }
}

const budgetsIn = onceFor((objects: SectionScope['objects']): readonly Budget[] =>
  objects.flatMap(({ object }) => readBudget(object) ?? []),
);

function evictedCell(workload: Workload, pods: number, there: readonly Budget[], certainty: Certainty): Cell {
  const namespace = workload.object.namespace?.value;
  const own = there.filter((one) => one.object.namespace?.value === namespace && budgets(one, workload));
  const [first] = own;
  if (first === undefined) {
    const lines = ['No PodDisruptionBudget in view selects these pods: a drain takes as many as it finds.'];
    return { kind: 'figure', figure: figure('any', lines) };
  }
  if (own.length > 1) {
    const lines = [`${own.length} budgets select these pods: the API refuses to evict any of them.`];
    return { kind: 'figure', figure: figure('none', lines) };
  }
  const { budget, object } = first;
  const allowed = disruptions(budget, pods, pods);
  if (allowed === undefined) return { kind: 'text', text: '' };
  const name = object.name?.value ?? 'budget';
  const said = `${budget.kind === 'min-available' ? 'minAvailable' : 'maxUnavailable'}: ${budget.value}`;
  return {
    kind: 'figure',
    figure: figure(
      `${allowed.allowed}`,
      [
        `${name} (${said}): of ${pods} at least ${allowed.desiredHealthy} stay, percentages rounded up`,
        `${pods} − ${allowed.desiredHealthy} = ${allowed.allowed}, when all are healthy`,
      ],
      certainty,
    ),
  };
}
