import type { Parsed } from '../parsed.ts';
import type { Span } from '../text/span.ts';
import { sizeAsWritten } from './load.ts';
import { loadFields } from './load-fields.ts';
import type { Measured } from './load-figures.ts';

/** A line above a workload. */
export interface Lens {
  readonly span: Span;
  readonly title: string;
  /** The id of the workload in the load view. */
  readonly workload: string;
}

/** One line a workload: `3 × Burstable · 300m–1.5 CPU · 768Mi–3Gi`, requests to limits of all its pods. */
export function lenses(parsed: Parsed): readonly Lens[] {
  return loadFields(parsed).map((workload) => {
    const { values, total, qos } = sizeAsWritten(workload);
    const { source } = workload;
    const count = values.copies.count === undefined ? '?' : `${values.copies.count}`;
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
