import { defineRule } from '../../engine/rule.ts';
import type { Container } from '../../kubernetes/model.ts';
import { ownSecurityField, securityField } from '../../kubernetes/security-context.ts';
import { knownItems, knownText, mayHide, scalarText } from '../../yaml/field.ts';
import { asMapping, entries } from '../../yaml/read.ts';
import { scaffoldFix, scaffoldTitle } from './parts/restricted-context.ts';

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: web:1.4
`;

export default defineRule('container', {
  meta: {
    id: 'kubernetes/hardening-missing',
    rows: ['K522', 'K506'],
    summary: 'Something of Linux should stand between a container and its node.',
    why: 'seccomp, AppArmor, SELinux and dropped capabilities each take away what a container does not need of the kernel. One without any of them meets the kernel with all that its runtime leaves to everyone.',
    severity: 'information',
    optional: true,
    topic: 'security',
    messages: { missing: 'No seccomp profile, no AppArmor, no SELinux, no dropped capability: nothing limits it' },
    titles: { scaffold: scaffoldTitle },
    fix: 'sometimes',
    examples: [
      {
        file: 'pod.yaml',
        bad: manifest,
        good: `${manifest}      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop:
            - ALL
  securityContext:
    runAsNonRoot: true
    seccompProfile:
      type: RuntimeDefault
`,
      },
    ],
    options: {},
    sources: ['polaris linuxHardening', 'kubescape C-0055'],
  },
  *check(container) {
    const { workload, label } = container;
    if (workload.windows || workload.object.context === 'patch' || isHardened(container)) return;
    yield { message: 'missing', span: label, fixes: scaffoldFix(workload) };
  },
});

function isHardened(container: Container): boolean {
  return (
    limits(container, 'seccompProfile') ||
    limits(container, 'appArmorProfile') ||
    hasAppArmorAnnotation(container) ||
    hasSelinux(container) ||
    dropsCapabilities(container)
  );
}

function limits(container: Container, name: 'seccompProfile' | 'appArmorProfile'): boolean {
  const type = securityField(container, name, 'type');
  return type !== undefined && (type === 'unknown' || (type.text !== undefined && type.text !== 'Unconfined'));
}

function hasSelinux(container: Container): boolean {
  const field = securityField(container, 'seLinuxOptions');
  if (field === undefined || field === 'unknown') return field === 'unknown';
  const mapping = asMapping(field.node);
  if (mapping === undefined) return false;
  return mapping.open || entries(mapping).some(({ value }) => value !== null && scalarText(value)?.value !== '');
}

/** Before 1.30, annotations of the pod named the profile of each container. */
function hasAppArmorAnnotation({ workload, name }: Container): boolean {
  if (name === undefined || mayHide(workload.podMetadata, 'annotations')) return true;
  const profile = knownText(
    workload.podMetadata,
    'annotations',
    `container.apparmor.security.beta.kubernetes.io/${name.value}`,
  );
  return profile !== undefined && profile.value !== 'unconfined';
}

function dropsCapabilities(container: Container): boolean {
  const drop = ownSecurityField(container, 'capabilities', 'drop');
  if (drop === undefined) return false;
  const adds = knownItems(container.node, 'securityContext', 'capabilities', 'add');
  return !adds.some(({ node }) => scalarText(node)?.value.toUpperCase() === 'ALL');
}
