import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { securityPath } from '../../kubernetes/security-context.ts';
import { fieldAt, knownItems, mayHide, scalarText } from '../../yaml/field.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import { asMapping, asSequence, entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';
import { atLeast } from './parts/kubernetes-version.ts';
import { removeItem } from './parts/remove-item.ts';
import { scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';

/** They judge what is added, too. */
const toAdd = ['pod-security capabilities_restricted', 'trivy KSV-0106', 'monokle PSS206'] as const;

const toDropAll = [
  'checkov CKV_K8S_37',
  'trivy KSV-0003',
  'trivy KSV-0004',
  'kubesec CapDropAll',
  'kyverno require-drop-all',
  'monokle KBP103',
  'kubescape C-0199',
] as const;

const netRawOnly = 'kube-linter drop-net-raw-capability';

/** Content where NET_RAW alone is dropped. */
const toDropRaw = [
  netRawOnly,
  'checkov CKV_K8S_28',
  'kics net_raw_capabilities_not_being_dropped',
  'kyverno require-drop-cap-net-raw',
  'datree CIS_MISSING_VALUE_DROP_NET_RAW',
] as const;

/** Content where anything is dropped. */
const toDropAny = ['kubesec CapDropAny', 'kics no_drop_capabilities_for_containers'] as const;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/capabilities-not-dropped',
    rows: ['K406'],
    summary: 'A container should drop all capabilities and add at most NET_BIND_SERVICE.',
    why: 'A container runtime leaves about fourteen of the capabilities of root to every container, among them raw network packets and changing the owner of files. A service that listens on a high port needs none. The restricted Pod Security Standard asks for `drop: ["ALL"]`, and lets only NET_BIND_SERVICE be added, for ports below 1024.',
    severity: 'information',
    podSecurity: 'restricted',
    topic: 'security',
    messages: {
      missing: 'Capabilities are not dropped: drop ALL',
      partly: 'Not all capabilities are dropped: drop ALL',
      added: 'Capability `{capability}` is added: only NET_BIND_SERVICE is harmless',
    },
    titles: { drop: 'Drop all capabilities', take: 'Do not add {capability}', scaffold: scaffoldTitle },
    fix: 'always',
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
      securityContext:
        capabilities:
          drop:
            - NET_RAW
`,
        good: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
      securityContext:
        capabilities:
          drop:
            - ALL
`,
      },
    ],
    options: {},
    sources: [...toAdd, ...toDropAll, ...toDropRaw, ...toDropAny],
  },
  *check(container, { settings }) {
    const { object, windows } = container.workload;
    if (windows && atLeast(settings.kubernetesVersion, 25)) return;
    yield* checkDrop(container, object.context === 'patch');
    for (const { index, node } of knownItems(container.node, 'securityContext', 'capabilities', 'add')) {
      const capability = scalarText(node)?.value;
      if (capability === undefined || capability === 'NET_BIND_SERVICE') continue;
      yield {
        message: 'added' as const,
        data: { capability },
        peers: [...toAdd, ...(capability === 'NET_RAW' ? [netRawOnly] : [])],
        span: node.span,
        fixes: patchFix(object.document, {
          title: 'take',
          safety: 'suggested',
          patches: [removeItem(container.node, container.path, ['securityContext', 'capabilities', 'add'], index)],
        }),
      };
    }
  },
});

function* checkDrop(container: Container, patch: boolean) {
  const { document } = container.workload.object;
  const at = ['securityContext', 'capabilities', 'drop'];
  const field = fieldAt(container.node, ...at);
  if (field === 'unknown' || (field === undefined && patch)) return;
  const items = field === undefined ? [] : (asSequence(field)?.items ?? []);
  const unsure = mayHide(container.node, ...at) || items.some((item) => item?.kind === 'scalar' && item.unknown);
  if (unsure || items.some((item) => item !== null && scalarText(item)?.value.toUpperCase() === 'ALL')) return;
  const capabilities = fieldAt(container.node, 'securityContext', 'capabilities');
  const mapping = capabilities === undefined || capabilities === 'unknown' ? undefined : asMapping(capabilities);
  const key = items.length > 0 && mapping ? entry(mapping, 'drop')?.key.span : undefined;
  yield {
    peers: peersOf(items, capabilities !== undefined),
    message: key === undefined ? ('missing' as const) : ('partly' as const),
    span: key ?? missingPlace(container.node, container.label, 'securityContext', 'capabilities'),
    fixes: [
      ...patchFix(document, {
        title: 'drop',
        safety: 'suggested',
        patches: [{ kind: 'set', path: securityPath(container, 'capabilities', 'drop'), value: ['ALL'] }],
      }),
      ...(key === undefined ? scaffoldFix(container.workload) : []),
    ],
  };
}

/** Who else asks for more than what is dropped; kube-linter only does where anything is said of capabilities. */
function peersOf(items: NonNullable<ReturnType<typeof asSequence>>['items'], said: boolean): readonly string[] {
  const raw = items.some((item) => item !== null && /^(?:CAP_)?NET_RAW$/i.test(scalarText(item)?.value ?? ''));
  const all = [...toAdd, ...toDropAll, ...(raw ? [] : toDropRaw), ...(items.length > 0 ? [] : toDropAny)];
  return said ? all : all.filter((peer) => peer !== netRawOnly);
}
