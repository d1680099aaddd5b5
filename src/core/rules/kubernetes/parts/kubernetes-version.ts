import type { KubernetesVersion } from '../../../kubernetes/model.ts';

/** Whether a Kubernetes version is at least 1.`minor`. */
export function atLeast(version: KubernetesVersion, minor: number): boolean {
  return version.major > 1 || (version.major === 1 && version.minor >= minor);
}
