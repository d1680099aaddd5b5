import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { knownItems, knownText } from '../yaml/field.ts';
import type { YamlPath } from '../yaml/node.ts';
import type { KubernetesFile, KubernetesObject } from './model.ts';
import { isBinding } from './policy-rules.ts';
import { findTarget, type Target } from './references.ts';

/** A RoleBinding or ClusterRoleBinding, and the role that it names. */
export interface Binding {
  readonly object: KubernetesObject;
  readonly start: number;
  readonly kind: 'Role' | 'ClusterRole';
  readonly role: Located<string>;
  readonly target: Target;
}

/** To whom a binding gives its role. */
export interface Subject {
  readonly kind: string;
  readonly name: Located<string>;
  /** Of an account; undefined where none is known. */
  readonly namespace: string | undefined;
  readonly path: YamlPath;
}

/** The bindings of a file whose role is known by name; those that every cluster has from the start are left out. */
export const bindingsOf = onceFor((file: KubernetesFile): readonly Binding[] =>
  file.objects.flatMap(({ object, start }) => {
    if (!isBinding(object) || isGiven(object)) return [];
    const kind = knownText(object.root, 'roleRef', 'kind')?.value;
    const role = knownText(object.root, 'roleRef', 'name');
    if (role === undefined || (kind !== 'Role' && kind !== 'ClusterRole')) return [];
    const target = findTarget(file, object, kind, role.value, { anyNamespace: kind === 'ClusterRole' });
    return [{ object, start, kind, role, target }];
  }),
);

export function subjectsOf({ root, path }: KubernetesObject): readonly Subject[] {
  return knownItems(root, 'subjects').flatMap(({ index, node }) => {
    const kind = knownText(node, 'kind')?.value;
    const name = knownText(node, 'name');
    const namespace = knownText(node, 'namespace')?.value;
    return kind === undefined || name === undefined
      ? []
      : [{ kind, name, namespace, path: [...path, 'subjects', index] }];
  });
}

/** Whether a cluster makes the binding itself. */
export function isGiven({ name }: KubernetesObject): boolean {
  return /^(?:system:.*|cluster-admin|gce:podsecuritypolicy:calico-sa)$/.test(name?.value ?? '');
}
