import type { Span } from '../text/span.ts';
import { fieldAt, scalarText } from '../yaml/field.ts';
import type { YamlMapping, YamlNode, YamlPath } from '../yaml/node.ts';
import type { Container, Workload } from './model.ts';

/** Fields that a container takes from its pod where it has none of its own. */
const shared: ReadonlySet<string> = new Set([
  'runAsUser',
  'runAsGroup',
  'runAsNonRoot',
  'seccompProfile',
  'seLinuxOptions',
  'appArmorProfile',
  'windowsOptions',
]);

export interface SecurityField {
  /** Where the field in force stands. */
  readonly level: 'container' | 'pod';
  readonly node: YamlNode;
  readonly span: Span;
  /** The scalar's text; undefined for mappings and sequences. */
  readonly text: string | undefined;
  readonly path: YamlPath;
}

/**
 * The security field in force for a container: its own, else the pod's for the fields that both have.
 * `below` goes on into the field: `securityField(container, 'seccompProfile', 'type')`. A container's own profile hides
 * the pod's whole one, as in the API.
 * @returns undefined where nothing is said, `unknown` where a template may say it.
 */
export function securityField(
  container: Container,
  name: string,
  ...below: readonly string[]
): SecurityField | undefined | 'unknown' {
  const own = ownSecurityField(container, name, ...below);
  if (own === 'unknown' || own !== undefined) return own;
  if (fieldAt(container.node, 'securityContext', name) !== undefined) return undefined;
  return shared.has(name) ? podSecurityField(container.workload, name, ...below) : undefined;
}

/** The container's own field, whatever the pod says. */
export function ownSecurityField(
  container: Container,
  name: string,
  ...below: readonly string[]
): SecurityField | undefined | 'unknown' {
  return read(container.node, container.path, 'container', [name, ...below]);
}

/** The pod's field, whatever its containers say. */
export function podSecurityField(
  workload: Workload,
  name: string,
  ...below: readonly string[]
): SecurityField | undefined | 'unknown' {
  return read(workload.spec, workload.specPath, 'pod', [name, ...below]);
}

/** The path of a container's security field, for patches. */
export function securityPath(container: Container, ...names: YamlPath): YamlPath {
  return [...container.path, 'securityContext', ...names];
}

/** The path of a pod's security field, for patches. */
export function podSecurityPath(workload: Workload, ...names: YamlPath): YamlPath {
  return [...workload.specPath, 'securityContext', ...names];
}

function read(
  holder: YamlMapping,
  base: YamlPath,
  level: 'container' | 'pod',
  names: readonly string[],
): SecurityField | undefined | 'unknown' {
  const field = fieldAt(holder, 'securityContext', ...names);
  if (field === undefined || field === 'unknown') return field;
  return {
    level,
    node: field,
    span: field.span,
    text: scalarText(field)?.value,
    path: [...base, 'securityContext', ...names],
  };
}
