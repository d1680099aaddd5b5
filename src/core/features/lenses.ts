import type { NeighbourObject } from '../kubernetes/model.ts';
import type { Parsed } from '../parsed.ts';
import type { Span } from '../text/span.ts';
import { sizedAsWritten } from './beside.ts';
import type { Measured } from './load-figures.ts';

/** A line above a workload. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  /** The id of the workload in the load view. */
  readonly workload: string;
}

/**
 * One line a workload: `3 × Burstable · 300m–1.5 CPU · 768Mi–3Gi`, requests to limits of all its pods. `3 of 2–8 ×` where
 * an autoscaler of the file, or of those that are deployed with it, decides.
 */
export function lenses(parsed: Parsed, near: readonly NeighbourObject[] = []): readonly Lens[] {
  return sizedAsWritten(parsed, near).map(({ workload, values, total, qos }) => {
    const { source } = workload;
    const { copies } = values;
    const counted = copies.count === undefined ? '?' : `${copies.count}`;
    const { least, most } = copies.range ?? {};
    const count = least === undefined || most === undefined ? counted : `${counted} of ${least}–${most}`;
    const docker = source.kind === 'compose';
    const what = docker ? (count === '1' ? 'container' : 'containers') : qos.text;
    const rank = what === 'unknown' ? 'QoS unknown' : what;
    const head = docker
      ? `${count} ${what}`
      : workload.kind === 'DaemonSet'
        ? `${rank} on each node`
        : `${count} × ${rank}`;
    const ranges = [`${range(total.cpuRequest, total.cpuLimit)} CPU`, range(total.memoryRequest, total.memoryLimit)];
    const none = total.cpuRequest.value === 0n && total.cpuLimit.value === 'unbounded';
    const noMemory = total.memoryRequest.value === 0n && total.memoryLimit.value === 'unbounded';
    const rest = none && noMemory ? ['no requests, no limits'] : ranges;
    const span =
      source.kind === 'compose'
        ? workload.span
        : {
            start: source.start + source.workload.object.kind.span.start,
            end: source.start + source.workload.object.kind.span.end,
          };
    return { span, title: [head, ...rest].join(' · '), workload: workload.id };
  });
}

/** `300m–1.5`, `1Gi` where both are one, `100m–∞` without a limit. */
function range(request: Measured, limit: Measured): string {
  const [from, to] = [short(request), short(limit)];
  return from === to ? from : `${from}–${to}`;
}

function short({ value, figure }: Measured): string {
  if (value === 'unbounded') return '∞';
  if (value === 0n) return '0';
  return value === 'unknown' ? '?' : figure.text;
}
