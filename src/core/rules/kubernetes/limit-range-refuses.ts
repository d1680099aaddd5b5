import { defineRule, type ProposedFix } from '../../engine/rule.ts';
import { resourcePath } from '../../kubernetes/container.ts';
import type { Container, Workload } from '../../kubernetes/model.ts';
import { limitRangesIn, podResources } from '../../kubernetes/pod-resources.ts';
import { formatKubernetesQuantity } from '../../quantity/kubernetes.ts';
import { applyDefaults, type Defaulted } from '../../sizing/defaulting.ts';
import { type LimitRangeViolation, limitRangeViolations, requestProblems } from '../../sizing/limit-range.ts';
import { type ContainerRef, everyContainer, type ResourcePart } from '../../sizing/resources.ts';
import type { Span } from '../../text/span.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (cpu: string) => `apiVersion: v1
kind: LimitRange
metadata:
  name: team
spec:
  limits:
    - type: Container
      max:
        cpu: 2
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        limits:
          cpu: ${cpu}
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/limit-range-refuses',
    rows: [],
    summary: 'A LimitRange should admit the pods of its namespace.',
    why: 'A LimitRange fills in requests and limits that are not written, and then refuses every pod that has less than its `min`, more than its `max`, or a limit too many times its request. The Deployment is accepted all the same, and its pods are never made. What it fills in may be refused, too: a request above the default limit is more than the limit that the container then has.',
    severity: 'error',
    topic: 'resources',
    messages: {
      more: 'LimitRange {range} refuses these pods: {part} of {value} {resource}, at most {bound} is admitted',
      less: 'LimitRange {range} refuses these pods: {part} of {value} {resource}, at least {bound} is admitted',
      ratio: 'LimitRange {range} refuses these pods: the {resource} limit is more than {bound} times the request',
      absent: 'LimitRange {range} refuses these pods: they have no {part} of {resource}',
      filled: 'The request is more than {bound}, which a LimitRange gives as the limit where none is written',
      range: 'The LimitRange is here',
    },
    titles: { bound: 'Change to {bound}', limit: 'Write a limit of {value}, as much as is requested' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: manifest('4'), good: manifest('"2"') }],
    options: {},
    sources: [],
  },
  *check(workload, { file }) {
    const { object } = workload;
    const written = object.context === 'patch' ? undefined : podResources(workload);
    const ranges = file.kubernetes.objects.filter((placed) => limitRangesIn([placed], object).length > 0);
    if (written === undefined || ranges.length === 0) return;
    const defaulted = applyDefaults(written, limitRangesIn(ranges, object));
    for (const problem of filledProblems(defaulted)) {
      const { ref, resource, bound } = problem;
      const at = placeOf(workload, ref, 'requests', resource);
      const value = containerOf(workload, ref)?.requests.get(resource)?.value ?? '';
      yield {
        message: 'filled',
        data: { bound, value },
        span: at.span,
        fixes: at.container === undefined ? [] : setFix(at.container, 'limits', resource, value, 'limit', { value }),
      };
    }
    for (const placed of ranges) {
      for (const item of limitRangesIn([placed], object)) {
        for (const violation of limitRangeViolations(defaulted.pod, item)) {
          const { container: ref, resource, enforced, fault } = violation;
          const part: ResourcePart = fault === 'request' || fault === 'no-request' ? 'requests' : 'limits';
          const at = placeOf(workload, ref, part, resource);
          const bound = formatKubernetesQuantity(enforced);
          const message = messageOf(violation);
          const value = part === 'requests' ? violation.request : violation.limit;
          const isBound = (message === 'more' || message === 'less') && at.container?.[part].has(resource) === true;
          yield {
            message,
            data: {
              range: placed.object.name?.value ?? '',
              part: part === 'requests' ? 'a request' : 'a limit',
              resource: resource === 'cpu' ? 'CPU' : resource,
              value: value === undefined ? '' : formatKubernetesQuantity(value),
              bound,
            },
            span: at.span,
            related: [
              { message: 'range', span: placed.object.name?.span ?? placed.object.kind.span, neighbour: placed },
            ],
            fixes: isBound && at.container ? setFix(at.container, part, resource, bound, 'bound', { bound }) : [],
          };
        }
      }
    }
  },
});

function messageOf({ constraint, fault }: LimitRangeViolation): 'more' | 'less' | 'ratio' | 'absent' {
  if (fault === 'no-limit' || fault === 'no-request') return 'absent';
  return constraint === 'max' ? 'more' : constraint === 'min' ? 'less' : 'ratio';
}

/** Requests above a limit that a LimitRange gave. */
function filledProblems({ pod, filled }: Defaulted) {
  return everyContainer(pod).flatMap(({ ref, container }) =>
    requestProblems(container).flatMap(({ resource, limit }) => {
      const given = filled.some(
        (value) =>
          value.part === 'limits' &&
          value.resource === resource &&
          value.container?.list === ref.list &&
          value.container.index === ref.index,
      );
      return given ? [{ ref, resource, bound: formatKubernetesQuantity(limit) }] : [];
    }),
  );
}

function containerOf({ containers }: Workload, { list, index }: ContainerRef): Container | undefined {
  const running = containers.filter(({ role }) => role !== 'ephemeral');
  return running.filter(({ role }) => (role === 'app') === (list === 'containers'))[index];
}

/** Where a value is written, else what it comes from, else the container; the pod's name where all of it is refused. */
function placeOf(
  workload: Workload,
  ref: ContainerRef | undefined,
  part: ResourcePart,
  resource: string,
): { readonly span: Span; readonly container: Container | undefined } {
  const container = ref && containerOf(workload, ref);
  const { object } = workload;
  if (container === undefined) return { span: object.name?.span ?? object.kind.span, container };
  const other = part === 'requests' ? 'limits' : 'requests';
  const written = container[part].get(resource) ?? container[other].get(resource);
  return { span: written?.span ?? container.label, container };
}

function setFix(
  container: Container,
  part: ResourcePart,
  resource: string,
  value: string,
  title: 'bound' | 'limit',
  data: Readonly<Record<string, string>>,
): readonly ProposedFix<'bound' | 'limit'>[] {
  return patchFix(container.workload.object.document, {
    title,
    safety: 'suggested',
    data,
    patches: [{ kind: 'set', path: resourcePath(container, part, resource), value }],
  });
}
