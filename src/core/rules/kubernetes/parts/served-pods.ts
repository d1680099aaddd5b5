import type { KubernetesFile, Workload } from '../../../kubernetes/model.ts';
import { type LabelSet, readPodLabels, selects, type Verdict } from '../../../kubernetes/selector.ts';
import {
  type PlacedWorkload,
  type Service,
  sameNamespace,
  servicesOf,
  workloadsOf,
} from '../../../kubernetes/service.ts';

/** Pods of a workload, of this file or of one that is deployed with it, as a selector sees them. */
export interface Pods extends PlacedWorkload {
  readonly labels: LabelSet;
  /** Of this very file: only there is something to report. */
  readonly own: boolean;
}

export interface ServedPods {
  readonly service: Service;
  /** Offset of the Service's document. */
  readonly start: number;
  readonly own: boolean;
  /** Workloads that the Service sends to, surely or perhaps. */
  readonly targets: readonly { readonly pods: Pods; readonly verdict: Exclude<Verdict, 'no'> }[];
}

export interface PodsOfFile {
  readonly all: readonly Pods[];
  readonly services: readonly ServedPods[];
}

/** Labels that controllers give to the pods they make: no template has them. */
const givenByControllers =
  /^(?:job-name|controller-uid|pod-template-hash|pod-template-generation|controller-revision-hash|batch\.kubernetes\.io\/.*|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index|jobset\.sigs\.k8s\.io\/.*)$/;

const known = new WeakMap<KubernetesFile, PodsOfFile>();

/**
 * Which Services send to which workloads, of a file and of those that are deployed with it. Looked up by label, not by comparing each with each, since a
 * file may hold hundreds of both; found once a file.
 */
export function podsOfFile(file: KubernetesFile): PodsOfFile {
  const kept = known.get(file);
  if (kept !== undefined) return kept;
  const near: KubernetesFile = { objects: file.neighbours?.near ?? [] };
  const podsIn = (of: KubernetesFile, own: boolean) =>
    workloadsOf(of).map((placed): Pods => ({ ...placed, labels: readPodLabels(placed.workload), own }));
  const all = [...podsIn(file, true), ...podsIn(near, false)];
  const byLabel = new Map<string, Pods[]>();
  const unsure: Pods[] = [];
  for (const pods of all) {
    if (pods.labels.partial || pods.labels.unknown.size > 0) {
      unsure.push(pods);
      continue;
    }
    for (const [key, { value }] of pods.labels.labels) {
      const same = byLabel.get(`${key}\n${value}`);
      if (same) same.push(pods);
      else byLabel.set(`${key}\n${value}`, [pods]);
    }
  }
  const served =
    (own: boolean) =>
    ({ service, start }: { readonly service: Service; readonly start: number }): ServedPods => {
      const { selector } = service;
      if (selector === undefined || service.type === 'ExternalName') return { service, start, own, targets: [] };
      // An empty selector of a Service chooses nothing.
      if (selector.requirements.length === 0 && !selector.partial) return { service, start, own, targets: [] };
      const first = selector.requirements.find(({ key }) => !givenByControllers.test(key));
      const value = first?.values?.[0];
      const candidates =
        first === undefined || value === undefined
          ? all
          : [...(byLabel.get(`${first.key}\n${value}`) ?? []), ...unsure];
      const targets = candidates.flatMap((pods) => {
        const verdict = verdictOf(service, pods);
        return verdict === 'no' ? [] : [{ pods, verdict }];
      });
      return { service, start, own, targets };
    };
  const services = [...servicesOf(file).map(served(true)), ...servicesOf(near).map(served(false))];
  const found = { all, services };
  known.set(file, found);
  return found;
}

/** The workloads that no Service sends to, where there are Services; none where there is not one, since they are elsewhere then. */
export function unserved(file: KubernetesFile): ReadonlySet<Workload> {
  const { all, services } = podsOfFile(file);
  if (services.length === 0) return new Set();
  const served = new Set(services.flatMap(({ targets }) => targets.map(({ pods }) => pods.workload)));
  return new Set(all.flatMap(({ workload }) => (served.has(workload) ? [] : [workload])));
}

function verdictOf(
  service: Service,
  { workload, labels }: { readonly workload: Workload; readonly labels: LabelSet },
): Verdict {
  const { selector } = service;
  const place = selector === undefined ? 'no' : sameNamespace(service.object, workload.object);
  if (selector === undefined || place === 'no') return 'no';
  const requirements = selector.requirements.filter(({ key }) => !givenByControllers.test(key));
  const sure = place === 'yes' && requirements.length === selector.requirements.length;
  const verdict = selects({ ...selector, requirements }, labels);
  return verdict === 'yes' && !sure ? 'unknown' : verdict;
}
