import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, labelSpan, mayHide } from '../../yaml/field.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
${more}`;

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/dns-search',
    rows: ['K713'],
    summary: 'Pods that often ask for names outside the cluster should set `ndots`.',
    why: 'By default a name with fewer than five dots is first looked up in every search domain of the cluster, so that each call to `api.example.com` costs four questions or more before the right one. With `ndots: "2"` names of Services and outside names are both found at once.',
    severity: 'information',
    optional: true,
    topic: 'network',
    messages: { missing: 'Names outside the cluster are first looked up in every search domain: `ndots` is {dots}' },
    titles: { set: 'Set ndots to 2' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: pod(''),
        good: pod('  dnsConfig:\n    options:\n      - name: ndots\n        value: "2"\n'),
      },
    ],
    options: {},
    sources: ['kube-linter dnsconfig-options', 'kyverno dns-policy-and-dns-config', 'kyverno add-ndots'],
  },
  *check({ object, spec, specPath }) {
    if (object.context === 'patch' || fieldAt(spec, 'dnsPolicy') === 'unknown') return;
    // These take what the node or the pod itself says.
    if (/^(?:Default|None)$/.test(knownText(spec, 'dnsPolicy')?.value ?? '')) return;
    if (mayHide(spec, 'dnsConfig') || mayHide(spec, 'dnsConfig', 'options')) return;
    const options = knownItems(spec, 'dnsConfig', 'options');
    if (options.some(({ node }) => mayHide(node, 'name'))) return;
    const path = [...specPath, 'dnsConfig', 'options'];
    const written = options.find(({ node }) => knownText(node, 'name')?.value === 'ndots');
    const dots = written && knownText(written.node, 'value');
    // Five is what the default is, too.
    if (written !== undefined && (dots === undefined || !/^\d+$/.test(dots.value) || Number(dots.value) < 5)) return;
    const patch: YamlPatch =
      written === undefined
        ? { kind: 'append', path, value: { name: 'ndots', value: '2' } }
        : { kind: 'set', path: [...path, written.index, 'value'], value: '2' };
    yield {
      message: 'missing',
      data: { dots: dots?.value ?? 5 },
      span: dots?.span ?? object.name?.span ?? labelSpan(spec),
      fixes: patchFix(object.document, { title: 'set', safety: 'suggested', patches: [patch] }),
    };
  },
});
