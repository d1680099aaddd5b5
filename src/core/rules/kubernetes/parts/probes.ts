import type { Container } from '../../../kubernetes/model.ts';
import type { Span } from '../../../text/span.ts';
import { fieldAt, knownMapping } from '../../../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../../../yaml/node.ts';
import { entries, entry } from '../../../yaml/read.ts';

export type ProbeName = 'livenessProbe' | 'readinessProbe' | 'startupProbe';

export interface Probe {
  readonly name: ProbeName;
  readonly node: YamlMapping;
  readonly path: YamlPath;
  readonly keySpan: Span;
}

const names: readonly ProbeName[] = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** The ways to ask; a probe has one of them. */
export const probeHandlers: readonly string[] = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/** The probes that a container writes out. */
export function probesOf(container: Container): readonly Probe[] {
  return names.flatMap((name) => {
    const pair = entry(container.node, name);
    const node = pair && knownMapping(container.node, name);
    return pair === undefined || node === undefined
      ? []
      : [{ name, node, path: [...container.path, name], keySpan: pair.key.span }];
  });
}

/** The handlers that a probe writes; undefined where a template may write one. */
export function handlersOf({ node }: Probe): readonly string[] | undefined {
  if (node.open || probeHandlers.some((key) => fieldAt(node, key) === 'unknown')) return undefined;
  return entries(node).flatMap(({ key, value }) =>
    value !== null && probeHandlers.includes(key.text) ? [key.text] : [],
  );
}
