import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { podSpecKey } from './parts/pod-spec-key.ts';

const sandbox = (more: string) => `apiVersion: agents.x-k8s.io/v1beta1
kind: Sandbox
metadata:
  name: agent
spec:
  podTemplate:
    spec:
${more}      containers:
        - name: agent
          image: agent:1.4
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/runtime-class',
    rows: ['K525'],
    summary: 'What runs code that nobody has read should have a runtime of its own kind.',
    why: 'A Sandbox of the Agent Sandbox project is there for programs that a model or a stranger wrote. With the runtime of ordinary pods they share the kernel of the node; a runtime class such as gVisor or Kata puts a kernel of its own between. Which classes there are is up to the cluster.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      missing: 'No runtimeClassName: what runs in this sandbox shares the kernel of the node',
      other: 'The runtime class {name} is not one of those that are allowed: {allowed}',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'agent.yaml', bad: sandbox(''), good: sandbox('      runtimeClassName: gvisor\n') }],
    options: {
      allowed: {
        type: 'string[]',
        default: [],
        description: 'The runtime classes that pods may name; all where none are given.',
      },
    },
    sources: ['kubescape C-0297', 'kyverno restrict-runtimeClassName'],
  },
  *check(workload, { options }) {
    const { spec, object } = workload;
    const field = fieldAt(spec, 'runtimeClassName');
    const isSandbox = /^(?:extensions\.)?agents\.x-k8s\.io\//.test(object.apiVersion.value);
    const name = knownText(spec, 'runtimeClassName');
    if (field === undefined || name?.value === '') {
      if (isSandbox && object.context !== 'patch')
        yield { message: 'missing', span: name?.span ?? podSpecKey(workload), peers: ['kubescape C-0297'] };
    } else if (name !== undefined && options.allowed.length > 0 && !options.allowed.includes(name.value)) {
      const data = { name: name.value, allowed: options.allowed.join(', ') };
      const peers = ['kyverno restrict-runtimeClassName', ...(isSandbox ? ['kubescape C-0297'] : [])];
      yield { message: 'other', data, span: name.span, peers };
    }
  },
});
