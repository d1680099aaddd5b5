import { quotaCpus } from '../compose/sizes.ts';
import type { ContainerRef } from '../sizing/resources.ts';
import { amountText, plainNumber, withBefore } from './explain.ts';
import { readField } from './field-values.ts';
import { kernelFigures } from './kernel-figures.ts';
import type { LoadSide, Sized } from './load.ts';
import { fieldText, isChanged, type LoadField, type Resource, type ResourceFields } from './load-fields.ts';
import { figuresOf, type PodMeasures, totalMeasures } from './load-figures.ts';
import type { Draft, EditableField, LoadContainer, LoadWorkload, ResourceLine } from './load-view.ts';
import { type Copies, placeholder } from './pod-values.ts';
import { type Scaling, scalingProblems } from './scaling.ts';

/** A workload whole: its fields, what its pods come to, what the kernel is told of each container. */
export function loadWorkload(
  { workload, values, pod, total, qos, problems }: Sized,
  before: Sized,
  { scalings, draft, nodeMemory }: LoadSide,
  past: LoadSide,
): LoadWorkload {
  const scaling = scalings.get(workload.id);
  const scalingBefore = past.scalings.get(workload.id);
  const { id, kind, name, namespace, span, replicas, ownResources, source } = workload;
  const fromQuota = (resource: Resource): ReturnType<typeof placeholder> | undefined => {
    const quota = resource === 'cpu' && source.kind === 'compose' ? quotaCpus(source.service) : undefined;
    return quota === undefined ? undefined : { text: `${amountText('cpu', quota)} (from cpu_quota)`, nano: quota };
  };
  const lines = (fields: ResourceFields, ref: ContainerRef | undefined): readonly ResourceLine[] =>
    (['cpu', 'memory'] as const).map((resource) => {
      const { request, limit } = fields[resource];
      return {
        resource,
        request: editable(request, draft, problems, placeholder(request, ref, values)),
        limit: editable(limit, draft, problems, fromQuota(resource) ?? placeholder(limit, ref, values)),
      };
    });
  return {
    id,
    kind,
    name,
    namespace,
    span,
    qos: withBefore(qos, before.qos),
    replicas:
      replicas &&
      editable(replicas, draft, problems, { text: replicas.templated ? 'decided elsewhere' : '1', nano: undefined }),
    ...(scaling && {
      scaling: scalingView(scaling, draft, { workload, pod }, { pod: before.pod, scaling: scalingBefore ?? scaling }),
    }),
    copy: workload.source.kind === 'compose' ? 'container' : 'pod',
    pod: figuresOf(pod, before.pod),
    total: figuresOf(total, before.total),
    ...(ownResources && { ownResources: lines(ownResources, undefined) }),
    containers: values.containers.map((placed, at): LoadContainer => {
      const { fields, ref } = placed;
      const old = before.values.containers[at];
      const kernelBefore = old && kernelFigures(workload, before.values, old, nodeMemory);
      return {
        name: fields.name,
        role: fields.role,
        span: fields.span,
        resources: lines(fields, ref),
        others: fields.others.map(({ name: resource, request, limit }) => ({
          resource,
          request: editable(request, draft, problems, fromLimit(request, limit, draft)),
          limit: editable(limit, draft, problems, placeholder(limit, ref, values)),
        })),
        kernel: kernelFigures(workload, values, placed, nodeMemory).map(({ label, figure }, index) => ({
          label,
          figure: withBefore(figure, kernelBefore?.[index]?.figure),
        })),
      };
    }),
  };
}

/** The API server takes the limit of a resource for its request, where only that is written. */
function fromLimit(request: LoadField, limit: LoadField, draft: Draft): ReturnType<typeof placeholder> {
  const text = fieldText(limit, draft);
  return {
    text: request.templated ? 'from a template' : text === '' ? 'unset' : `${text} (from the limit)`,
    nano: undefined,
  };
}

function scalingView(
  scaling: Scaling,
  draft: Draft,
  now: Pick<Sized, 'workload' | 'pod'>,
  before: Pick<Sized, 'pod'> & { readonly scaling: Scaling },
): NonNullable<LoadWorkload['scaling']> {
  const problems = scalingProblems(scaling, draft);
  const field = (bound: LoadField, unset: string) =>
    editable(bound, draft, problems, { text: bound.templated ? 'decided elsewhere' : unset, nano: undefined });
  const all = (bound: 'least' | 'most') => {
    const times = (pod: PodMeasures, count: number | undefined) =>
      totalMeasures(now.workload, boundCopies(bound, count), pod);
    return figuresOf(times(now.pod, scaling[bound]), times(before.pod, before.scaling[bound]));
  };
  return { min: field(scaling.min, '1'), max: field(scaling.max, 'unset'), least: all('least'), most: all('most') };
}

function boundCopies(bound: 'least' | 'most', count: number | undefined): Copies {
  if (count === undefined) return { count: undefined, explanation: 'The range of the autoscaler is not known.' };
  return { count: BigInt(count), explanation: `the ${bound} that the autoscaler keeps` };
}

/** A field as the panel edits it. */
export function editable(
  field: LoadField,
  draft: Draft,
  problems: ReadonlyMap<string, string>,
  unset: ReturnType<typeof placeholder>,
): EditableField {
  const reading = readField(field, draft);
  const problem = problems.get(field.id);
  const amount = reading.kind === 'value' ? reading.quantity.nano : undefined;
  return {
    id: field.id,
    label: field.label,
    text: fieldText(field, draft),
    ...(isChanged(field, draft) ? { before: field.written?.value ?? '' } : {}),
    placeholder: unset.text,
    span: field.written?.span,
    ...(problem === undefined ? {} : { problem }),
    amount: amount === undefined ? undefined : plainNumber(amount),
  };
}
