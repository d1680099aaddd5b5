import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import type { Span } from '../../text/span.ts';
import { fieldAt, knownText, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { type NodeLabel, type NodeTerm, requiredTerms, selectorLabels } from './parts/node-labels.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/node-choice-conflict',
    rows: ['H112'],
    summary: 'What a pod demands of its node should be possible at once.',
    why: 'A node has to satisfy the `nodeSelector` and one whole term of the required node affinity. Where they demand different values of one label, such as two architectures, no node ever fits and the pod stays Pending. A pod for Windows that asks for Linux nodes is refused by their kubelet.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      conflict: 'No node fits: {key} has to be {one} here, and {other} elsewhere in the pod',
      system: 'No node fits: {key} has to be {one}, and the pod is for {other}',
    },
    titles: { system: 'Choose {other} nodes' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  nodeSelector:
    kubernetes.io/os: linux
  containers:
    - name: web
      image: web:1.4
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  nodeSelector:
    kubernetes.io/os: windows
  containers:
    - name: web
      image: web:1.4
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check({ object, spec }) {
    const selector = selectorLabels(object);
    const system = knownText(spec, 'os', 'name')?.value;
    const chosen = selector.find(({ key }) => /^(?:beta\.)?kubernetes\.io\/os$/.test(key.value));
    const [value] = chosen?.values ?? [];
    if (chosen !== undefined && value !== undefined && system !== undefined && /^(?:linux|windows)$/.test(system)) {
      if (/^(?:linux|windows)$/.test(value.text.value) && value.text.value !== system) {
        yield {
          message: 'system',
          data: { key: chosen.key.value, one: value.text.value, other: system },
          span: value.text.span,
          fixes: patchFix(object.document, {
            title: 'system',
            safety: 'suggested',
            patches: [{ kind: 'set', path: value.path, value: system }],
          }),
        };
      }
    }
    const conflict = conflictOf(object, selector);
    if (conflict !== undefined) {
      const { key, one, other, span } = conflict;
      yield { message: 'conflict', data: { key, one, other }, span };
    }
  },
});

interface Conflict {
  readonly key: string;
  readonly one: string;
  readonly other: string;
  readonly span: Span;
}

/** The conflict of the first term, where no term can hold. */
function conflictOf(object: KubernetesObject, selector: NodeTerm): Conflict | undefined {
  const path = ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms'];
  if (mayHide(object.workload?.spec, ...path)) return undefined;
  const terms = requiredTerms(object);
  if (fieldAt(object.workload?.spec, ...path) === undefined || terms.length === 0) return undefined;
  const conflicts = terms.map((term) => inTerm(term, selector));
  return conflicts.every((one) => one !== undefined) ? conflicts[0] : undefined;
}

function inTerm(term: NodeTerm, selector: NodeTerm): Conflict | undefined {
  for (const [at, label] of term.entries()) {
    for (const other of [...selector, ...term.slice(0, at)]) {
      if (sameLabel(label) !== sameLabel(other) || !excludes(label, other)) continue;
      return { key: label.key.value, one: wanted(label), other: wanted(other), span: label.key.span };
    }
  }
  return undefined;
}

/** The beta labels have the same values. */
function sameLabel({ key }: NodeLabel): string {
  return key.value.replace(/^beta\./, '');
}

function excludes(a: NodeLabel, b: NodeLabel): boolean {
  if (a.operator === 'DoesNotExist') return b.operator === 'In' || b.operator === 'Exists';
  if (b.operator === 'DoesNotExist') return a.operator === 'In' || a.operator === 'Exists';
  if (!a.whole || !b.whole) return false;
  if (a.operator === 'NotIn') return b.operator === 'In' && excludes(b, a);
  const [first = [], second = []] = [a, b].map(({ values }) => values.map(({ text }) => text.value));
  if (a.operator !== 'In' || first.length === 0) return false;
  if (b.operator === 'In') return second.length > 0 && !first.some((value) => second.includes(value));
  return b.operator === 'NotIn' && first.every((value) => second.includes(value));
}

function wanted({ operator, values }: NodeLabel): string {
  const texts = values.map(({ text }) => text.value).join(' or ');
  if (operator === 'In') return texts;
  if (operator === 'NotIn') return `not ${texts}`;
  return operator === 'Exists' ? 'there' : 'absent';
}
