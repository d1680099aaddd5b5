import type { YamlDocument, YamlMapping, YamlNode } from '../yaml/node.ts';
import { asMapping, asScalar, entry } from '../yaml/read.ts';

/** Files of tools that look like Kubernetes objects but are never sent to an API server. */
const clientSideGroups =
  /^(?:kustomize\.config\.k8s\.io|skaffold|kind\.x-k8s\.io|k3d\.io|eksctl\.io|ctlptl\.dev|backstage\.io|kubeadm\.k8s\.io|client\.authentication\.k8s\.io)\//;

const clientSideKinds: ReadonlySet<string> = new Set(['Kustomization', 'Component']);

/** Whether a node is a Kubernetes object: `apiVersion` and `kind`, and not the file of a tool. */
export function isKubernetesObject(node: YamlNode | null | undefined): boolean {
  const mapping = asMapping(node);
  if (mapping === undefined) return false;
  const apiVersion = headText(mapping, 'apiVersion');
  const kind = headText(mapping, 'kind');
  if (apiVersion === undefined || kind === undefined) return false;
  if (clientSideGroups.test(apiVersion)) return false;
  // A kubeconfig and a kustomization without its group.
  if (kind === 'Config' && apiVersion === 'v1') return false;
  return !(
    clientSideKinds.has(kind) &&
    entry(mapping, 'spec') === undefined &&
    entry(mapping, 'metadata') === undefined
  );
}

/**
 * Whether a file is a Helm template: it stands in a chart's `templates` folder, or has actions in it. A path outside
 * counts too, since charts are often read one file at a time.
 */
export function isTemplatePath(path: string, text: string): boolean {
  return /(?:^|\/)templates\/.*\.(?:ya?ml|tpl|json)$/i.test(path) || text.includes('{{');
}

/** Whether a file is named as the values of a Helm chart: `values.yaml`, `values-production.yaml`, `staging.values.yaml`. */
export function isHelmValuesPath(path: string): boolean {
  if (/(?:^|\/)templates\//.test(path)) return false;
  return /(?:^|[/._-])values(?:[._-][^/]*)?\.ya?ml$/i.test(path);
}

/** Whether a file is named as a Kustomize patch: in a `patches` folder, or with the word `patch` in its name. */
export function isPatchPath(path: string): boolean {
  if (/(?:^|\/)patch(?:es)?\//i.test(path)) return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  // `dispatch.yaml` is no patch; `deployment-patch.yaml`, `patch_cpu.yaml` and `deploymentPatch.yaml` are.
  return /(?:^|[^a-z])patch(?:es)?(?:[^a-z]|$)/i.test(name) || /Patch(?:es)?(?:[^a-z]|$)/.test(name);
}

/** Whether a document carries a directive of strategic merge: `$patch`, `$retainKeys`, … */
export function hasPatchDirective(document: YamlDocument): boolean {
  if (!/\$(?:patch|retainKeys|deleteFromPrimitiveList|setElementOrder)/.test(document.text)) return false;
  const rest: (YamlNode | null)[] = [document.root];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    if (node === null) continue;
    if (node.kind === 'sequence') rest.push(...node.items);
    if (node.kind === 'mapping') {
      for (const { key, value } of node.pairs) {
        if (/^\$(?:patch$|retainKeys$|deleteFromPrimitiveList\/|setElementOrder\/)/.test(key.text)) return true;
        rest.push(value);
      }
    }
  }
  return false;
}

/** The text of `apiVersion` or `kind`; empty where a template decides, undefined where it is no text. */
function headText(mapping: YamlMapping, key: string): string | undefined {
  const scalar = asScalar(entry(mapping, key)?.value);
  if (scalar === undefined) return undefined;
  if (scalar.unknown) return '';
  return scalar.text.trim() === '' ? undefined : scalar.text;
}

/** Whether a file is what Kustomize reads in its folder. */
export function isKustomizationName(path: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}
