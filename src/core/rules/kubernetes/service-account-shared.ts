import { defineRule } from '../../engine/rule.ts';
import { sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { knownText } from '../../yaml/field.ts';

const pods = (other: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers:
    - name: web
      image: web:1.4
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  serviceAccountName: ${other}
  containers:
    - name: worker
      image: worker:1.4
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/service-account-shared',
    rows: ['K503'],
    summary: 'Each workload should have a service account of its own.',
    why: 'What one of them needs, all who share its account may do, and the audit log cannot tell them apart. Parts of one operator often share theirs on purpose: off by default.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { shared: '{other} runs as `{account}` too: each may do what the other needs' },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pods.yaml', bad: pods('web'), good: pods('worker') }],
    options: {},
    sources: ['kics shared_service_account'],
  },
  *check(file) {
    const named = workloadsOf(file).flatMap(({ workload, start }) => {
      const account = knownText(workload.spec, 'serviceAccountName');
      return account === undefined || /^(?:default)?$/.test(account.value) ? [] : [{ workload, start, account }];
    });
    for (const [at, { workload, start, account }] of named.entries()) {
      const before = named
        .slice(0, at)
        .find(
          (one) => one.account.value === account.value && sameNamespace(one.workload.object, workload.object) === 'yes',
        );
      if (before === undefined) continue;
      const { kind, name } = before.workload.object;
      const other = name === undefined ? kind.value : `${kind.value} ${name.value}`;
      yield { message: 'shared', data: { other, account: account.value }, span: account.span, offset: start };
    }
  },
});
