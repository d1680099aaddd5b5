import { defineRule } from '../../engine/rule.ts';
import { mayHaveMoreContainers } from '../../kubernetes/container.ts';
import { isHugePages } from '../../sizing/resources.ts';
import { fieldAt, knownItems, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { mayHaveAccelerators } from './parts/accelerators.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/huge-pages-volume',
    rows: ['H109'],
    summary: 'A volume of huge pages should be of a size that the pod asks for.',
    why: 'A volume whose medium is `HugePages` takes its pages from those that the containers ask for. Where they ask for none, or for several sizes and the medium names no size, the kubelet cannot mount it and the pod stays in `ContainerCreating`.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      none: 'No container asks for huge pages: the volume cannot be mounted',
      other: 'No container asks for huge pages of {size}: the volume cannot be mounted',
      several: 'Containers ask for pages of {sizes}: the medium has to say which',
    },
    titles: { medium: 'Set the medium to {medium}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: db:1.4
      resources:
        limits:
          memory: 1Gi
          hugepages-2Mi: 512Mi
  volumes:
    - name: pages
      emptyDir:
        medium: HugePages-1Gi
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: db
spec:
  containers:
    - name: db
      image: db:1.4
      resources:
        limits:
          memory: 1Gi
          hugepages-2Mi: 512Mi
  volumes:
    - name: pages
      emptyDir:
        medium: HugePages-2Mi
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(workload) {
    const { spec, specPath, containers, object } = workload;
    const volumes = knownItems(spec, 'volumes').flatMap(({ index, node }) => {
      const medium = knownText(node, 'emptyDir', 'medium');
      return medium?.value.startsWith('HugePages') === true ? [{ index, medium }] : [];
    });
    if (volumes.length === 0 || containers.some(mayHaveAccelerators) || mayHaveMoreContainers(workload)) return;
    if (fieldAt(spec, 'resources') !== undefined) return;
    const names = containers.flatMap(({ limits, requests }) => [...limits.keys(), ...requests.keys()]);
    const sizes = [...new Set(names.filter(isHugePages))].map((name) => name.slice('hugepages-'.length));
    for (const { index, medium } of volumes) {
      const size = medium.value.slice('HugePages-'.length);
      if (sizes.length === 0 ? false : size === '' ? sizes.length === 1 : sizes.includes(size)) continue;
      yield {
        message: sizes.length === 0 ? 'none' : size === '' ? 'several' : 'other',
        data: { size, sizes: sizes.join(' and ') },
        span: medium.span,
        fixes: sizes.flatMap((one) =>
          patchFix(object.document, {
            title: 'medium',
            data: { medium: `HugePages-${one}` },
            safety: 'suggested',
            patches: [
              { kind: 'set', path: [...specPath, 'volumes', index, 'emptyDir', 'medium'], value: `HugePages-${one}` },
            ],
          }),
        ),
      };
    }
  },
});
