import type { Settings } from '../../../engine/settings.ts';
import { podResourceField, resourceField } from '../../../kubernetes/container.ts';
import type { Container } from '../../../kubernetes/model.ts';
import { atLeast } from './kubernetes-version.ts';
import type { Part, Resource } from './resource-fixes.ts';

/**
 * Whether a container has a request or a limit, or none can be asked of it: as the API server sees it, a limit is also
 * the request, and the pod's own resources cover its containers. A template that may write it counts as having it.
 */
export function hasResource(container: Container, part: Part, resource: Resource, settings: Settings): boolean {
  const { workload, role } = container;
  // Ephemeral containers cannot have resources, and nothing is missing from a patch.
  if (role === 'ephemeral' || workload.object.context === 'patch') return true;
  const parts: readonly Part[] = part === 'requests' ? ['requests', 'limits'] : ['limits'];
  if (parts.some((one) => resourceField(container, one, resource) !== undefined)) return true;
  const ofPod = atLeast(settings.kubernetesVersion, 32);
  return ofPod && parts.some((one) => podResourceField(workload, one, resource) !== undefined);
}
