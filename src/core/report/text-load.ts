import type { LoadView } from '../features/load-view.ts';

/** What a file will be given, in a few lines for a terminal. */
export function textLoad(file: string, load: LoadView): readonly string[] {
  if (load.kind === 'nothing') return [`${file}: ${load.message}`];
  const lines = load.workloads.map(({ kind, name, replicas, qos, total }) => {
    const count = replicas ? `${replicas.text || '1'} × ` : '';
    return `  ${kind} ${name}: ${count}${qos.text}, CPU ${total.cpuRequest.text} to ${total.cpuLimit.text}, memory ${total.memoryRequest.text} to ${total.memoryLimit.text}`;
  });
  const { pods, cpuRequest, memoryRequest } = load.totals;
  return [`${file}: ${pods.text} pods, CPU ${cpuRequest.text}, memory ${memoryRequest.text} requested`, ...lines];
}
