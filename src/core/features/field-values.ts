import { parseComposeCpus, parseRamInBytes } from '../quantity/compose.ts';
import { type KubernetesQuantity, parseKubernetesQuantity } from '../quantity/kubernetes.ts';
import { smallestDockerMemory } from '../sizing/docker.ts';
import { allowsOvercommit } from '../sizing/resources.ts';
import { goMemoryLimitBytes } from '../sizing/runtime-go.ts';
import { jvmBytes } from '../sizing/runtime-jvm.ts';
import { redisBytes } from '../sizing/runtime-stores.ts';
import { amountText, nano } from './explain.ts';
import type { FieldForm, LoadField, RequestAndLimit, WorkloadFields } from './load-fields.ts';
import { fieldText, isChanged } from './load-fields.ts';
import type { Draft } from './load-view.ts';

/** A field's text read as a value. */
export type Reading =
  | { readonly kind: 'unset' }
  | { readonly kind: 'value'; readonly quantity: KubernetesQuantity }
  /** A template or a variable decides, so that neither value nor absence is known. */
  | { readonly kind: 'decided elsewhere' }
  | { readonly kind: 'invalid'; readonly problem: string };

const largestCount = 2_147_483_647n;

/** The field as drafted. */
export function readField(field: LoadField, draft: Draft): Reading {
  const text = fieldText(field, draft);
  if (field.templated && !isChanged(field, draft)) return { kind: 'decided elsewhere' };
  return text === '' ? { kind: 'unset' } : readText(field.form, text, field.resource);
}

/** A text of the given form as a value; counts and Docker's sizes too become quantities. */
export function readText(form: FieldForm, text: string, resource: LoadField['resource']): Reading {
  switch (form) {
    case 'kubernetes':
      return readQuantity(text, resource);
    case 'docker-cpus': {
      const cpus = parseComposeCpus(text);
      if (cpus === undefined) return invalid(`${quoted(text)} is no number of CPUs: write one such as 0.5.`);
      return notNegative(cpus, text);
    }
    case 'docker-memory': {
      const size = parseRamInBytes(text);
      if (size.ok && size.bytes > 0n && size.bytes < smallestDockerMemory) {
        return invalid(`${quoted(text)} is less than the 6 MiB that Docker takes.`);
      }
      if (size.ok) return notNegative(size.bytes * nano, text);
      if (size.reason === 'negative') return notNegative(-1n, text);
      return invalid(`${quoted(text)} is no size: write one such as 256m or 1g.`);
    }
    case 'count': {
      if (!/^\d{1,15}$/.test(text)) return invalid(`${quoted(text)} is no whole number.`);
      if (BigInt(text) > largestCount) return invalid(`${quoted(text)} is more than there can be.`);
      return { kind: 'value', quantity: { nano: BigInt(text) * nano, format: 'DecimalSI' } };
    }
    case 'java-size':
      return sizeIn(jvmBytes(text), text, '512m or 2g');
    case 'go-size':
      return sizeIn(goMemoryLimitBytes(text), text, '512MiB');
    case 'redis-size':
      return sizeIn(redisBytes(text), text, '256mb');
    case 'mebibytes':
      return sizeIn(/^\d{1,9}$/.test(text) ? BigInt(text) << 20n : undefined, text, '512, in MiB');
    case 'percentage': {
      const percent = /^\d{1,3}(?:\.\d{1,6})?$/.test(text) ? parseComposeCpus(text) : undefined;
      if (percent === undefined || percent <= 0n || percent > 100n * nano) {
        return invalid(`${quoted(text)} is no percentage: write one such as 75.0.`);
      }
      return { kind: 'value', quantity: { nano: percent, format: 'DecimalSI' } };
    }
    default:
      return form satisfies never;
  }
}

/**
 * Why fields of a workload cannot stand, by id: texts that are no values, and requests above their limits (the API server
 * refuses those). The latter is said of the field that the draft changes, else of the request.
 */
export function fieldProblems(workload: WorkloadFields, draft: Draft): ReadonlyMap<string, string> {
  const problems = new Map<string, string>();
  const check = (field: LoadField): Reading => {
    const reading = readField(field, draft);
    if (reading.kind === 'invalid') problems.set(field.id, reading.problem);
    const rival = reading.kind === 'value' && !isChanged(field, draft) ? rivalText(field, reading.quantity) : undefined;
    if (rival !== undefined) problems.set(field.id, rival);
    return reading;
  };
  const checkBoth = ({ request, limit }: RequestAndLimit, isWhole = false): void => {
    const [asked, most] = [check(request), check(limit)];
    if (asked.kind !== 'value' || most.kind !== 'value') return;
    // To Docker no limit is written as 0.
    if (limit.form !== 'kubernetes' && most.quantity.nano === 0n) return;
    if (asked.quantity.nano === most.quantity.nano || (asked.quantity.nano < most.quantity.nano && !isWhole)) return;
    const onLimit = isChanged(limit, draft) && !isChanged(request, draft);
    const [changed, other] = onLimit ? [limit, request] : [request, limit];
    const amount = onLimit ? asked.quantity.nano : most.quantity.nano;
    const text =
      other.resource === 'cpu' || other.resource === 'memory'
        ? amountText(other.resource, amount)
        : fieldText(other, draft);
    const than = isWhole ? 'Not' : onLimit ? 'Less than' : 'More than';
    problems.set(
      changed.id,
      `${than} the ${onLimit ? 'request' : 'limit'} of ${text}${isWhole ? ', which it has to be' : ''}.`,
    );
  };
  if (workload.replicas !== undefined) check(workload.replicas);
  const { ownResources } = workload;
  for (const resource of ownResources === undefined ? [] : [ownResources.cpu, ownResources.memory]) checkBoth(resource);
  for (const container of workload.containers) {
    for (const field of container.process.fields) {
      if (check(field).kind === 'unset') problems.set(field.id, 'Write a size: the option cannot be left without one.');
    }
    checkBoth(container.cpu);
    checkBoth(container.memory);
    for (const other of container.others) checkBoth(other, !allowsOvercommit(other.name));
  }
  return problems;
}

/** Why Compose refuses a field that has two places; undefined where they agree. */
function rivalText({ twin, form, resource }: LoadField, { nano: amount }: KubernetesQuantity): string | undefined {
  if (twin === undefined || amount === 0n) return undefined;
  const other = twin.text === '' ? undefined : readText(form, twin.text, resource);
  if (other?.kind === 'value' && other.quantity.nano === amount) return undefined;
  const says = twin.text === '' ? `${twin.key} is not written` : `${twin.key} says ${quoted(twin.text)}`;
  return `${says}: Compose refuses to start with both. Type a value, and Apply writes it to both.`;
}

function sizeIn(size: bigint | undefined, text: string, like: string): Reading {
  if (size === undefined)
    return invalid(`${quoted(text)} is no size that the process takes: write one such as ${like}.`);
  return { kind: 'value', quantity: { nano: size * nano, format: 'BinarySI' } };
}

function readQuantity(text: string, resource: LoadField['resource']): Reading {
  const parsed = parseKubernetesQuantity(text);
  if (parsed.ok) {
    return parsed.quantity.nano < 0n ? notNegative(-1n, text) : { kind: 'value', quantity: parsed.quantity };
  }
  const like = resource === 'cpu' ? '250m or 1.5' : resource === 'other' ? '2 or 10Gi' : '256Mi or 1Gi';
  return invalid(`${quoted(text)} is no quantity: write one such as ${like}.`);
}

function notNegative(amount: bigint, text: string): Reading {
  if (amount < 0n) return invalid(`${quoted(text)} is less than nothing.`);
  return { kind: 'value', quantity: { nano: amount, format: 'DecimalSI' } };
}

function invalid(problem: string): Reading {
  return { kind: 'invalid', problem };
}

function quoted(text: string): string {
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
