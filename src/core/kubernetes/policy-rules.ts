import { onceFor } from '../text/once-for.ts';
import type { Located } from '../text/span.ts';
import { fieldAt, knownItems, scalarText } from '../yaml/field.ts';
import type { YamlNode } from '../yaml/node.ts';
import type { KubernetesObject } from './model.ts';

/** One entry of a role's `rules`, with what is known of its lists. */
export interface PolicyRule {
  readonly node: YamlNode;
  readonly apiGroups: readonly Located<string>[];
  readonly resources: readonly Located<string>[];
  readonly verbs: readonly Located<string>[];
  readonly nonResourceURLs: readonly Located<string>[];
  /** It holds for objects of certain names alone, or a template may say so. */
  readonly named: boolean;
}

/** Roles that every cluster has from the start. */
export const builtInRoles = /^(?:system:.*|cluster-admin|admin|edit|view|extension-apiserver-authentication-reader)$/;

/** The rules of a Role or ClusterRole that somebody wrote; those of built-in ones and of other objects are left out. */
export const policyRulesOf = onceFor((object: KubernetesObject): readonly PolicyRule[] => {
  if (!isRole(object) || builtInRoles.test(object.name?.value ?? '')) return [];
  return rulesOf(object);
});

/** The same, of built-in ones too. */
export const rulesOf = onceFor(({ root }: KubernetesObject): readonly PolicyRule[] =>
  knownItems(root, 'rules').map(({ node }) => ({
    node,
    apiGroups: texts(node, 'apiGroups'),
    resources: texts(node, 'resources'),
    verbs: texts(node, 'verbs'),
    nonResourceURLs: texts(node, 'nonResourceURLs'),
    named: fieldAt(node, 'resourceNames') === 'unknown' || knownItems(node, 'resourceNames').length > 0,
  })),
);

export function isRole({ kind, apiVersion }: KubernetesObject): boolean {
  return /^(?:Cluster)?Role$/.test(kind.value) && apiVersion.value.startsWith('rbac.authorization.k8s.io/');
}

export function isBinding({ kind, apiVersion }: KubernetesObject): boolean {
  return /^(?:Cluster)?RoleBinding$/.test(kind.value) && apiVersion.value.startsWith('rbac.authorization.k8s.io/');
}

/** A right that a rule may grant. */
export interface Right {
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** Where a rule grants a right: the word of its resources and that of its verbs; `*` counts. */
export interface Grant {
  readonly resource: Located<string>;
  readonly verb: Located<string>;
}

/** Where a rule grants one of the rights, in the group of the API that they are of. */
export function grantOf(rule: PolicyRule, { group, resources, verbs }: Right): Grant | undefined {
  if (!rule.apiGroups.some(({ value }) => value === '*' || value === group)) return undefined;
  const resource = rule.resources.find(({ value }) => value === '*' || resources.some((one) => covers(value, one)));
  const verb = rule.verbs.find(({ value }) => value === '*' || verbs.includes(value));
  return resource && verb && { resource, verb };
}

/** `*` before a slash stands for all resources; behind it, it stands for nothing. */
function covers(written: string, resource: string): boolean {
  if (written === resource) return true;
  const below = resource.split('/')[1];
  return below !== undefined && written === `*/${below}`;
}

function texts(node: YamlNode, key: string): readonly Located<string>[] {
  return knownItems(node, key).flatMap(({ node: item }) => scalarText(item) ?? []);
}
