/**
 * The schedules of CronJobs, as the API server reads them: five fields, or a name such as `@daily`. Cron of other systems
 * knows more (seconds, `L`, Sunday as 7), and that is refused.
 */

export const cronFields = ['minute', 'hour', 'day of the month', 'month', 'day of the week'] as const;

export type CronField = (typeof cronFields)[number];

/** A part of a schedule's text. */
interface CronPart {
  readonly text: string;
  /** In the schedule. */
  readonly offset: number;
}

export type CronSchedule =
  | { readonly kind: 'valid' }
  /** Valid, but no month of it has the day. */
  | { readonly kind: 'never'; readonly day: number }
  /** It begins with `TZ=` or `CRON_TZ=`; `rest` is what follows. */
  | { readonly kind: 'zone'; readonly zone: string; readonly rest: string }
  /** A name with `@` that is none. */
  | { readonly kind: 'name'; readonly part: CronPart }
  | { readonly kind: 'count'; readonly fields: number }
  | {
      readonly kind: 'value';
      readonly part: CronPart;
      readonly field: CronField;
      readonly least: number;
      readonly most: number;
    };

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const bounds: Readonly<Record<CronField, { readonly least: number; readonly most: number }>> = {
  minute: { least: 0, most: 59 },
  hour: { least: 0, most: 23 },
  'day of the month': { least: 1, most: 31 },
  month: { least: 1, most: 12 },
  'day of the week': { least: 0, most: 6 },
};

/** Names that a schedule may be. */
export const cronNames = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'] as const;

/** Days of the months, in a leap year. */
const lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Reads a schedule; the first thing that is wrong with it is told. */
export function readCron(schedule: string): CronSchedule {
  const zone = /^(?:CRON_)?TZ=(\S*)\s*(.*)$/s.exec(schedule);
  if (zone !== null) return { kind: 'zone', zone: zone[1] ?? '', rest: zone[2] ?? '' };
  if (schedule.startsWith('@')) return readName(schedule);
  const fields = [...schedule.matchAll(/\S+/g)];
  if (fields.length !== cronFields.length) return { kind: 'count', fields: fields.length };
  const values = new Map<CronField, ReadonlySet<number>>();
  for (const [index, field] of cronFields.entries()) {
    const text = fields[index]?.[0] ?? '';
    const found = new Set<number>();
    let offset = fields[index]?.index ?? 0;
    for (const part of text.split(',')) {
      const range = part === '' ? { from: 1, to: 0, step: 1 } : readRange(part, field);
      if (range === undefined) return { kind: 'value', part: { text: part, offset }, field, ...bounds[field] };
      for (let value = range.from; value <= range.to; value += range.step) found.add(value);
      offset += part.length + 1;
    }
    values.set(field, found);
  }
  return neverOn(values, fields[4]?.[0] ?? '');
}

function readName(schedule: string): CronSchedule {
  const every = /^@every\s+[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
  if (cronNames.some((name) => name === schedule) || every.test(schedule)) return { kind: 'valid' };
  return { kind: 'name', part: { text: schedule, offset: 0 } };
}

/** `*`, a value or `a-b`, each with `/step`; undefined where it is something else or out of bounds. */
function readRange(part: string, field: CronField) {
  const { least, most } = bounds[field];
  const match = /^([^/-]+)(?:-([^/-]+))?(?:\/(\d+))?$/.exec(part);
  if (match === null) return undefined;
  const [, first = '', last, every] = match;
  const step = Number(every ?? 1);
  if (step === 0) return undefined;
  if (first === '*' || first === '?') return { from: least, to: most, step };
  const from = readValue(first, field);
  const to = last === undefined ? (every === undefined ? from : most) : readValue(last, field);
  if (from === undefined || to === undefined || from < least || to > most || from > to) return undefined;
  return { from, to, step };
}

function readValue(text: string, field: CronField): number | undefined {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const name = text.toLowerCase();
  const at = field === 'month' ? months.indexOf(name) + 1 : field === 'day of the week' ? weekdays.indexOf(name) : -1;
  return at < bounds[field].least ? undefined : at;
}

/** Where days of the month are asked for that no month asked for has. With weekdays named, either is enough. */
function neverOn(values: ReadonlyMap<CronField, ReadonlySet<number>>, weekday: string): CronSchedule {
  const days = [...(values.get('day of the month') ?? [])];
  const longest = Math.max(...[...(values.get('month') ?? [])].map((month) => lengths[month - 1] ?? 0));
  const first = Math.min(...days);
  const anyWeekday = /^[*?]/.test(weekday);
  return anyWeekday && days.length > 0 && first > longest ? { kind: 'never', day: first } : { kind: 'valid' };
}

const namedPeriods: Readonly<Record<(typeof cronNames)[number], number>> = {
  '@hourly': 3600,
  '@daily': 86_400,
  '@midnight': 86_400,
  '@weekly': 7 * 86_400,
  '@monthly': 28 * 86_400,
  '@annually': 365 * 86_400,
  '@yearly': 365 * 86_400,
};

/**
 * The least number of seconds between two runs, by minutes and hours alone: days only make it longer. Undefined where the
 * schedule is none, or says its period otherwise.
 */
export function cronPeriodSeconds(schedule: string): number | undefined {
  const name = cronNames.find((one) => one === schedule.trim());
  if (name !== undefined) return namedPeriods[name];
  const [minutes = '', hours = '', ...days] = schedule.trim().split(/\s+/);
  if (days.length !== 3) return undefined;
  const [perHour, perDay] = [timesOf(minutes, 'minute'), timesOf(hours, 'hour')];
  const times = perDay.flatMap((hour) => perHour.map((minute) => hour * 60 + minute)).sort((a, b) => a - b);
  const [first] = times;
  if (first === undefined) return undefined;
  const gaps = times.map((time, at) => (times[at + 1] ?? first + 24 * 60) - time);
  return Math.min(...gaps) * 60;
}

function timesOf(text: string, field: CronField): readonly number[] {
  const times = new Set<number>();
  for (const part of text.split(',')) {
    const range = readRange(part, field);
    if (range === undefined) return [];
    for (let value = range.from; value <= range.to; value += range.step) times.add(value);
  }
  return [...times];
}
