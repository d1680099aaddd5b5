import type { Located } from '../text/span.ts';
import { fieldAt, knownInteger, knownItems, knownMapping, knownText, labelSpan, textMap } from '../yaml/field.ts';
import type { YamlMapping, YamlPath } from '../yaml/node.ts';
import { asMapping } from '../yaml/read.ts';
import type { Container, ContainerPort, ContainerRole, Workload } from './model.ts';

/** Containers of a workload in the order that they are written in, init containers after the app's. */
export function readContainers(workload: Workload): readonly Container[] {
  return [
    ...readList(workload, 'containers', () => 'app'),
    ...readList(workload, 'initContainers', (node) =>
      knownText(node, 'restartPolicy')?.value === 'Always' ? 'sidecar' : 'init',
    ),
    ...readList(workload, 'ephemeralContainers', () => 'ephemeral'),
  ];
}

function readList(workload: Workload, key: string, role: (node: YamlMapping) => ContainerRole): readonly Container[] {
  return knownItems(workload.spec, key).flatMap((item) => {
    const node = asMapping(item.node);
    if (node === undefined) return [];
    return [
      {
        workload,
        role: role(node),
        path: [...workload.specPath, key, item.index],
        node,
        name: knownText(node, 'name'),
        image: knownText(node, 'image'),
        requests: textMap(knownMapping(node, 'resources', 'requests')),
        limits: textMap(knownMapping(node, 'resources', 'limits')),
        label: labelSpan(node),
        ports: readPorts(node),
      },
    ];
  });
}

function readPorts(container: YamlMapping): readonly ContainerPort[] {
  return knownItems(container, 'ports').map(({ node }) => ({
    span: node.span,
    name: knownText(node, 'name'),
    number: knownInteger(node, 'containerPort'),
    protocol: knownText(node, 'protocol')?.value ?? 'TCP',
  }));
}

/**
 * What a container says of a resource: the quantity as written, undefined where there is none, `unknown` where a template
 * may write it.
 */
export function resourceField(
  container: Container,
  part: 'requests' | 'limits',
  resource: string,
): Located<string> | undefined | 'unknown' {
  return quantityAt(container.node, part, resource);
}

/** The pod's own `spec.resources` (pod-level resources), read as {@link resourceField} does a container's. */
export function podResourceField(
  workload: Workload,
  part: 'requests' | 'limits',
  resource: string,
): Located<string> | undefined | 'unknown' {
  return quantityAt(workload.spec, part, resource);
}

/** The path at which a patch writes a resource of a container. */
export function resourcePath(container: Container, part: 'requests' | 'limits', resource: string): YamlPath {
  return [...container.path, 'resources', part, resource];
}

/** Whether a template may add containers that cannot be seen. */
export function mayHaveMoreContainers(workload: Workload): boolean {
  return ['containers', 'initContainers'].some((key) => {
    const field = fieldAt(workload.spec, key);
    return field === 'unknown' || (field?.kind === 'sequence' && (field.open || field.items.some(isTemplated)));
  });
}

function isTemplated(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'unknown' in item && item.unknown === true;
}

function quantityAt(
  holder: YamlMapping,
  part: 'requests' | 'limits',
  resource: string,
): Located<string> | undefined | 'unknown' {
  const field = fieldAt(holder, 'resources', part, resource);
  return field === 'unknown' ? 'unknown' : knownText(holder, 'resources', part, resource);
}
