import { defineRule } from '../../engine/rule.ts';
import { subjectsOf } from '../../kubernetes/bindings.ts';
import { findTarget } from '../../kubernetes/references.ts';
import { knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

/** Roles that every cluster has. */
const builtIn = /^(?:cluster-admin|admin|edit|view|system:.*|extension-apiserver-authentication-reader)$/;

const manifest = (name: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: readers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${name}
`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/binding-target-unknown',
    rows: ['K906'],
    summary: 'A binding should name a role and service accounts that exist.',
    why: 'A binding to a role or service account that does not exist is accepted and grants nothing; whoever later makes one of that name is granted it.',
    severity: 'warning',
    topic: 'security',
    messages: { missing: 'No {kind} here is called `{name}`' },
    titles: { name: 'Name `{meant}`' },
    fix: 'sometimes',
    examples: [{ file: 'roles.yaml', bad: manifest('raeder'), good: manifest('reader') }],
    options: {},
    sources: ['popeye 1300'],
  },
  *check(file) {
    for (const { object, start } of file.objects) {
      if (!/^(?:Cluster)?RoleBinding$/.test(object.kind.value) || object.context === 'patch') continue;
      const kind = knownText(object.root, 'roleRef', 'kind')?.value;
      const role = knownText(object.root, 'roleRef', 'name');
      const rolePath = [...object.path, 'roleRef', 'name'];
      const places = [];
      if ((kind === 'Role' || kind === 'ClusterRole') && role !== undefined && !builtIn.test(role.value))
        places.push({ kind, name: role, namespace: undefined, path: rolePath });
      for (const { kind: wanted, name, namespace, path } of subjectsOf(object)) {
        if (wanted !== 'ServiceAccount' || name.value === 'default') continue;
        places.push({ kind: wanted, name, namespace, path: [...path, 'name'] });
      }
      for (const { kind: wanted, name, namespace, path } of places) {
        const anyNamespace = wanted !== 'Role' && namespace === undefined;
        const target = findTarget(file, object, wanted, name.value, { anyNamespace, namespace });
        if (target.kind !== 'missing') continue;
        const meant = closest(name.value, target.names);
        yield {
          message: 'missing',
          data: { kind: wanted, name: name.value },
          severity: meant === undefined ? 'information' : 'warning',
          span: name.span,
          offset: start,
          fixes:
            meant === undefined
              ? []
              : patchFix(object.document, {
                  title: 'name',
                  data: { meant },
                  safety: 'suggested',
                  patches: [{ kind: 'set', path, value: meant }],
                }),
        };
      }
    }
  },
});
