import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { nodeLabelsOf } from './parts/node-labels.ts';

/** Values of the labels are Go's names of systems and processors, here with what others call them. */
const platforms: ReadonlyMap<string, Readonly<Record<string, readonly string[]>>> = new Map([
  [
    'kubernetes.io/arch',
    {
      amd64: ['x86_64', 'x86-64', 'x64', 'x86', 'intel', 'amd64v2', 'amd64v3', 'linux/amd64'],
      arm64: ['aarch64', 'arm64v8', 'armv8', 'arm64/v8', 'linux/arm64'],
      arm: ['armv7', 'armv7l', 'armhf', 'arm32v7', 'arm32', 'armv6', 'arm/v7', 'linux/arm'],
      ppc64le: ['powerpc64le', 'ppc64el', 'power'],
      s390x: ['s390', 'z'],
      riscv64: ['riscv', 'riscv64gc'],
      loong64: ['loongarch64'],
      '386': ['i386', 'i686'],
      mips64le: [],
      mips64: [],
      ppc64: [],
    },
  ],
  ['kubernetes.io/os', { linux: ['ubuntu', 'debian'], windows: ['win', 'windows_nt', 'win32'] }],
]);

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/node-platform-unknown',
    rows: ['H114'],
    summary: 'An architecture or system of nodes should be one that there is.',
    why: 'The kubelet labels its node with the names that Go has for systems and processors: `amd64`, `arm64`, `linux`. No node is ever labelled `x86_64` or `aarch64`, so that a pod which asks for them stays Pending and says nothing of a typing mistake.',
    severity: 'warning',
    topic: 'correctness',
    messages: { unknown: 'No node has {key} `{value}`', called: 'No node has {key} `{value}`: it is called {name}' },
    titles: { write: 'Write {name}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    kubernetes.io/arch: x86_64
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    kubernetes.io/arch: amd64
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(object) {
    for (const { key, operator, values } of nodeLabelsOf(object)) {
      const names = platforms.get(key.value.replace(/^beta\./, ''));
      if (names === undefined || (operator !== 'In' && operator !== 'NotIn')) continue;
      for (const { text, path } of values) {
        // Another tool fills it in.
        if (Object.hasOwn(names, text.value) || /[${}<]/.test(text.value)) continue;
        const lower = text.value.toLowerCase();
        const name = Object.keys(names).find((one) => one === lower || names[one]?.includes(lower) === true);
        yield {
          message: name === undefined ? 'unknown' : 'called',
          data: { key: key.value, value: text.value, name: name ?? '' },
          span: text.span,
          fixes:
            name === undefined
              ? []
              : patchFix(object.document, {
                  title: 'write',
                  safety: 'suggested',
                  patches: [{ kind: 'set', path, value: name }],
                }),
        };
      }
    }
  },
});
