import { defineRule } from '../../engine/rule.ts';
import { fieldAt } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { booleanOf } from './parts/booleans.ts';

const manifest = (allowed: boolean) => `apiVersion: security.openshift.io/v1
kind: SecurityContextConstraints
metadata:
  name: agents
allowPrivilegedContainer: ${allowed}
`;

export default defineRule('kubernetes-object', {
  meta: {
    id: 'kubernetes/openshift-privileged',
    rows: ['K305'],
    summary: 'Constraints of OpenShift should not let containers be privileged.',
    why: 'SecurityContextConstraints say what the pods of their users and groups may ask for. Whoever may use these starts containers that can do to their node what root can; a capability, a device or a volume can be allowed alone.',
    severity: 'warning',
    topic: 'security',
    messages: { allowed: 'Lets the pods of its users be privileged: they own their nodes' },
    titles: { unset: 'Set allowPrivilegedContainer: false' },
    fix: 'sometimes',
    examples: [{ file: 'agents.yaml', bad: manifest(true), good: manifest(false) }],
    options: {},
    sources: ['kube-linter scc-deny-privileged-container'],
  },
  *check({ kind, apiVersion, root, path, document }) {
    if (kind.value !== 'SecurityContextConstraints' || !apiVersion.value.startsWith('security.openshift.io/')) return;
    const field = fieldAt(root, 'allowPrivilegedContainer');
    if (field === undefined || field === 'unknown' || booleanOf(field) !== true) return;
    yield {
      message: 'allowed',
      span: field.span,
      fixes: patchFix(document, {
        title: 'unset',
        safety: 'suggested',
        patches: [{ kind: 'set', path: [...path, 'allowPrivilegedContainer'], value: false }],
      }),
    };
  },
});
