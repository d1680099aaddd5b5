import type { Settings } from '../engine/settings.ts';
import type { Parsed } from '../parsed.ts';
import { containerCpu } from '../sizing/cgroup-cpu.ts';
import { noResources } from '../sizing/resources.ts';
import { amountText, bytes, exactText, nano } from './explain.ts';
import { readField } from './field-values.ts';
import { quotaText } from './kernel-figures.ts';
import { fieldsOf, type LoadField, loadFields } from './load-fields.ts';

export interface InlayHint {
  /** Of the file: behind the value. */
  readonly offset: number;
  readonly label: string;
  readonly tooltip: string;
}

/** Behind quantities that read as something else than they are, and behind CPU limits of less than whole cores. */
export function inlayHints(parsed: Parsed, _settings: Settings): readonly InlayHint[] {
  return loadFields(parsed)
    .flatMap(fieldsOf)
    .flatMap((field) => {
      const hint = field.written && (surprise(field, field.written.value) ?? quota(field));
      return hint === undefined || field.written === undefined ? [] : [{ offset: field.written.span.end, ...hint }];
    })
    .toSorted((a, b) => a.offset - b.offset);
}

type Words = Pick<InlayHint, 'label' | 'tooltip'>;

/** `1e3`, memory without a unit, in thousandths or in powers of ten, and whole cores that look like millicores. */
function surprise(field: LoadField, text: string): Words | undefined {
  const { resource } = field;
  const reading = readField(field, {});
  if (reading.kind !== 'value' || (resource !== 'cpu' && resource !== 'memory')) return undefined;
  const amount = reading.quantity.nano;
  if (amount === 0n) return undefined;
  if (field.form === 'docker-cpus') return undefined;
  if (field.form === 'docker-memory') {
    return /[a-z]/i.test(text.replace(/b$/i, ''))
      ? undefined
      : { label: `= ${bytes(amount)}`, tooltip: `No unit: ${exactText('memory', amount)}.` };
  }
  if (/[eE][+-]?\d+$/.test(text)) return equals(field, amount, 'A power of ten');
  if (resource === 'cpu') {
    return amount >= 32n * nano && !/[a-z]/i.test(text)
      ? { label: `= ${amountText('cpu', amount)} cores`, tooltip: 'Without m these are whole cores, not millicores.' }
      : undefined;
  }
  if (/[num]$/.test(text)) return equals(field, amount, 'A fraction: m is a thousandth; Mi is 1,048,576');
  if (/[kMGTPE]$/.test(text)) return equals(field, amount, 'Powers of 1000; with an i after it they are of 1024');
  return /\d$/.test(text) ? equals(field, amount, 'No unit, so bytes') : undefined;
}

function equals({ resource }: LoadField, amount: bigint, why: string): Words {
  const kind = resource === 'cpu' ? 'cpu' : 'memory';
  const label = kind === 'cpu' && amount >= nano ? `${amountText(kind, amount)} cores` : amountText(kind, amount);
  return { label: `= ${label}`, tooltip: `${why}: ${exactText(kind, amount)}.` };
}

/** What a fractional CPU limit is to the kernel. */
function quota(field: LoadField): Words | undefined {
  if (field.resource !== 'cpu' || field.part !== 'limit') return undefined;
  const reading = readField(field, {});
  if (reading.kind !== 'value' || reading.quantity.nano % nano === 0n) return undefined;
  const cpu = containerCpu({ ...noResources, limits: new Map([['cpu', reading.quantity]]) }, undefined);
  const text = quotaText(cpu.quotaMicros, cpu.periodMicros);
  return {
    label: text,
    tooltip: `cpu.max “${cpu.cpuMax}”: ${text}, for all threads together. What is used up must wait.`,
  };
}
