import type { Parsed } from '../core/parsed.ts';
import type { Service } from '../core/service.ts';
import type { PanelScope } from '../protocol/messages.ts';

/** The followed file alone. */
export const fileScope = 'file';

const folderPrefix = 'folder:';
const namespacePrefix = 'namespace:';
/** Namespaces beyond these are not offered: nobody reads so long a list. */
const mostNamespaces = 100;

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function namespaceOf(parsed: Parsed): readonly string[] {
  if (parsed.kind !== 'kubernetes') return [];
  return parsed.kubernetes.objects.flatMap(({ object }) =>
    object.workload === undefined ? [] : [object.namespace?.value ?? 'default'],
  );
}

/**
 * Which files may be looked at together: those of the followed file's folder, and those of each namespace of the workspace.
 * Namespaces are taken from manifests as they are written; one that is not written counts as `default`.
 */
export function scopeChoices(service: Service, followed: string | undefined, chosen: string): PanelScope {
  const choices = [{ value: fileScope, text: 'this file' }];
  const manifests = service.workspace.manifests();
  if (followed !== undefined) {
    const folder = folderOf(followed);
    const inside = [...manifests.keys()].filter((path) => folderOf(path) === folder && path !== followed);
    if (inside.length > 0) {
      const name = folder.slice(folder.lastIndexOf('/') + 1) || '/';
      choices.push({ value: `${folderPrefix}${folder}`, text: `folder ${name} (${inside.length + 1} files)` });
    }
  }
  const counts = new Map<string, number>();
  for (const parsed of manifests.values()) {
    for (const namespace of new Set(namespaceOf(parsed))) counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  }
  for (const [namespace, files] of [...counts].sort(([a], [b]) => a.localeCompare(b)).slice(0, mostNamespaces)) {
    choices.push({
      value: `${namespacePrefix}${namespace}`,
      text: `namespace ${namespace} (${files} ${files === 1 ? 'file' : 'files'})`,
    });
  }
  return { chosen: choices.some(({ value }) => value === chosen) ? chosen : fileScope, choices };
}

/** The namespace that a choice narrows the workloads to. */
export function namespaceInScope(chosen: string): string | undefined {
  return chosen.startsWith(namespacePrefix) ? chosen.slice(namespacePrefix.length) : undefined;
}

/** The files beside the followed one that a choice puts into view. */
export function filesInScope(service: Service, followed: string | undefined, chosen: string): readonly Parsed[] {
  if (chosen === fileScope) return [];
  return [...service.workspace.manifests()].flatMap(([path, parsed]) => {
    if (path === followed) return [];
    const wanted = chosen.startsWith(folderPrefix)
      ? folderOf(path) === chosen.slice(folderPrefix.length)
      : namespaceOf(parsed).includes(chosen.slice(namespacePrefix.length));
    return wanted ? [parsed] : [];
  });
}
