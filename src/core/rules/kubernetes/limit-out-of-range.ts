import { defineRule } from '../../engine/rule.ts';
import { resourceField } from '../../kubernetes/container.ts';
import type { Located } from '../../text/span.ts';
import { compareQuantities } from './parts/quantities.ts';

const pod = (memory: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        limits:
          memory: ${memory}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/limit-out-of-range',
    rows: ['K103', 'K104'],
    summary: 'Limits of containers lie in the range that the settings say.',
    why: 'A team may know what its programs need: a limit of 6Mi is a typing mistake then, one of 60Gi fits on no node. Nothing is checked for which no bound is set.',
    severity: 'warning',
    optional: true,
    topic: 'resources',
    messages: {
      less: 'A limit of {value} is less than {bound}, the least that the settings allow',
      more: 'A limit of {value} is more than {bound}, the most that the settings allow',
      missing: 'No limit of {resource}: the settings say {range}',
    },
    titles: {},
    fix: 'never',
    examples: [
      {
        file: 'pod.yaml',
        settings: 'rules:\n  kubernetes/limit-out-of-range: { leastMemory: 100Mi }\n',
        bad: pod('6Mi'),
        good: pod('600Mi'),
      },
    ],
    options: {
      leastMemory: { type: 'string', default: '', description: 'The least memory limit; empty for any.' },
      mostMemory: { type: 'string', default: '', description: 'The largest memory limit; empty for any.' },
      leastCpu: { type: 'string', default: '', description: 'The least CPU limit; empty for any.' },
      mostCpu: { type: 'string', default: '', description: 'The largest CPU limit; empty for any.' },
    },
    sources: ['polaris resourceRange'],
  },
  *check(container, { options }) {
    const { role, workload, label, limits } = container;
    if (role !== 'app' && role !== 'sidecar') return;
    const ranges = [
      { resource: 'cpu', least: options.leastCpu, most: options.mostCpu },
      { resource: 'memory', least: options.leastMemory, most: options.mostMemory },
    ] as const;
    for (const { resource, least, most } of ranges) {
      if (least === '' && most === '') continue;
      const limit = limits.get(resource);
      if (limit !== undefined) {
        yield* outside(limit, least, most);
      } else if (workload.object.context !== 'patch' && resourceField(container, 'limits', resource) === undefined) {
        const range = [least && `at least ${least}`, most && `at most ${most}`].filter(Boolean).join(', ');
        yield { message: 'missing', data: { resource: resource === 'cpu' ? 'CPU' : resource, range }, span: label };
      }
    }
  },
});

function* outside({ value, span }: Located<string>, least: string, most: string) {
  if ((compareQuantities(value, least) ?? 0) < 0)
    yield { message: 'less', data: { value, bound: least }, span } as const;
  if ((compareQuantities(value, most) ?? 0) > 0) yield { message: 'more', data: { value, bound: most }, span } as const;
}
