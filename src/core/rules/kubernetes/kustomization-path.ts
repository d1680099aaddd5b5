import { defineRule } from '../../engine/rule.ts';
import type { Located } from '../../text/span.ts';
import { resolved } from '../../workspace/boundary.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';
import type { YamlPath } from '../../yaml/node.ts';
import { patchFix } from '../patch-fix.ts';
import { closest } from './parts/closest.ts';

const kustomization = (path: string) => `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ${path}
`;

export default defineRule('kustomization', {
  meta: {
    id: 'kubernetes/kustomization-path',
    rows: ['K816'],
    summary: 'What a kustomization takes in should exist.',
    why: '`kustomize build` and `kubectl apply -k` stop at the first path that is not there. Compared are YAML files and folders of the workspace.',
    severity: 'error',
    topic: 'configuration',
    messages: {
      file: 'There is no file `{path}`',
      folder: 'There is no kustomization in `{path}`',
    },
    titles: { meant: 'Write `{meant}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'kustomization.yaml',
        around: { 'deployment.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' },
        bad: kustomization('deploymet.yaml'),
        good: kustomization('deployment.yaml'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(document, { file }) {
    const { paths } = file;
    if (paths === undefined || paths.every((path) => path === file.path)) return;
    const folder = file.path.slice(0, file.path.lastIndexOf('/') + 1);
    for (const { text, path } of pathsIn(document)) {
      const target = resolved(folder, text.value);
      const isFile = /\.(?:ya?ml|json)$/.test(target);
      if (/\.json$/.test(target) || paths.includes(target) || paths.some((one) => one.startsWith(`${target}/`)))
        continue;
      // What has another ending, or none, may be a folder with other files, or one that a tool makes.
      if (!isFile && /\.\w+$/.test(target)) continue;
      // Outside of what was read nothing is known.
      const root = common(paths);
      if (!target.startsWith(root)) continue;
      const near = paths.map((one) => relative(folder, one)).filter((one) => one !== undefined);
      const meant = isFile ? closest(text.value.replace(/^\.\//, ''), near) : undefined;
      yield {
        message: isFile ? 'file' : 'folder',
        data: { path: text.value },
        span: text.span,
        fixes:
          meant === undefined
            ? []
            : patchFix(document, {
                title: 'meant',
                data: { meant },
                safety: 'suggested',
                patches: [{ kind: 'set', path, value: meant }],
              }),
      };
    }
  },
});

const lists = [
  'resources',
  'bases',
  'components',
  'patchesStrategicMerge',
  'crds',
  'configurations',
  'transformers',
  'generators',
];

function* pathsIn({ root }: { readonly root: Parameters<typeof knownItems>[0] }): Generator<{
  readonly text: Located<string>;
  readonly path: YamlPath;
}> {
  for (const list of lists) {
    for (const { index, node } of knownItems(root, list)) {
      const text = scalarText(node);
      if (text !== undefined && isPath(text.value)) yield { text, path: [list, index] };
    }
  }
  for (const list of ['patches', 'patchesJson6902', 'replacements']) {
    for (const { index, node } of knownItems(root, list)) {
      const text = knownText(node, 'path');
      if (text !== undefined && isPath(text.value)) yield { text, path: [list, index, 'path'] };
    }
  }
}

/** No address, and no patch that is written out. */
function isPath(text: string): boolean {
  return !/[\n:?@$]|^(?:github\.com|gitlab\.com|bitbucket\.org)\//.test(text) && text.trim() !== '';
}

/** The folder that holds all paths. */
function common(paths: readonly string[]): string {
  let prefix = paths[0] ?? '';
  for (const path of paths) while (!path.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix.slice(0, prefix.lastIndexOf('/') + 1);
}

/** A path below a folder as it is written there. */
function relative(folder: string, path: string): string | undefined {
  return path.startsWith(folder) ? path.slice(folder.length) : undefined;
}
