import { defineRule } from '../../engine/rule.ts';
import type { KubernetesObject } from '../../kubernetes/model.ts';
import { makesPods } from '../../kubernetes/workload.ts';
import { fieldAt, knownMapping } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

const pod = (labels: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
${labels}  annotations:
    email: web@example.com
spec:
  containers:
    - name: web
      image: web:1.4
`;

/** Peers that want just one, by its name. */
const peersOf: Readonly<Record<string, readonly string[]>> = {
  'labels owner': ['kube-linter required-label-owner', 'datree WORKLOAD_MISSING_LABEL_OWNER_VALUE'],
  'annotations email': ['kube-linter required-annotation-email'],
};

/** Peers that want those that somebody chose. */
const ofAny = {
  labels: ['kyverno require-labels'],
  annotations: ['kyverno require-annotations'],
} as const;

/** Peers to whom one of these is enough. */
const ofNone: Readonly<Record<string, RegExp>> = {
  'kubescape C-0076': /^(?:app|tier|phase|version|owner|env)$/,
  'kubescape C-0077': /^app\.kubernetes\.io\/(?:name|instance|version|component|part-of|managed-by|created-by)$/,
};

const address = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/label-wanted',
    rows: ['K809'],
    summary: 'What runs pods says whose it is.',
    why: 'When something is wrong at night, a label says which team to call, and reports of costs add up by it. Which labels and annotations are wanted is the options; by default the owner, and an address. Off by default: each cluster has its own.',
    severity: 'information',
    optional: true,
    topic: 'configuration',
    messages: {
      labels: 'No label `{key}`',
      annotations: 'No annotation `{key}`',
      address: '`{value}` is no address',
    },
    titles: { add: 'Add {key}' },
    fix: 'sometimes',
    examples: [{ file: 'pod.yaml', bad: pod(''), good: pod('    owner: <owner>\n') }],
    options: {
      labels: { type: 'string[]', default: ['owner'], description: 'Keys of labels that are wanted.' },
      annotations: { type: 'string[]', default: ['email'], description: 'Keys of annotations that are wanted.' },
    },
    sources: [...Object.values(peersOf).flat(), ...ofAny.labels, ...ofAny.annotations, ...Object.keys(ofNone)],
  },
  *check(object, { options }) {
    if (!makesPods(object) || object.context === 'patch') return;
    for (const kind of ['labels', 'annotations'] as const) {
      for (const key of options[kind]) {
        const peers = [
          ...(peersOf[`${kind} ${key}`] ?? []),
          ...ofAny[kind],
          ...(kind === 'labels' ? without(object, key) : []),
        ];
        const written = object[kind].get(key);
        if (written === undefined) {
          if (fieldAt(object.root, 'metadata', kind, key) !== undefined) continue;
          yield { message: kind, data: { key }, span: placeOf(object, kind), peers, fixes: add(object, kind, key) };
        } else if (key === 'email' && !address.test(written.value) && !/[${}<>]/.test(written.value)) {
          yield { message: 'address', data: { value: written.value }, span: written.span, peers };
        }
      }
    }
  },
});

/** The peers that want one of a set of labels with this one in it, where there is none of them. */
function without({ labels }: KubernetesObject, key: string): readonly string[] {
  return Object.keys(ofNone).filter((peer) => {
    const set = ofNone[peer];
    return set?.test(key) && ![...labels.keys()].some((label) => set.test(label));
  });
}

function placeOf(object: KubernetesObject, kind: 'labels' | 'annotations') {
  const metadata = knownMapping(object.root, 'metadata');
  return (metadata && entry(metadata, kind)?.key.span) ?? object.name?.span ?? object.kind.span;
}

function add({ document, path }: KubernetesObject, kind: 'labels' | 'annotations', key: string) {
  const value = `<${key.slice(key.lastIndexOf('/') + 1)}>`;
  return patchFix(document, {
    title: 'add',
    data: { key },
    safety: 'manual',
    patches: [{ kind: 'set', path: [...path, 'metadata', kind, key], value }],
  });
}
