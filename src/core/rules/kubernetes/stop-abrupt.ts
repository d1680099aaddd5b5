import { defineRule } from '../../engine/rule.ts';
import type { Container, KubernetesVersion, Workload } from '../../kubernetes/model.ts';
import { fieldAt, knownInteger, knownItems, mayHide, scalarText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { podsOfFile } from './parts/served-pods.ts';

const manifest = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: web:1.4
${more}---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
`;

/** What a pod is given to end, where it does not say: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
const defaultGrace = 30;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/stop-abrupt',
    rows: ['K619'],
    summary: 'What a Service sends to goes on answering for a moment when it is told to stop.',
    why: 'A pod is told to stop at the same time as everybody else is told not to send to it any more, and proxies take some seconds to hear of it: requests that arrive in between fail. A `preStop` hook that sleeps first lets them through. Its time counts as part of `terminationGracePeriodSeconds`. Off by default: a program may wait by itself.',
    severity: 'information',
    optional: true,
    topic: 'reliability',
    messages: {
      missing: 'Service `{service}` still sends for some seconds when this container stops already',
      none: 'No time to stop: the containers are killed at once',
      short: '`preStop` sleeps {sleep} s, and after {grace} s all is killed: nothing is left to stop in',
    },
    titles: { sleep: 'Sleep before it is stopped' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: manifest(''),
        good: manifest('      lifecycle:\n        preStop:\n          sleep:\n            seconds: <seconds>\n'),
      },
    ],
    options: {},
    sources: ['datree CONTAINERS_MISSING_PRESTOP_KEY'],
  },
  *check(file, { settings }) {
    const { all, services } = podsOfFile(file);
    const servedBy = new Map<Workload, string>();
    for (const { service, targets } of services) {
      for (const { pods, verdict } of targets)
        if (verdict === 'yes') servedBy.set(pods.workload, service.object.name?.value ?? '');
    }
    for (const { workload, start, own } of all) {
      if (!own || workload.runsToCompletion) continue;
      const written = knownInteger(workload.spec, 'terminationGracePeriodSeconds');
      if (written?.value === 0) yield { message: 'none', span: written.span, offset: start };
      const unsaid = fieldAt(workload.spec, 'terminationGracePeriodSeconds') === undefined;
      const grace = written?.value ?? (unsaid && workload.object.context !== 'patch' ? defaultGrace : undefined);
      const service = servedBy.get(workload);
      for (const container of workload.containers) {
        const sleep = sleepOf(container);
        if (sleep !== undefined && grace !== undefined && grace > 0 && sleep.value >= grace)
          yield { message: 'short', data: { sleep: sleep.value, grace }, span: sleep.span, offset: start };
        if (service === undefined || !answers(container) || mayHide(container.node, 'lifecycle')) continue;
        if (workload.object.context === 'patch' || fieldAt(container.node, 'lifecycle', 'preStop') !== undefined)
          continue;
        yield {
          message: 'missing',
          data: { service },
          span: container.label,
          offset: start,
          fixes: patchFix(workload.object.document, {
            title: 'sleep',
            safety: 'manual',
            patches: [
              {
                kind: 'set',
                path: [...container.path, 'lifecycle', 'preStop'],
                value: pause(settings.kubernetesVersion),
              },
            ],
          }),
        };
      }
    }
  },
});

/** Whether a container is most likely one that the Service means: it lists ports, or is alone. */
function answers({ role, ports, workload }: Container): boolean {
  if (role !== 'app') return false;
  return ports.length > 0 || appContainers(workload) === 1;
}

function appContainers({ containers }: Workload): number {
  return containers.filter(({ role }) => role === 'app').length;
}

/** The seconds that a hook sleeps, where it says so plainly. */
function sleepOf({ node }: Container) {
  const seconds = knownInteger(node, 'lifecycle', 'preStop', 'sleep', 'seconds');
  if (seconds !== undefined) return seconds;
  const words = knownItems(node, 'lifecycle', 'preStop', 'exec', 'command').map((item) => scalarText(item.node));
  const last = words.at(-1);
  const command = words.map((word) => word?.value ?? '?').join(' ');
  const [, digits] = /^(?:\S*\/)?(?:(?:ba|a|da)?sh -c )?(?:\S*\/)?sleep (\d{1,6})$/.exec(command) ?? [];
  return digits === undefined || last === undefined ? undefined : { value: Number(digits), span: last.span };
}

/** The hook has had an action of its own since 1.30; before that the image's `sleep` does it. */
function pause(version: KubernetesVersion) {
  return atLeast(version, 30) ? { sleep: { seconds: '<seconds>' } } : { exec: { command: ['sleep', '<seconds>'] } };
}
