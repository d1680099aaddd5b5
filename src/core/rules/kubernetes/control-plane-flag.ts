import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import type { Span } from '../../text/span.ts';
import { fieldAt, knownItems, knownText, mayHide, scalarText } from '../../yaml/field.ts';
import { asSequence } from '../../yaml/read.ts';
import { flagWishes } from './parts/control-plane-flags.ts';

const pod = (more: string) => `apiVersion: v1
kind: Pod
metadata:
  name: kube-scheduler
  namespace: kube-system
spec:
  containers:
    - name: kube-scheduler
      image: registry.k8s.io/kube-scheduler:v1.36.0
      command:
        - kube-scheduler
        - --bind-address=127.0.0.1
        - --profiling=${more}
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/control-plane-flag',
    rows: ['K823'],
    summary: 'The flags of the control plane should be as the CIS benchmark has them.',
    why: 'kube-apiserver, kube-controller-manager, kube-scheduler and etcd are pods that a node starts from files. The CIS Kubernetes Benchmark says how their flags close what is open by default: requests without credentials, ports without TLS, nothing written down of who did what. Who does not run a control plane needs none of this.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: {
      missing: '`--{flag}` is not given: {otherwise}',
      wrong: '`--{flag}`: {otherwise}',
    },
    titles: {},
    fix: 'never',
    examples: [{ file: 'pod.yaml', bad: pod('true'), good: pod('false') }],
    options: {},
    sources: [...new Set(Object.values(flagWishes).flatMap((wishes) => wishes.flatMap(({ peers }) => peers)))],
  },
  *check(container) {
    const program = programOf(container);
    const wishes = program && flagWishes[program.name];
    if (program === undefined || wishes === undefined) return;
    const { flags, complete } = readFlags(container);
    for (const { flags: names, good, otherwise, peers, unless } of wishes) {
      if (unless !== undefined && flags.has(unless)) continue;
      const flag = names.find((name) => !good(flags.get(name)?.value));
      if (flag === undefined) continue;
      const written = flags.get(flag);
      if (written !== undefined) yield { message: 'wrong', data: { flag, otherwise }, span: written.span, peers };
      else if (complete) yield { message: 'missing', data: { flag, otherwise }, span: program.span, peers };
    }
  },
});

/** The program that the container starts, by itself or as a command of hyperkube. */
function programOf({ node }: Container): { readonly name: string; readonly span: Span } | undefined {
  const words = knownItems(node, 'command').flatMap(({ node: item }) => scalarText(item) ?? []);
  const [first, second] = words;
  const word = first?.value.endsWith('hyperkube') ? second : first;
  return word && { name: word.value.slice(word.value.lastIndexOf('/') + 1), span: word.span };
}

/**
 * Flags by name, `true` where one stands alone; the last of a name counts. Not complete where a template or a file may
 * give more of them, or the environment, from which etcd takes them too.
 */
function readFlags({ node }: Container) {
  const flags = new Map<string, { readonly value: string; readonly span: Span }>();
  let complete = !knownItems(node, 'env').some(({ node: item }) => knownText(item, 'name')?.value.startsWith('ETCD_'));
  if (mayHide(node, 'env') || mayHide(node, 'envFrom') || fieldAt(node, 'envFrom') !== undefined) complete = false;
  for (const key of ['command', 'args']) {
    const field = fieldAt(node, key);
    const items = field === 'unknown' || field === undefined ? [] : (asSequence(field)?.items ?? []);
    if (mayHide(node, key)) complete = false;
    for (const [index, item] of items.entries()) {
      const text = item === null ? undefined : scalarText(item);
      if (text === undefined || text.value.includes('$(')) complete = false;
      const match = /^--?([\w-]+)(?:=(.*))?$/s.exec(text?.value ?? '');
      if (text === undefined || match?.[1] === undefined) continue;
      const after = items[index + 1];
      const next = after === null || after === undefined ? undefined : scalarText(after)?.value;
      const value = match[2] ?? (next === undefined || next.startsWith('-') ? 'true' : next);
      flags.set(match[1], { value, span: text.span });
    }
  }
  if (flags.has('config-file')) complete = false;
  return { flags, complete };
}
