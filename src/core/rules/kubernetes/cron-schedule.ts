import { defineRule } from '../../engine/rule.ts';
import { type CronSchedule, cronNames, readCron } from '../../kubernetes/cron.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import type { Located, Span } from '../../text/span.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';
import { atLeast } from './parts/kubernetes-version.ts';

const manifest = (schedule: string) => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: backup
spec:
  schedule: "${schedule}"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: backup
              image: web:1.4
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/cron-schedule',
    rows: ['K617'],
    summary: 'The schedule of a CronJob is one that Kubernetes reads.',
    why: 'A schedule has five fields: minute, hour, day of the month, month and day of the week, where Sunday is 0. Seconds, `@reboot`, Sunday as 7 and the letters of other systems are refused by the API server, since 1.29 a time zone in the schedule too: there is `timeZone` for that.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      count: 'A schedule has five fields, not {fields}: minute, hour, day, month, weekday',
      value: '`{part}` is no {field}: they go from {least} to {most}',
      name: '`{part}` is not a schedule that Kubernetes knows',
      zone: 'A time zone is refused in the schedule: write it as `timeZone`',
      never: 'No month in it has a day {day}: it never runs',
    },
    titles: {
      seconds: 'Remove the seconds',
      sunday: 'Write Sunday as 0',
      name: 'Write {name}',
      zone: 'Set timeZone: {zone}',
    },
    fix: 'sometimes',
    examples: [{ file: 'backup.yaml', bad: manifest('0 30 2 * * *'), good: manifest('30 2 * * *') }],
    options: {},
    sources: ['datree CRONJOB_INVALID_SCHEDULE_VALUE'],
  },
  *check(object, { settings }) {
    if (object.kind.value !== 'CronJob') return;
    const schedule = knownText(object.root, 'spec', 'schedule');
    // Something else fills it in.
    if (schedule === undefined || /[${}<>]/.test(schedule.value)) return;
    const read = readCron(schedule.value);
    if (read.kind === 'valid') return;
    if (read.kind === 'zone' && !atLeast(settings.kubernetesVersion, 29)) return;
    yield {
      message: read.kind,
      data: dataOf(read),
      ...(read.kind === 'never' && { severity: 'warning' }),
      span: spanOf(object, schedule, read),
      fixes: fixesOf(object, schedule.value, read),
    };
  },
});

function dataOf(read: CronSchedule): Readonly<Record<string, string | number>> {
  if (read.kind === 'count') return { fields: read.fields };
  if (read.kind === 'never') return { day: read.day };
  if (read.kind === 'name') return { part: read.part.text };
  if (read.kind !== 'value') return {};
  return { part: read.part.text, field: read.field, least: read.least, most: read.most };
}

/** The part that is wrong, where the text stands in the file as it is meant. */
function spanOf({ document }: KubernetesObject, { value, span }: Located<string>, read: CronSchedule): Span {
  if (read.kind !== 'value') return span;
  const at = document.text.slice(span.start, span.end).indexOf(value);
  if (at < 0) return span;
  const start = span.start + at + read.part.offset;
  return { start, end: start + read.part.text.length };
}

function fixesOf(object: KubernetesObject, schedule: string, read: CronSchedule) {
  const path = [...object.path, 'spec', 'schedule'];
  const fix = (title: 'seconds' | 'sunday' | 'name', value: string, data: Readonly<Record<string, string>> = {}) =>
    readCron(value).kind === 'valid'
      ? patchFix(object.document, { title, data, safety: 'suggested', patches: [{ kind: 'set', path, value }] })
      : [];
  const fields = schedule.trim().split(/\s+/);
  if (read.kind === 'count' && fields.length === 6 && fields[0] === '0')
    return fix('seconds', fields.slice(1).join(' '));
  if (read.kind === 'value' && read.field === 'day of the week') {
    const weekday = fields[4] ?? '';
    return fix('sunday', [...fields.slice(0, 4), weekday === '1-7' ? '*' : weekday.replace(/\b7$/, '0')].join(' '));
  }
  if (read.kind === 'name') {
    const name = closest(read.part.text.toLowerCase(), cronNames);
    return name === undefined ? [] : fix('name', name, { name });
  }
  if (read.kind !== 'zone' || readCron(read.rest).kind !== 'valid' || read.zone === '') return [];
  if (fieldAt(object.root, 'spec', 'timeZone') !== undefined) return [];
  return patchFix(object.document, {
    title: 'zone',
    data: { zone: read.zone },
    safety: 'suggested',
    patches: [
      { kind: 'set', path, value: read.rest },
      { kind: 'set', path: [...object.path, 'spec', 'timeZone'], value: read.zone },
    ],
  });
}
