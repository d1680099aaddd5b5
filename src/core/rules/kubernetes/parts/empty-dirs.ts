import type { Container, Workload } from '../../../kubernetes/model.ts';
import type { Located, Span } from '../../../text/span.ts';
import { fieldAt, knownItems, knownText } from '../../../yaml/field.ts';
import type { YamlPath } from '../../../yaml/node.ts';
import { asMapping, entry } from '../../../yaml/read.ts';

export interface EmptyDir {
  readonly name: string;
  /** Of `emptyDir` itself. */
  readonly path: YamlPath;
  readonly span: Span;
  /** `medium: Memory`. */
  readonly memory: boolean;
  readonly sizeLimit: Located<string> | undefined;
  readonly mountedBy: readonly Container[];
}

/** The emptyDirs of a pod; those of which a template decides something are left out. */
export function emptyDirsOf(workload: Workload): readonly EmptyDir[] {
  return knownItems(workload.spec, 'volumes').flatMap(({ index, node }) => {
    const name = knownText(node, 'name')?.value;
    // `emptyDir:` with nothing behind it is none to the API server.
    const field = fieldAt(node, 'emptyDir');
    if (name === undefined || field === undefined || field === 'unknown' || asMapping(field) === undefined) return [];
    if (fieldAt(field, 'sizeLimit') === 'unknown' || fieldAt(field, 'medium') === 'unknown') return [];
    return [
      {
        name,
        path: [...workload.specPath, 'volumes', index, 'emptyDir'],
        span: entry(asMapping(node), 'emptyDir')?.key.span ?? field.span,
        memory: knownText(field, 'medium')?.value === 'Memory',
        sizeLimit: knownText(field, 'sizeLimit'),
        mountedBy: workload.containers.filter((container) =>
          knownItems(container.node, 'volumeMounts').some((mount) => knownText(mount.node, 'name')?.value === name),
        ),
      },
    ];
  });
}
