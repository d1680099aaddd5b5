import type { LoadView } from '../features/load-view.ts';

/** What a file will be given, in a few lines for a terminal. */
export function textLoad(file: string, load: LoadView): readonly string[] {
  if (load.kind === 'nothing') return [`${file}: ${load.message}`];
  const lines = load.rows.map(
    ({ kind, name, pods, qos, cpuRequest, cpuLimit, memoryRequest, memoryLimit }) =>
      `  ${kind} ${name}: ${pods.text} × ${qos.text}, CPU ${cpuRequest.text} to ${cpuLimit.text}, memory ${memoryRequest.text} to ${memoryLimit.text}`,
  );
  const { pods, cpuRequest, memoryRequest } = load.totals;
  return [`${file}: ${pods.text} pods, CPU ${cpuRequest.text}, memory ${memoryRequest.text} requested`, ...lines];
}
