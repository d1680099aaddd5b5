import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { acceleratorsOf } from './parts/accelerators.ts';

/** Images whose programs hand tensors from process to process, by PyTorch's loaders or by NCCL. */
const users =
  /pytorch|torchserve|torchx|deepspeed|megatron|nemo|vllm|sglang|tritonserver|text-generation-inference|tensorrt[-_]?llm|ray-ml|rapids/i;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/shared-memory-small',
    rows: ['H110'],
    summary: 'Programs that share tensors between processes need a larger /dev/shm.',
    why: 'A container has 64 MiB of shared memory in `/dev/shm` unless a volume is mounted there. The data loaders of PyTorch and the NCCL library pass tensors through it, and end with a bus error or hang when it is full. A volume in memory counts to the memory limit of the container, so that its size should be set.',
    severity: 'information',
    topic: 'resources',
    messages: { small: '/dev/shm has 64 MiB: data loaders and NCCL often need more' },
    titles: { mount: 'Mount a volume in memory on /dev/shm, its size to complete' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  containers:
    - name: train
      image: pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime
      resources:
        limits:
          nvidia.com/gpu: 4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  containers:
    - name: train
      image: pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime
      resources:
        limits:
          nvidia.com/gpu: 4
      volumeMounts:
        - name: shared-memory
          mountPath: /dev/shm
  volumes:
    - name: shared-memory
      emptyDir:
        medium: Memory
        sizeLimit: <size>
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(container) {
    const { workload, node, image, path, role } = container;
    const { object, spec, specPath } = workload;
    if (image === undefined || !users.test(image.value) || (role !== 'app' && role !== 'sidecar')) return;
    if (object.context === 'patch' || acceleratorsOf(container).length === 0) return;
    if (mayHide(node, 'volumeMounts') || fieldAt(spec, 'hostIPC') !== undefined) return;
    const mounts = knownItems(node, 'volumeMounts').map((mount) => knownText(mount.node, 'mountPath')?.value);
    if (mounts.some((at) => at === undefined || /^\/dev\/shm\/?$/.test(at))) return;
    const name = 'shared-memory';
    const volume = { name, emptyDir: { medium: 'Memory', sizeLimit: '<size>' } };
    const taken = knownItems(spec, 'volumes').some((one) => knownText(one.node, 'name')?.value === name);
    yield {
      message: 'small',
      span: image.span,
      fixes: taken
        ? []
        : patchFix(object.document, {
            title: 'mount',
            safety: 'manual',
            patches: [
              { kind: 'append', path: [...path, 'volumeMounts'], value: { name, mountPath: '/dev/shm' } },
              { kind: 'append', path: [...specPath, 'volumes'], value: volume },
            ],
          }),
    };
  },
});
