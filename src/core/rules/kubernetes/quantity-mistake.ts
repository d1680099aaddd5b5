import { defineRule } from '../../engine/rule.ts';
import { patchFix } from '../patch-fix.ts';
import { type Mistake, quantityMistake } from './parts/quantity-mistakes.ts';
import { type QuantityPlace, quantityPlaces } from './parts/quantity-places.ts';

const refused: ReadonlySet<Mistake['kind']> = new Set(['invalid', 'unit', 'negative', 'fraction']);

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/quantity-mistake',
    rows: ['K106', 'H102'],
    summary: 'A quantity should be one that Kubernetes knows, and the one that was meant.',
    why: 'The units of Kubernetes are its own: `m` is a thousandth, `M` a million, `Mi` 1,048,576, and `MB` does not exist. A wrong unit is refused, which is the lucky case. `memory: 128m` is accepted and means an eighth of a byte, so that the container is killed before it starts; `cpu: 500` means 500 whole CPUs, so that no node is ever large enough.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      invalid: '`{value}` is no quantity: write a number and a unit such as 500m or 256Mi',
      unit: '`{value}` is no quantity: Kubernetes has no unit {unit}',
      negative: '`{value}` is negative: the API server refuses it',
      fraction: '`{value}` is no whole number: {resource} cannot be divided',
      thousandths: '`{value}` is {bytes} bytes: m means thousandths',
      few: '`{value}` is only {bytes} bytes: a unit is missing or too small',
      many: '`{value}` is {cores} whole CPUs: m is for thousandths of one',
      fine: '`{value}` is less than 1m, the least CPU there is',
    },
    titles: { write: 'Write {rewritten}' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      resources:
        limits:
          memory: 128m
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
        limits:
          memory: 128Mi
`,
      },
      {
        file: 'pod.yaml',
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
          cpu: 500
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
          cpu: 500m
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(object) {
    for (const place of quantityPlaces(object)) {
      const { text, measure, scale, resource, path } = place;
      // Another tool fills it in.
      if (text.value.includes('$') || text.value.includes('{{')) continue;
      const mistake = quantityMistake(text.value, measure, scale);
      if (mistake === undefined) continue;
      yield {
        message: mistake.kind,
        data: { ...dataOf(mistake), value: text.value, resource: shortResource(resource) },
        severity: refused.has(mistake.kind) ? 'error' : 'warning',
        span: text.span,
        fixes: mistake.rewrites.flatMap(({ value, same }) =>
          patchFix(object.document, {
            title: 'write',
            data: { rewritten: value },
            safety: same ? 'safe' : 'suggested',
            patches: [{ kind: 'set', path, value }],
          }),
        ),
      };
    }
  },
});

function dataOf(mistake: Mistake): Readonly<Record<string, string>> {
  if (mistake.kind === 'unit') return { unit: mistake.unit };
  if (mistake.kind === 'thousandths' || mistake.kind === 'few') return { bytes: mistake.bytes };
  return mistake.kind === 'many' ? { cores: mistake.cores } : {};
}

function shortResource(resource: QuantityPlace['resource']): string {
  return resource.replace(/^(?:requests|limits)\./, '');
}
