import { formatKubernetesQuantity, type KubernetesQuantity } from '../../quantity/kubernetes.ts';
import { shiftSpan } from '../../text/span.ts';
import { amountText } from '../explain.ts';
import type { Sized } from '../load.ts';
import type { Certainty } from '../load-view.ts';
import type { PodCounts } from '../pod-counts.ts';
import type { QuotaInView, Rolling } from './quota-charges.ts';
import type { Block, Cell, TableRow } from './section-view.ts';

/** Whether every rollout goes through as it asks. */
export function isAdmitted({ outlook, missing }: QuotaInView): boolean {
  return (
    missing.length === 0 &&
    outlook.every(({ isExceeded, stops, slows }) => !isExceeded && stops.length + slows.length === 0)
  );
}

/** A quota as a table, and what it is in the way of. */
export function quotaBlocks({
  quota,
  placed,
  charged,
  unknown,
  beside,
  outlook,
  missing,
}: QuotaInView): readonly Block[] {
  const certainty: Certainty = charged.some(({ sized }) => sized.workload.kind === 'DaemonSet') ? 'estimate' : 'exact';
  const place = (resource: string) => {
    const at = quota.spans.get(resource);
    return at && { ...shiftSpan(at, placed.start), ...(placed.file !== undefined && { file: placed.file }) };
  };
  const scaled = charged
    .filter(
      ({ sized, counts }) =>
        sized.values.copies.range !== undefined && counts !== undefined && counts.most > counts.now,
    )
    .map(({ sized }) => sized.workload.name);
  const runsPileUp = charged.some(
    ({ sized, counts }) => isRun(sized) && counts !== undefined && counts.most > counts.now,
  );
  const scales = scaled.length > 0 || runsPileUp;
  const runs = new Set(charged.filter(({ sized }) => isRun(sized)).map(({ sized }) => sized.workload.name));
  const where = quota.object.namespace === undefined ? '' : ` of ${quota.object.namespace.value}`;
  const warnings = missing.map(({ sized, missing: lacks }) => {
    const [first] = lacks;
    const resources = [
      ...new Set(lacks.filter((one) => one.container === first?.container).map(({ resource }) => resource)),
    ];
    return `${sized.workload.name} is refused: quota ${quota.name} asks every container for ${resources.join(' and ')}, and ${first?.container.name} has none.`;
  });
  for (const { resource, isExceeded, stops, now, most, hard } of outlook) {
    if (isExceeded)
      warnings.push(
        `Quota ${quota.name}: ${resource} comes to ${text(resource, now)} without any rollout, and ${text(resource, hard)} is all there may be: the last pods are never made.`,
      );
    else if (scaled.length > 0 && most.nano > hard.nano)
      warnings.push(
        `Quota ${quota.name} admits ${text(resource, hard)} of ${resource}: at ${text(resource, most)}, the most that the autoscalers ask for, the last pods of ${some(scaled)} are never made.`,
      );
    if (stops.length > 0)
      warnings.push(
        `Quota ${quota.name} stops the rollout of ${some(stops)}: ${resource} has no room for one pod more, and no old pod may go before (maxUnavailable 0).`,
      );
  }
  return [
    {
      kind: 'table',
      caption: `Quota ${quota.name}${where}`,
      columns: [
        'allowed',
        'now',
        'all rolling',
        ...(scales ? [runsPileUp ? 'at the most' : 'scaled out'] : []),
        'rollouts',
      ],
      rows: outlook.map((line): TableRow => {
        const { resource, hard, now, peak, most } = line;
        const at = place(resource);
        const cell = (amount: KubernetesQuantity, explanation: readonly string[], sure = certainty): Cell => ({
          kind: 'figure',
          figure: {
            text: text(resource, amount),
            certainty: sure,
            explanation,
            fields: at === undefined ? [] : [{ label: resource, span: at }],
          },
        });
        const sum = (count: (counts: PodCounts) => number) => chargeLines(charged, resource, count);
        return {
          head: resource,
          ...(at && { place: at }),
          cells: [
            cell(hard, [`spec.hard of ${quota.name}`], 'exact'),
            cell(
              now,
              sum((counts) => counts.now),
            ),
            cell(
              peak,
              sum((counts) => counts.peak),
            ),
            ...(scales
              ? [
                  cell(
                    most,
                    sum((counts) => counts.most),
                  ),
                ]
              : []),
            { kind: 'text', text: verdictOf(line, runs) },
          ],
        };
      }),
    },
    ...warnings.map((warning): Block => ({ kind: 'text', tone: 'warning', text: warning })),
    ...(unknown.length === 0
      ? []
      : [
          {
            kind: 'text',
            tone: 'quiet',
            text: `Not counted in ${quota.name}, as something is not known of them: ${some(unknown.map(({ sized }) => sized.workload.name))}.`,
          } as const,
        ]),
    ...(beside.length === 0
      ? []
      : [
          {
            kind: 'text',
            tone: 'quiet',
            text: `Not in view, and not counted in ${quota.name}: ${some(beside)}.`,
          } as const,
        ]),
  ];
}

function isRun({ workload: { source } }: Sized): boolean {
  return source.kind === 'kubernetes' && source.workload.runsToCompletion;
}

function chargeLines(
  charged: readonly Rolling[],
  resource: string,
  count: (counts: PodCounts) => number,
): readonly string[] {
  const lines = charged
    .slice(0, 8)
    .map(({ sized, counts }) => `${sized.workload.name}: ${counts === undefined ? 0 : count(counts)} pods`);
  const rest = charged.length > 8 ? [`and ${charged.length - 8} more`] : [];
  return [`Σ pods × ${resource} of a pod, over what the quota counts`, ...lines, ...rest];
}

/** A further pod of what runs to its end is a run of its own, no surge. */
function verdictOf(
  { isExceeded, stops, slows, peak, hard }: QuotaInView['outlook'][number],
  runs: ReadonlySet<string>,
): string {
  if (isExceeded) return 'more than there may be';
  if (stops.length > 0) return `stops ${some(stops)}`;
  const [late, rolling] = [slows.filter((name) => runs.has(name)), slows.filter((name) => !runs.has(name))];
  if (slows.length > 0) {
    return [
      ...(rolling.length > 0 ? [`less surge for ${some(rolling)}`] : []),
      ...(late.length > 0 ? [`fewer runs at once of ${some(late)}`] : []),
    ].join(', ');
  }
  return peak.nano > hard.nano ? 'each alone, not all at once' : 'admitted';
}

function text(resource: string, amount: KubernetesQuantity): string {
  const plain = resource.replace(/^(?:requests|limits)\./, '');
  return plain === 'cpu' || plain === 'memory' ? amountText(plain, amount.nano) : formatKubernetesQuantity(amount);
}

function some(all: readonly string[]): string {
  return all.length > 4 ? `${all.slice(0, 4).join(', ')} and ${all.length - 4} more` : all.join(', ');
}
