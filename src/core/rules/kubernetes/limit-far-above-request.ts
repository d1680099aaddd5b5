import { defineRule } from '../../engine/rule.ts';
import { parseKubernetesQuantity } from '../../quantity/kubernetes.ts';

const pod = (limit: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        requests:
          memory: 256Mi
        limits:
          memory: ${limit}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/limit-far-above-request',
    rows: ['K109'],
    summary: 'A limit should not be a multiple of what is requested.',
    why: 'The scheduler counts requests alone. Containers that may use several times theirs fill a node that looks half empty, and the kernel then kills some of them. How far apart the two may be is a matter of the cluster: 2.5 times for memory is what a policy of Kyverno takes, and a LimitRange can hold it with `maxLimitRequestRatio`.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: { far: 'The limit of {resource} is {times} times the request {request}: at most {most} times is wanted' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('1Gi'), good: pod('512Mi') }],
    options: {
      memory: {
        type: 'number',
        default: 2.5,
        description: 'How many times the request a memory limit may be; 0 for any.',
      },
      cpu: { type: 'number', default: 0, description: 'How many times the request a CPU limit may be; 0 for any.' },
    },
    sources: ['kyverno enforce-resources-as-ratio'],
  },
  *check({ requests, limits }, { options }) {
    for (const resource of ['memory', 'cpu'] as const) {
      const [request, limit, most] = [requests.get(resource), limits.get(resource), options[resource]];
      if (request === undefined || limit === undefined || most <= 0) continue;
      const [asked, held] = [parseKubernetesQuantity(request.value), parseKubernetesQuantity(limit.value)];
      if (!asked.ok || !held.ok || asked.quantity.nano <= 0n) continue;
      const ratio = Number(held.quantity.nano) / Number(asked.quantity.nano);
      if (ratio <= most) continue;
      const times = Math.round(ratio * 10) / 10;
      yield { message: 'far', data: { resource, times, request: request.value, most }, span: limit.span };
    }
  },
});
