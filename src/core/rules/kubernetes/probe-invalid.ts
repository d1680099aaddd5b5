import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownInteger } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { handlersOf, probesOf } from './parts/probes.ts';

const pod = (threshold: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      livenessProbe:
        tcpSocket:
          port: 8080
${threshold}`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/probe-invalid',
    rows: ['K605'],
    summary: 'A probe should be one that the API server takes.',
    why: 'The API server refuses the pod: a probe has exactly one way to ask, liveness and startup succeed at the first answer, and containers that end before the pod starts have no probes. In a template of a Deployment, the whole object is refused.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      success: 'The `successThreshold` of a {probe} can only be 1',
      several: 'A probe asks in one way: {handlers} cannot be together',
      none: 'The probe does not say what to ask: exec, httpGet, tcpSocket or grpc',
      init: 'An init container has no {field} unless it restarts always',
      ephemeral: 'An ephemeral container has no {field}',
      grace: 'A readinessProbe kills nothing: it has no `terminationGracePeriodSeconds`',
    },
    titles: { remove: 'Remove {field}', keep: 'Keep {handler} only' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod('        successThreshold: 2\n'), good: pod('') }],
    options: {},
    sources: [],
  },
  *check(container) {
    const { workload, role, node, path } = container;
    const { document, context } = workload.object;
    const removal = (field: string, at: readonly (string | number)[]) =>
      patchFix(document, { title: 'remove', safety: 'safe', data: { field }, patches: [{ kind: 'remove', path: at }] });
    if (role === 'init' || role === 'ephemeral') {
      // `restartPolicy` from a template may make a sidecar of it.
      if (role === 'init' && fieldAt(node, 'restartPolicy') === 'unknown') return;
      for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle']) {
        const pair = entry(node, field);
        if (pair === undefined || fieldAt(node, field) === undefined) continue;
        if (context === 'patch') continue;
        yield { message: role, data: { field }, span: pair.key.span, fixes: removal(field, [...path, field]) };
      }
      return;
    }
    for (const probe of probesOf(container)) {
      const threshold = knownInteger(probe.node, 'successThreshold');
      if (probe.name !== 'readinessProbe' && threshold !== undefined && threshold.value > 1) {
        yield {
          message: 'success',
          data: { probe: probe.name },
          span: threshold.span,
          fixes: removal('successThreshold', [...probe.path, 'successThreshold']),
        };
      }
      const grace = entry(probe.node, 'terminationGracePeriodSeconds');
      if (probe.name === 'readinessProbe' && grace !== undefined && grace.value !== null) {
        const at = [...probe.path, 'terminationGracePeriodSeconds'];
        yield { message: 'grace', span: grace.key.span, fixes: removal('terminationGracePeriodSeconds', at) };
      }
      const handlers = handlersOf(probe);
      if (handlers === undefined || context === 'patch') continue;
      if (handlers.length === 0) yield { message: 'none', span: probe.keySpan };
      const [, second] = handlers;
      const extra = second === undefined ? undefined : entry(probe.node, second);
      if (extra === undefined) continue;
      yield {
        message: 'several',
        data: { handlers: handlers.join(' and ') },
        span: extra.key.span,
        fixes: handlers.flatMap((handler) =>
          patchFix(document, {
            title: 'keep',
            safety: 'suggested',
            data: { handler },
            patches: handlers
              .filter((other) => other !== handler)
              .map((other) => ({ kind: 'remove', path: [...probe.path, other] }) as const),
          }),
        ),
      };
    }
  },
});
