import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject, Workload } from '../../kubernetes/model.ts';
import { readService } from '../../kubernetes/service.ts';
import { asMapping } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { removeItem } from './parts/remove-item.ts';

const pod = (ports: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      ports:
        - containerPort: 8080
${ports}`;

/** What speaks SSH for its own sake. */
const speaksSsh = /git|gerrit|forgejo|gogs|sftp|ssh|bastion|jump/i;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/ssh-port',
    rows: ['K513'],
    summary: 'A container should not run an SSH server.',
    why: 'An SSH server in a container is one more way in, with keys and accounts of its own that Kubernetes knows nothing of. `kubectl exec` and `kubectl debug` need none, ask for the rights of the cluster, and are logged.',
    severity: 'warning',
    topic: 'security',
    messages: {
      container: 'Port 22 is that of SSH: kubectl exec needs no server in the container',
      service: 'Port 22 is that of SSH: this opens it to others in the cluster',
    },
    titles: { remove: 'Remove this port' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('        - containerPort: 22\n'), good: pod('') }],
    options: {},
    sources: ['kube-linter ssh-port', 'kubescape C-0042', 'sonar S6473', 'monokle KBP110'],
  },
  *check(object) {
    if (object.workload) yield* inContainers(object.workload);
    const service = readService(object);
    if (service === undefined) return;
    for (const { port, targetPort, protocol } of service.ports) {
      if (protocol !== 'TCP') continue;
      const span = port?.value === 22 ? port.span : targetPort?.value === '22' ? targetPort.span : undefined;
      if (span !== undefined) yield { message: 'service', severity: severityOf(object, ''), span };
    }
  },
});

function* inContainers({ containers, object }: Workload) {
  for (const { node, path, ports, name, image } of containers) {
    for (const [index, { number, protocol }] of ports.entries()) {
      if (number?.value !== 22 || protocol !== 'TCP') continue;
      const severity = severityOf(object, `${name?.value ?? ''} ${image?.value ?? ''}`);
      const mapping = asMapping(node);
      const patches = mapping === undefined ? [] : [removeItem(mapping, path, ['ports'], index)];
      const fixes = patchFix(object.document, { title: 'remove', safety: 'suggested', patches });
      yield { message: 'container', severity, span: number.span, fixes } as const;
    }
  }
}

function severityOf({ name }: KubernetesObject, more: string) {
  return speaksSsh.test(`${name?.value ?? ''} ${more}`) ? 'information' : 'warning';
}
