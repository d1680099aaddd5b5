import { defineRule } from '../../engine/rule.ts';
import { resourceField, resourcePath } from '../../kubernetes/container.ts';
import type { Container } from '../../kubernetes/model.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (resources: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
${resources}`;

const resource = 'ephemeral-storage';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/ephemeral-storage-missing',
    rows: ['K110'],
    summary: "A container should say how much of its node's disk it uses.",
    why: 'Logs, the writable layer and emptyDirs lie on the disk of the node. A container without a limit can fill it, and then the kubelet evicts pods of others too; without a request the scheduler does not count it.',
    severity: 'information',
    optional: true,
    topic: 'resources',
    messages: {
      limit: 'No limit of ephemeral storage: its files and logs may fill the disk of the node',
    },
    titles: { own: 'Limit it to {value}, as requested', complete: 'Add a limit of ephemeral storage to complete' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod(''),
        good: pod('      resources:\n        limits:\n          ephemeral-storage: <storage>\n'),
      },
    ],
    options: {},
    sources: [
      'kube-linter unset-ephemeral-storage-requirements',
      'kube-score container-ephemeral-storage-request-and-limit',
      'sonar S6870',
      'sonar S6897',
    ],
  },
  *check(container) {
    const { role, workload, label } = container;
    if (role === 'ephemeral' || workload.object.context === 'patch') return;
    // A limit is the request as well, where none is written.
    if (resourceField(container, 'limits', resource) !== undefined) return;
    yield { message: 'limit', span: label, fixes: fixesOf(container) };
  },
});

function fixesOf(container: Container) {
  const { document } = container.workload.object;
  const path = resourcePath(container, 'limits', resource);
  const value = container.requests.get(resource)?.value;
  const set = (text: string) => [{ kind: 'set', path, value: text }] as const;
  return [
    ...(value === undefined
      ? []
      : patchFix(document, { title: 'own', safety: 'suggested', data: { value }, patches: set(value) })),
    ...patchFix(document, { title: 'complete', safety: 'manual', patches: set('<storage>') }),
  ];
}
