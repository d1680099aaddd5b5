import { defineRule } from '../../engine/rule.ts';
import { mayHaveMoreContainers } from '../../kubernetes/container.ts';
import type { Workload } from '../../kubernetes/model.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt, knownItems, knownMapping, knownText, textMap } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { mayHaveAccelerators } from './parts/accelerators.ts';

/** Labels that only nodes with accelerators have. */
const nodeLabels: ReadonlySet<string> = new Set([
  'accelerator',
  'cloud.google.com/gke-accelerator',
  'cloud.google.com/gke-tpu-accelerator',
  'k8s.amazonaws.com/accelerator',
  'amd.com/gpu.present',
  'nvidia.com/gpu',
  'nvidia.com/gpu.present',
  'nvidia.com/gpu.product',
]);
const taints = /^(?:nvidia\.com\/gpu|amd\.com\/gpu|google\.com\/tpu|aws\.amazon\.com\/neuron|habana\.ai\/gaudi)$/;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/gpu-node-unused',
    rows: ['H104'],
    summary: 'A pod on a GPU node should ask for a GPU.',
    why: 'A pod that is sent to GPU nodes without asking for a GPU takes up the dearest CPU and memory of the cluster. It gets no device from the device plugin: the program either finds none, or takes one that was given to another pod.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      chosen: 'It is sent to GPU nodes by {key}, and asks for no GPU',
      tolerated: 'It may run on GPU nodes, and asks for no GPU',
    },
    titles: { request: 'Ask for one {resource}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  nodeSelector:
    nvidia.com/gpu.present: "true"
  containers:
    - name: train
      image: train:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  nodeSelector:
    nvidia.com/gpu.present: "true"
  containers:
    - name: train
      image: train:1.4
      resources:
        limits:
          nvidia.com/gpu: 1
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { containers, object } = workload;
    const place = gpuPlace(workload);
    if (place === undefined || usesDevices(workload)) return;
    const [app, second] = containers.filter(({ role }) => role === 'app');
    const { resource } = place;
    yield {
      message: place.message,
      data: { key: place.at.value, resource },
      // To tolerate is not to choose: many agents run everywhere.
      severity: place.message === 'chosen' ? 'warning' : 'information',
      span: place.at.span,
      fixes:
        app === undefined || second !== undefined
          ? []
          : patchFix(object.document, {
              title: 'request',
              safety: 'suggested',
              patches: [{ kind: 'set', path: [...app.path, 'resources', 'limits', resource], value: 1 }],
            }),
    };
  },
});

function gpuPlace({ spec }: Workload) {
  const selector = knownMapping(spec, 'nodeSelector');
  for (const { key } of selector?.pairs ?? []) {
    if (!nodeLabels.has(key.text) || textMap(selector).get(key.text)?.value === 'false') continue;
    const at: Located<string> = { value: key.text, span: key.span };
    return { message: 'chosen' as const, at, resource: resourceOf(key.text) };
  }
  for (const { node } of knownItems(spec, 'tolerations')) {
    const key = knownText(node, 'key');
    if (key !== undefined && taints.test(key.value))
      return { message: 'tolerated' as const, at: key, resource: resourceOf(key.value) };
  }
  return undefined;
}

function resourceOf(key: string): string {
  if (key.includes('tpu')) return 'google.com/tpu';
  return taints.test(key) ? key : key.startsWith('amd.com') ? 'amd.com/gpu' : 'nvidia.com/gpu';
}

/** Asks for a device in any way, or is there for all of the node's: a DaemonSet, a privileged agent. */
function usesDevices(workload: Workload): boolean {
  const { spec, object, containers } = workload;
  if (object.context === 'patch' || object.kind.value === 'DaemonSet' || mayHaveMoreContainers(workload)) return true;
  if (['resourceClaims', 'runtimeClassName', 'resources'].some((key) => fieldAt(spec, key) !== undefined)) return true;
  return containers.some(
    (container) =>
      mayHaveAccelerators(container) ||
      [...container.limits.keys(), ...container.requests.keys()].some((name) => name.includes('/')) ||
      knownText(container.node, 'securityContext', 'privileged')?.value === 'true' ||
      knownItems(container.node, 'env').some(({ node }) =>
        /^(?:NVIDIA|AMD|HIP)_/.test(knownText(node, 'name')?.value ?? ''),
      ),
  );
}
