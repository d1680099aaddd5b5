import type { KubernetesObject } from '../../../kubernetes/model.ts';
import { type Field, fieldAt, knownItems } from '../../../yaml/field.ts';
import type { YamlNode, YamlPath } from '../../../yaml/node.ts';

export interface IngressPath {
  readonly node: YamlNode;
  readonly path: YamlPath;
}

export interface IngressRule {
  readonly node: YamlNode;
  readonly path: YamlPath;
  readonly host: Field;
  readonly paths: readonly IngressPath[];
}

/** Whether the object is an Ingress of Kubernetes' own, of any version. */
export function isIngress({ kind, apiVersion }: KubernetesObject): boolean {
  return kind.value === 'Ingress' && /^(?:(?:networking\.k8s\.io|extensions)\/.*)?$/.test(apiVersion.value);
}

/** The rules of an Ingress that are written out. */
export function ingressRules({ root, path }: KubernetesObject): readonly IngressRule[] {
  return knownItems(root, 'spec', 'rules').map(({ index, node }) => {
    const here = [...path, 'spec', 'rules', index];
    return {
      node,
      path: here,
      host: fieldAt(node, 'host'),
      paths: knownItems(node, 'http', 'paths').map(({ index: at, node: item }) => ({
        node: item,
        path: [...here, 'http', 'paths', at],
      })),
    };
  });
}
