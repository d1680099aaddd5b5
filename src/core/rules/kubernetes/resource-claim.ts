import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownItems, knownText, mayHide } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { acceleratorsOf } from './parts/accelerators.ts';
import { closest } from './parts/closest.ts';

export default defineRule('workload', {
  meta: {
    id: 'kubernetes/resource-claim',
    rows: ['H118'],
    summary: 'A container can only use the device claims that its pod makes.',
    why: 'Devices by dynamic resource allocation are claimed by the pod, in `resourceClaims`, and used by containers, in `resources.claims`, under the same name. The API server refuses a name that the pod does not have. A claim that no container uses reserves a device for nothing.',
    severity: 'error',
    topic: 'correctness',
    messages: {
      unknown: 'The pod makes no claim `{name}`: the API server refuses it',
      unused: 'No container uses the claim `{name}`: its device is reserved for nothing',
      both: 'The container asks for {resource} beside a claim: it may get two devices',
    },
    titles: { name: 'Use the claim `{meant}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  resourceClaims:
    - name: big-gpu
      resourceClaimTemplateName: big-gpu
    - name: nic
      resourceClaimTemplateName: nic
  containers:
    - name: train
      image: train:1.4
      resources:
        claims:
          - name: big-gpu
          - name: nics
    - name: relay
      image: relay:1.4
      resources:
        claims:
          - name: nic
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: train
spec:
  resourceClaims:
    - name: big-gpu
      resourceClaimTemplateName: big-gpu
    - name: nic
      resourceClaimTemplateName: nic
  containers:
    - name: train
      image: train:1.4
      resources:
        claims:
          - name: big-gpu
          - name: nic
    - name: relay
      image: relay:1.4
      resources:
        claims:
          - name: nic
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check({ spec, object, containers }) {
    if (object.context === 'patch') return;
    const claims = knownItems(spec, 'resourceClaims').map(({ node }) => knownText(node, 'name'));
    const known = claims.flatMap((name) => (name === undefined ? [] : [name.value]));
    const complete = known.length === claims.length && !mayHide(spec, 'resourceClaims') && !mayHide(spec);
    const used = new Set<string>();
    let hidden = object.document.actions.length > 0;
    for (const container of containers) {
      const { node, path } = container;
      hidden ||= mayHide(node, 'resources', 'claims');
      const uses = knownItems(node, 'resources', 'claims');
      for (const { index, node: use } of uses) {
        const name = knownText(use, 'name');
        if (name === undefined) hidden = true;
        if (name === undefined || known.includes(name.value)) {
          if (name !== undefined) used.add(name.value);
          continue;
        }
        if (!complete) continue;
        // It was meant for one of them, so that none is called unused.
        hidden = true;
        const meant = closest(name.value, known);
        yield {
          message: 'unknown',
          data: { name: name.value },
          span: name.span,
          fixes:
            meant === undefined
              ? []
              : patchFix(object.document, {
                  title: 'name',
                  data: { meant },
                  safety: 'suggested',
                  patches: [{ kind: 'set', path: [...path, 'resources', 'claims', index, 'name'], value: meant }],
                }),
        };
      }
      const [accelerator] = acceleratorsOf(container);
      if (uses.length > 0 && accelerator !== undefined) {
        const { resource, quantity } = accelerator;
        yield { message: 'both', data: { resource }, severity: 'information', span: quantity.span };
      }
    }
    if (hidden || fieldAt(spec, 'resources') !== undefined) return;
    for (const name of claims) {
      if (name === undefined || used.has(name.value)) continue;
      yield { message: 'unused', data: { name: name.value }, severity: 'information', span: name.span };
    }
  },
});
