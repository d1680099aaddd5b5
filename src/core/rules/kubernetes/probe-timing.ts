import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { probesOf } from './parts/probes.ts';

const pod = (delay: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      startupProbe:
        tcpSocket:
          port: 8080
      livenessProbe:
        tcpSocket:
          port: 8080
        periodSeconds: 20
${delay}`;

/** What the API server writes where a field is 0. */
const defaults: Readonly<Record<string, number>> = {
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

export default defineRule('container', {
  meta: {
    id: 'kubernetes/probe-timing',
    rows: ['K605'],
    summary: "A probe's times should do what they seem to say.",
    why: 'A 0 is not taken literally: the API server replaces it by its default. An answer that may take longer than the period makes each probe late, so that failure is seen later than it seems. Behind a startup probe the other probes only begin when the container has started: their own delay comes on top.',
    severity: 'information',
    topic: 'reliability',
    messages: {
      zero: '`{field}: 0` means {value}, the default',
      timeout: 'An answer may take {timeout} s, and the next probe is due every {period} s',
      delay: 'The startup probe waits already: this delay begins after it',
    },
    titles: { remove: 'Remove {field}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('        initialDelaySeconds: 60\n'), good: pod('') }],
    options: {},
    sources: [],
  },
  *check(container) {
    const { node, path, workload } = container;
    const { document } = workload.object;
    const startup = entry(node, 'startupProbe')?.value ?? undefined;
    for (const probe of probesOf(container)) {
      for (const [field, value] of Object.entries(defaults)) {
        const written = knownInteger(probe.node, field);
        if (written?.value !== 0) continue;
        yield {
          message: 'zero',
          data: { field, value },
          span: written.span,
          fixes: patchFix(document, {
            title: 'remove',
            safety: 'safe',
            data: { field },
            patches: [{ kind: 'remove', path: [...probe.path, field] }],
          }),
        };
      }
      const timeout = knownInteger(probe.node, 'timeoutSeconds');
      const period = knownInteger(probe.node, 'periodSeconds')?.value;
      const unset = fieldAt(probe.node, 'periodSeconds') === undefined && workload.object.context !== 'patch';
      const every = period ?? (unset ? defaults['periodSeconds'] : undefined);
      if (timeout !== undefined && every && timeout.value > every)
        yield { message: 'timeout', data: { timeout: timeout.value, period: every }, span: timeout.span };
      const delay = knownInteger(probe.node, 'initialDelaySeconds');
      if (probe.name === 'startupProbe' || startup === undefined || delay === undefined || delay.value === 0) continue;
      yield {
        message: 'delay',
        span: delay.span,
        fixes: patchFix(document, {
          title: 'remove',
          safety: 'suggested',
          data: { field: 'initialDelaySeconds' },
          patches: [{ kind: 'remove', path: [...path, probe.name, 'initialDelaySeconds'] }],
        }),
      };
    }
  },
});
