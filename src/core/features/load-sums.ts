import { onceFor } from '../text/once-for.ts';
import { amountText } from './explain.ts';
import type { Sized } from './load.ts';
import { type Measured, measure, measured, none, type PodMeasures, unbounded, unknown } from './load-figures.ts';
import type { Figure } from './load-view.ts';

/** What workloads come to together. */
export interface Sums extends PodMeasures {
  readonly pods: Figure;
}

/** Of workloads as they are written: their list stays while only the draft changes. */
export const sumsAsWritten = onceFor((all: readonly Sized[]): Sums => sumsFrom(all, talliesOf(all)));

/** Of workloads with a draft, in the order of those as they are written: only what it changes is counted again. */
export function sumsWith(all: readonly Sized[], written: readonly Sized[]): Sums {
  const tallies = copyOf(talliesOf(written));
  for (let at = 0; at < all.length; at++) {
    const [now, before] = [all[at], written[at]];
    if (now === before || now === undefined || before === undefined) continue;
    count(tallies, before, -1);
    count(tallies, now, 1);
  }
  return sumsFrom(all, tallies);
}

/** A sum while it is counted. */
interface Tally {
  /** Together, of those that say an amount. */
  known: bigint;
  unknown: number;
  unbounded: number;
  /** How many say anything at all. */
  some: number;
}

type Tallies = Readonly<Record<keyof Sums, Tally>>;

const talliesOf = onceFor((all: readonly Sized[]): Tallies => {
  const tally = (): Tally => ({ known: 0n, unknown: 0, unbounded: 0, some: 0 });
  const tallies = {
    cpuRequest: tally(),
    memoryRequest: tally(),
    cpuLimit: tally(),
    memoryLimit: tally(),
    pods: tally(),
  };
  for (const one of all) count(tallies, one, 1);
  return tallies;
});

function copyOf({ cpuRequest, memoryRequest, cpuLimit, memoryLimit, pods }: Tallies): Tallies {
  return {
    cpuRequest: { ...cpuRequest },
    memoryRequest: { ...memoryRequest },
    cpuLimit: { ...cpuLimit },
    memoryLimit: { ...memoryLimit },
    pods: { ...pods },
  };
}

/** `times` is 1 to count a workload, and -1 to count it no more. */
function count(tallies: Tallies, { total, values }: Sized, times: 1 | -1): void {
  countMeasure(tallies.cpuRequest, total.cpuRequest, times);
  countMeasure(tallies.memoryRequest, total.memoryRequest, times);
  countMeasure(tallies.cpuLimit, total.cpuLimit, times);
  countMeasure(tallies.memoryLimit, total.memoryLimit, times);
  const { count: copies } = values.copies;
  if (copies === undefined) tallies.pods.unknown += times;
  else tallies.pods.known += times === 1 ? copies : -copies;
}

function countMeasure(tally: Tally, { value, figure }: Measured, times: 1 | -1): void {
  if (value === 'unknown') tally.unknown += times;
  else if (value === 'unbounded') tally.unbounded += times;
  else tally.known += times === 1 ? value : -value;
  if (figure.text !== none) tally.some += times;
}

function sumsFrom(all: readonly Sized[], tallies: Tallies): Sums {
  const told = all.slice(0, mostPlaces).map(shareOf);
  const sum = (name: keyof PodMeasures) => sumOf(name, all, told, tallies[name]);
  const { known, unknown: open } = tallies.pods;
  return {
    cpuRequest: sum('cpuRequest'),
    memoryRequest: sum('memoryRequest'),
    cpuLimit: sum('cpuLimit'),
    memoryLimit: sum('memoryLimit'),
    pods: podsFigure(
      open > 0 ? undefined : known,
      withRest(
        told.map(({ pods }) => pods.line),
        all.length,
      ),
      told.flatMap(({ pods }) => pods.fields),
    ),
  };
}

function podsFigure(count: bigint | undefined, explanation: readonly string[], fields: Figure['fields']): Figure {
  return { text: count === undefined ? 'unknown' : `${count}`, certainty: 'exact', explanation, fields };
}

/** How many pods a workload has. */
export function podsOf(sized: Sized): Figure {
  const { line, fields } = shareOf(sized).pods;
  return podsFigure(sized.values.copies.count, [line], fields);
}

/** An explanation names so many workloads, and a click on its figure shows the fields of so many: nobody reads more. */
const mostPlaces = 10;

function withRest(lines: readonly string[], count: number): readonly string[] {
  return count > mostPlaces ? [...lines, `and ${count - mostPlaces} more`] : lines;
}

interface Told {
  readonly line: string;
  readonly fields: Figure['fields'];
}

/** What sums say of one workload. */
const shareOf = onceFor(({ workload, values, total }: Sized): Readonly<Record<keyof Sums, Told>> => {
  const { name, replicas } = workload;
  const told = ({ figure: { text, fields } }: Measured): Told => ({
    line: `${name}: ${text}`,
    fields: fields.map(({ label, span }) => ({
      label: `${name}${label.includes(':') ? ', ' : ': '}${label}`,
      span,
    })),
  });
  return {
    cpuRequest: told(total.cpuRequest),
    memoryRequest: told(total.memoryRequest),
    cpuLimit: told(total.cpuLimit),
    memoryLimit: told(total.memoryLimit),
    pods: {
      line: `${name}: ${values.copies.explanation}`,
      fields: replicas?.written === undefined ? [] : [{ label: replicas.label, span: replicas.written.span }],
    },
  };
});

/** The sum over workloads. Unbounded where one of them is; never a partial sum that looks whole. */
function sumOf(
  name: keyof PodMeasures,
  all: readonly Sized[],
  told: readonly ReturnType<typeof shareOf>[],
  tally: Tally,
): Measured {
  const [only] = all;
  if (only !== undefined && all.length === 1) return only.total[name];
  const fields = told.flatMap((one) => one[name].fields);
  const lines = withRest(
    told.map((one) => one[name].line),
    all.length,
  );
  if (tally.some === 0) return measure(0n, none, lines, fields);
  const text = amountText(measured[name][0], tally.known);
  if (tally.unknown > 0) return unknown([...lines, `What is known comes to ${text}; that is not all.`], fields);
  if (tally.unbounded > 0) {
    const rest = tally.known === 0n ? [] : [`The bounded ones come to ${text}, which bounds nothing.`];
    return unbounded([...lines, ...rest], fields);
  }
  return measure(tally.known, text, [...lines, `Together ${text}.`], fields);
}
