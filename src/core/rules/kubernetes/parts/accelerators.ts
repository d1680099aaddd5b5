import type { Container, Workload } from '../../../kubernetes/model.ts';
import type { Located } from '../../../text/span.ts';
import { mayHide } from '../../../yaml/field.ts';

/** GPUs and their like, by the names that the vendors' device plugins give them. */
const names =
  /^(?:nvidia\.com\/(?:gpu(?:\.shared)?|mig-.+)|amd\.com\/gpu|gpu\.intel\.com\/(?:i915|xe)|google\.com\/tpu|aws\.amazon\.com\/neuron.*|habana\.ai\/gaudi|huawei\.com\/Ascend.*)$/;

export interface Accelerator {
  readonly resource: string;
  readonly quantity: Located<string>;
  readonly part: 'limits' | 'requests';
}

/** What a container asks for, its limits first; zeros left out. */
export function acceleratorsOf(container: Container): readonly Accelerator[] {
  const found: Accelerator[] = [];
  for (const part of ['limits', 'requests'] as const) {
    for (const [resource, quantity] of container[part]) {
      if (!names.test(resource) || quantity.value === '0' || found.some((one) => one.resource === resource)) continue;
      found.push({ resource, quantity, part });
    }
  }
  return found;
}

/** Whether a container may get devices in a way that cannot be seen: from a template, or by a claim. */
export function mayHaveAccelerators({ node, workload }: Container): boolean {
  return (
    workload.object.context === 'patch' ||
    mayHide(node, 'resources') ||
    mayHide(node, 'resources', 'limits') ||
    mayHide(node, 'resources', 'requests')
  );
}

/** The first accelerator of a pod's containers, with the container. */
export function firstAccelerator(
  workload: Workload,
): { readonly container: Container; readonly accelerator: Accelerator } | undefined {
  for (const container of workload.containers) {
    const accelerator = acceleratorsOf(container)[0];
    if (accelerator !== undefined) return { container, accelerator };
  }
  return undefined;
}

/** The key by which nodes with such devices are tainted: the resource's name, and one for all of NVIDIA's. */
export function taintOf(resource: string): string {
  if (resource.startsWith('nvidia.com/')) return 'nvidia.com/gpu';
  return resource.startsWith('aws.amazon.com/') ? 'aws.amazon.com/neuron' : resource;
}
