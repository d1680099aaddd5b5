import type { KubernetesVersion, Workload } from '../../../kubernetes/model.ts';
import { fieldAt } from '../../../yaml/field.ts';
import { booleanOf } from './booleans.ts';
import { atLeast } from './kubernetes-version.ts';

/**
 * Whether the Pod Security Standards of a version relax for pods in a user namespace of their own, and this is one: root
 * in it is nobody on the node. `unknown` where a template decides.
 */
export function relaxedByUserNamespace(workload: Workload, version: KubernetesVersion): boolean | 'unknown' {
  if (!atLeast(version, 35)) return false;
  const hostUsers = fieldAt(workload.spec, 'hostUsers');
  return hostUsers === 'unknown' ? 'unknown' : booleanOf(hostUsers) === false;
}
