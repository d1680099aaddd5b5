import { defineRule } from '../../engine/rule.ts';
import type { KubernetesFile, NeighbourObject, PlacedObject, Workload } from '../../kubernetes/model.ts';
import { placementOf } from '../../kubernetes/placement.ts';
import { limitRangesIn, podResources } from '../../kubernetes/pod-resources.ts';
import { type Quota, readQuota } from '../../kubernetes/quota.ts';
import { rolloutOf, strategyOf } from '../../kubernetes/rollout.ts';
import { type PlacedWorkload, sameNamespace, workloadsOf } from '../../kubernetes/service.ts';
import { formatCpu, formatHumanBytes } from '../../quantity/display.ts';
import { formatKubernetesQuantity, type KubernetesQuantity } from '../../quantity/kubernetes.ts';
import { applyDefaults } from '../../sizing/defaulting.ts';
import { podQos } from '../../sizing/qos.ts';
import { missingForQuota, quotaCounts, quotaUsage } from '../../sizing/quota.ts';
import { type QuotaRollout, quotaOutlook } from '../../sizing/quota-rollout.ts';
import type { PodResources } from '../../sizing/resources.ts';
import type { Span } from '../../text/span.ts';
import { knownInteger, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { fewestReplicas } from './parts/replicas.ts';

const manifest = (update: string) => `apiVersion: v1
kind: ResourceQuota
metadata:
  name: team
spec:
  hard:
    pods: 3
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: web:1.4
${update}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/quota-refuses',
    rows: [],
    summary: 'A ResourceQuota should admit the pods of its namespace, also while they are rolled out.',
    why: 'A quota refuses each pod with which the namespace would use more than it allows. While a Deployment rolls out it makes pods above its replicas; where there is no room for even one of them and `maxUnavailable`, rounded down, comes to none, the rollout never moves. A quota of CPU or memory also refuses every pod with a container that does not say how much of it it wants. Counted are the workloads of this file and of those that are deployed with it, at the least replicas that an autoscaler leaves them.',
    severity: 'warning',
    topic: 'resources',
    messages: {
      stops: 'Quota {quota} stops every rollout: of {resource} {now} of {hard} is used, and no old pod may go first',
      slows: 'Quota {quota} has not room for the whole surge of a rollout: of {resource} {now} of {hard} is used',
      exceeded:
        '{now} of {resource} is asked for in this namespace, and {hard} is admitted: the last pods are never made',
      missing: 'Quota {quota} refuses these pods: it asks every container for {resource}',
      quota: 'The quota is here',
    },
    titles: { inPlace: 'Let one old pod go before its successor comes' },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        bad: manifest(''),
        good: manifest('  strategy:\n    rollingUpdate:\n      maxSurge: 0\n      maxUnavailable: 1\n'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(file) {
    const placed = [...file.objects, ...(file.neighbours?.near ?? [])];
    const quotas = placed.flatMap((one) => {
      const quota = readQuota(one.object);
      return quota === undefined ? [] : [{ placed: one, quota }];
    });
    if (quotas.length === 0) return;
    const all = countedPods(file, placed);
    for (const { placed: at, quota } of quotas) {
      const counted = all.filter((pods) => isCounted(quota, pods));
      const own = counted.filter((pods) => pods.isOwn);
      for (const pods of own) {
        const [first] = missingForQuota(quota.hard, pods.pod);
        if (first === undefined) continue;
        const lacks = missingForQuota(quota.hard, pods.pod)
          .filter(({ container }) => container === first.container)
          .map(({ resource }) => resource);
        yield {
          message: 'missing',
          data: { quota: quota.name, resource: lacks.join(' and ') },
          span: containerAt(pods.placed.workload, first.container) ?? nameOf(pods.placed.workload),
          offset: pods.placed.start,
          related: [{ message: 'quota', span: nameSpan(at), neighbour: at }],
        };
      }
      const rollouts = counted.flatMap((pods) => pods.rollout ?? []);
      for (const line of quotaOutlook(quota.hard, rollouts)) {
        const { resource, isExceeded, stops, slows } = line;
        const data = { quota: quota.name, resource, now: text(resource, line.now), hard: text(resource, line.hard) };
        if (isExceeded) {
          const span = file.objects.includes(at) ? quota.spans.get(resource) : undefined;
          if (span !== undefined) yield { message: 'exceeded', data, span, offset: at.start };
        }
        for (const pods of own) {
          const name = pods.rollout?.name ?? '';
          const message = stops.includes(name) ? 'stops' : slows.includes(name) ? 'slows' : undefined;
          if (message === undefined) continue;
          const { object } = pods.placed.workload;
          yield {
            message,
            ...(message === 'slows' && { severity: 'information' as const }),
            data,
            span: surgePlace(pods.placed.workload),
            offset: pods.placed.start,
            related: [{ message: 'quota', span: quota.spans.get(resource) ?? nameSpan(at), neighbour: at }],
            fixes:
              object.kind.value === 'Deployment' && message === 'stops'
                ? patchFix(object.document, {
                    title: 'inPlace',
                    safety: 'suggested',
                    patches: [
                      {
                        kind: 'set',
                        path: [...object.path, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'],
                        value: 0,
                      },
                      {
                        kind: 'set',
                        path: [...object.path, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable'],
                        value: 1,
                      },
                    ],
                  })
                : [],
          };
        }
      }
    }
  },
});

interface CountedPods {
  readonly placed: PlacedWorkload;
  readonly isOwn: boolean;
  readonly pod: PodResources;
  /** Undefined where it is not known how many there are: of a DaemonSet, or of what runs to its end. */
  readonly rollout: QuotaRollout | undefined;
}

/** The pods of the file and its neighbours, each workload once, as far as they are known. */
function countedPods(
  file: KubernetesFile,
  placed: readonly (PlacedObject | NeighbourObject)[],
): readonly CountedPods[] {
  const own = workloadsOf(file);
  const near = workloadsOf({ objects: file.neighbours?.near ?? [] });
  const seen = new Set<string>();
  return [...own, ...near].flatMap((one, at): readonly CountedPods[] => {
    const { object } = one.workload;
    const pod = object.context === 'patch' ? undefined : podResources(one.workload);
    const key = [object.kind, object.namespace, object.name].map((part) => part?.value).join('\n');
    if (pod === undefined || object.name === undefined || seen.has(key)) return [];
    seen.add(key);
    const { pod: defaulted } = applyDefaults(pod, limitRangesIn(placed, object));
    return [
      { placed: one, isOwn: at < own.length, pod: defaulted, rollout: rolloutIn(file, one.workload, key, defaulted) },
    ];
  });
}

function rolloutIn(
  file: KubernetesFile,
  workload: Workload,
  name: string,
  pod: PodResources,
): QuotaRollout | undefined {
  const fewest = workload.object.kind.value === 'Pod' ? 1 : fewestReplicas(file, workload);
  if (fewest === undefined || workload.runsToCompletion) return undefined;
  const pods = fewest === 'unset' ? 1 : fewest;
  const { peak, unavailable } = rolloutOf(workload, pods);
  return { name, usage: quotaUsage(pod), pods, peak, most: pods, unavailable };
}

function isCounted(quota: Quota, { placed: { workload }, pod }: CountedPods): boolean {
  if (sameNamespace(quota.object, workload.object) !== 'yes') return false;
  return quotaCounts(quota.scopes, {
    qosClass: podQos(pod).qosClass,
    activeDeadlineSeconds: knownInteger(workload.spec, 'activeDeadlineSeconds')?.value,
    priorityClassName: knownText(workload.spec, 'priorityClassName')?.value,
    crossNamespacePodAffinity: placementOf(workload).crossNamespace,
  });
}

function containerAt(
  { containers }: Workload,
  { list, index }: { readonly list: 'containers' | 'initContainers'; readonly index: number },
): Span | undefined {
  const running = containers.filter(({ role }) => (role === 'app') === (list === 'containers') && role !== 'ephemeral');
  return running[index]?.label;
}

function nameOf({ object }: Workload): Span {
  return object.name?.span ?? object.kind.span;
}

function nameSpan({ object }: PlacedObject): Span {
  return object.name?.span ?? object.kind.span;
}

/** Where the surge is written, else the replicas, else the name. */
function surgePlace(workload: Workload): Span {
  const strategy = strategyOf(workload.object);
  const written =
    strategy &&
    (['maxUnavailable', 'maxSurge'] as const).flatMap((key) => knownText(strategy.node, 'rollingUpdate', key) ?? []);
  return written?.[0]?.span ?? workload.replicas?.span ?? nameOf(workload);
}

function text(resource: string, amount: KubernetesQuantity): string {
  const plain = resource.replace(/^(?:requests|limits)\./, '');
  if (plain === 'cpu') return formatCpu(amount.nano);
  return plain === 'memory' ? formatHumanBytes(amount.nano) : formatKubernetesQuantity(amount);
}
