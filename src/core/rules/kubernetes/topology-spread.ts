import { defineRule } from '../../engine/rule.ts';
import { readLabelSelector, readPodLabels, selects } from '../../kubernetes/selector.ts';
import { fieldAt, knownItems, knownMapping, knownText, labelSpan } from '../../yaml/field.ts';
import { asMapping } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { ownLabels } from './parts/selector-labels.ts';

const deployment = (app: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
          labelSelector:
            matchLabels:
              app: ${app}
      containers:
        - name: web
          image: web:1.4
`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/topology-spread',
    rows: ['K614'],
    summary: 'A topology spread constraint should count the pods that it spreads.',
    why: 'The scheduler counts, in each zone or on each node, the pods that the selector of the constraint chooses. Where these are not the pods themselves, or none at all, nothing is spread. A skew below 1, `minDomains` without `DoNotSchedule` and the same constraint twice are refused.',
    severity: 'warning',
    topic: 'reliability',
    messages: {
      others: 'The constraint counts other pods: these have not the labels that it selects',
      none: 'Without a `labelSelector` the constraint counts no pods: nothing is spread',
      skew: '`{field}` is 1 or more: the API server refuses {value}',
      domains: '`minDomains` only goes with `whenUnsatisfiable: DoNotSchedule`',
      twice: 'A constraint on `{topology}` with `{when}` is there already: the API server refuses two',
    },
    titles: { own: 'Select the labels of these pods', remove: 'Remove minDomains' },
    fix: 'sometimes',
    examples: [{ file: 'web.yaml', bad: deployment('wbe'), good: deployment('web') }],
    options: {},
    sources: ['kube-score pod-topology-spread-constraints', 'datree EKS_MISSING_KEY_TOPOLOGYKEY'],
  },
  *check(workload) {
    const { object, spec, specPath } = workload;
    const seen = new Set<string>();
    for (const { index, node } of knownItems(spec, 'topologySpreadConstraints')) {
      const mapping = asMapping(node);
      if (mapping === undefined) continue;
      const path = [...specPath, 'topologySpreadConstraints', index];
      const [topology, when] = [knownText(node, 'topologyKey'), knownText(node, 'whenUnsatisfiable')];
      for (const field of ['maxSkew', 'minDomains']) {
        const written = knownText(node, field);
        if (written === undefined || !/^(?:0+|-\d+)$/.test(written.value)) continue;
        yield { message: 'skew', data: { field, value: written.value }, severity: 'error', span: written.span };
      }
      const domains = knownText(node, 'minDomains');
      if (domains !== undefined && when?.value === 'ScheduleAnyway') {
        const patches = [{ kind: 'remove', path: [...path, 'minDomains'] }] as const;
        const fixes = patchFix(object.document, { title: 'remove', safety: 'suggested', patches });
        yield { message: 'domains', severity: 'error', span: domains.span, fixes };
      }
      if (topology !== undefined && when !== undefined) {
        const both = `${topology.value}\n${when.value}`;
        if (seen.has(both)) {
          const data = { topology: topology.value, when: when.value };
          yield { message: 'twice', data, severity: 'error', span: topology.span };
        }
        seen.add(both);
      }
      if (object.context === 'patch') continue;
      const field = fieldAt(node, 'labelSelector');
      const selector = knownMapping(node, 'labelSelector');
      const labels = ownLabels(object);
      const fixes =
        labels === undefined
          ? []
          : patchFix(object.document, {
              title: 'own',
              safety: 'suggested',
              patches: [{ kind: 'set', path: [...path, 'labelSelector'], value: { matchLabels: labels } }],
            });
      if (field === undefined) yield { message: 'none', span: topology?.span ?? labelSpan(mapping), fixes };
      if (selector === undefined) continue;
      const read = readLabelSelector(selector);
      if (selects(read, readPodLabels(workload)) !== 'no') continue;
      yield { message: 'others', span: read.requirements[0]?.span ?? read.span, fixes };
    }
  },
});
