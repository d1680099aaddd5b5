import { defineRule } from '../../engine/rule.ts';
import { resourceField, resourcePath } from '../../kubernetes/container.ts';
import type { Container } from '../../kubernetes/model.ts';
import type { Located } from '../../text/span.ts';
import { knownMapping } from '../../yaml/field.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import type { YamlPatch, YamlPath } from '../../yaml/node.ts';
import { entries } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { hasResource } from './parts/has-resource.ts';
import { limitFixes } from './parts/resource-fixes.ts';

/** Peers that want a limit, and the one that wants none. */
const wanting = [
  'kube-score container-resources',
  'polaris cpuLimitsMissing',
  'checkov CKV_K8S_11',
  'trivy KSV-0011',
  'kubescape C-0270',
  'kubesec LimitsCPU',
  'monokle KBP003',
  'datree CONTAINERS_MISSING_CPU_LIMIT_KEY',
  'kics cpu_limits_not_set',
  'sonar S6869',
  'kyverno require-cpu-limits',
];
const forbidding = 'kyverno forbid-cpu-limits';

export default defineRule('container', {
  meta: {
    id: 'kubernetes/cpu-limit-policy',
    rows: ['K104'],
    summary: 'CPU limits should be as the policy has them: required, forbidden or left open.',
    why: 'Opinions differ. A CPU limit keeps a container from taking time that nobody else wants, and makes it wait for the next tenth of a second even on an idle node; without limits the requests still share the CPU fairly. With a limit, measurements repeat and bills can be foretold. The setting `policy.cpuLimits` says `required`, `forbidden`, or `optional`, for which this rule is silent.',
    severity: 'information',
    topic: 'resources',
    messages: {
      missing: 'No CPU limit: the policy asks for one',
      present: 'CPU limit {value}: the policy wants none, since it holds the container back on an idle node',
    },
    titles: {
      own: 'Limit CPU to {value}, its request',
      limitRange: 'Limit CPU to {value}, as the LimitRange does',
      settings: 'Limit CPU to {value}, as the settings say',
      sibling: 'Limit CPU to {value}, as container {from} does',
      complete: 'Add a CPU limit to complete',
      remove: 'Remove the CPU limit',
      keepRequest: 'Remove the CPU limit and request {value}, as the API server did',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        settings: 'policy:\n  cpuLimits: forbidden\n',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        requests:
          cpu: 100m
        limits:
          cpu: 500m
          memory: 128Mi
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        requests:
          cpu: 100m
        limits:
          memory: 128Mi
`,
      },
    ],
    options: {},
    sources: [...wanting, forbidding],
  },
  *check(container, context) {
    const policy = context.settings.policy.cpuLimits;
    if (policy === 'required' && !hasResource(container, 'limits', 'cpu', context.settings)) {
      yield {
        message: 'missing',
        peers: wanting,
        span: missingPlace(container.node, container.label, 'resources', 'limits'),
        fixes: limitFixes(container, 'cpu', context),
      };
    }
    const limit = policy === 'forbidden' ? resourceField(container, 'limits', 'cpu') : undefined;
    if (limit === undefined || limit === 'unknown') return;
    yield {
      message: 'present',
      data: { value: limit.value },
      span: limit.span,
      peers: [forbidding],
      fixes: removals(container, limit),
    };
  },
});

function removals(container: Container, limit: Located<string>) {
  const { document } = container.workload.object;
  const requested = resourceField(container, 'requests', 'cpu') !== undefined;
  const removal: YamlPatch = { kind: 'remove', path: removed(container, requested) };
  if (requested) return patchFix(document, { title: 'remove', safety: 'suggested', patches: [removal] });
  // Without this the pod would lose the request that the limit stood for.
  const request: YamlPatch = { kind: 'set', path: resourcePath(container, 'requests', 'cpu'), value: limit.value };
  return patchFix(document, { title: 'keepRequest', safety: 'suggested', patches: [removal, request] });
}

/** The limit, with the mappings that would be left empty. */
function removed(container: Container, requested: boolean): YamlPath {
  const limits = knownMapping(container.node, 'resources', 'limits');
  const resources = knownMapping(container.node, 'resources');
  if (limits === undefined || entries(limits).length > 1) return resourcePath(container, 'limits', 'cpu');
  const alone = requested && resources !== undefined && entries(resources).length === 1;
  return [...container.path, 'resources', ...(alone ? [] : ['limits'])];
}
