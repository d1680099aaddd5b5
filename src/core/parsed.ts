import type { ComposeFile } from './compose/model.ts';
import { readCompose } from './compose/read.ts';
import { isComposeFile } from './compose/recognise.ts';
import type { Dockerfile } from './dockerfile/model.ts';
import { parseDockerfile } from './dockerfile/parse.ts';
import type { KubernetesFile } from './kubernetes/model.ts';
import { readKubernetesFile } from './kubernetes/objects.ts';
import { isHelmValuesPath, isKustomizationName, isTemplatePath } from './kubernetes/recognise.ts';
import type { Span } from './text/span.ts';
import type { PlacedDocument } from './yaml/node.ts';
import { parseYaml, type YamlCache, type YamlFile } from './yaml/parse.ts';
import { pathAt, pathText } from './yaml/path-at.ts';

/** A file as a host hands it over. */
export interface SourceFile {
  /** With `/`, as the host names it. */
  readonly path: string;
  /** VS Code's language id, or empty: then the name decides. */
  readonly languageId: string;
  readonly text: string;
}

/** A file as read, by what it is to us. `other` is left alone. */
export type Parsed =
  | { readonly kind: 'dockerfile'; readonly file: SourceFile; readonly dockerfile: Dockerfile }
  | {
      readonly kind: 'kubernetes';
      readonly file: SourceFile;
      readonly yaml: YamlFile;
      readonly kubernetes: KubernetesFile;
    }
  | {
      readonly kind: 'compose';
      readonly file: SourceFile;
      readonly yaml: YamlFile;
      readonly compose: ComposeFile;
      /** Where the document of the services begins in the file. */
      readonly start: number;
    }
  | { readonly kind: 'kustomization'; readonly file: SourceFile; readonly yaml: YamlFile }
  /** Values of a Helm chart. */
  | { readonly kind: 'values'; readonly file: SourceFile; readonly yaml: YamlFile }
  | { readonly kind: 'settings'; readonly file: SourceFile; readonly yaml: YamlFile }
  | { readonly kind: 'other'; readonly file: SourceFile };

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

export function isDockerfileName(path: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:\.(?!dockerignore$)[^/]*)?$|\.(?:dockerfile|containerfile)$/i.test(
    baseName(path),
  );
}

export function isSettingsName(path: string): boolean {
  return /^\.plimsoll\.ya?ml$/.test(baseName(path));
}

/** Whether a file could be one that we read, by its name alone: for walks over folders. */
export function isCandidateName(path: string): boolean {
  return isDockerfileName(path) || (/\.ya?ml$/i.test(path) && !isSettingsName(path));
}

function isYaml({ path, languageId }: SourceFile): boolean {
  return /^(?:yaml|dockercompose|helm|json|jsonc)$/.test(languageId) || /\.(?:ya?ml|json)$/i.test(path);
}

/** A document that says it is an object, and cannot be read as one: then its problems are all there is to say. */
function wouldBeManifest({ document }: PlacedDocument): boolean {
  if (document.problems.length === 0) return false;
  const head = document.text.slice(0, 4_000);
  return /^\s*["']?apiVersion["']?\s*:/m.test(head) && /^\s*["']?kind["']?\s*:/m.test(head);
}

/** Reads a file. Never throws; what cannot be read is in the models' own problems. */
export function parseFile(file: SourceFile, cache: YamlCache): Parsed {
  if (file.languageId === 'dockerfile' || (!isYaml(file) && isDockerfileName(file.path))) {
    return { kind: 'dockerfile', file, dockerfile: parseDockerfile(file.text) };
  }
  if (!isYaml(file)) return { kind: 'other', file };
  const yaml = parseYaml(file.text, cache, { template: isTemplatePath(file.path, file.text) });
  if (isSettingsName(file.path)) return { kind: 'settings', file, yaml };
  if (isKustomizationName(file.path)) return { kind: 'kustomization', file, yaml };
  const services = yaml.parts.find(({ document }) => isComposeFile(file.path, document.root));
  const compose = services && readCompose(services.document, file.path);
  if (services && compose) return { kind: 'compose', file, yaml, compose, start: services.start };
  const kubernetes = readKubernetesFile(yaml, file.path);
  if (kubernetes.objects.length > 0 || yaml.parts.some(wouldBeManifest))
    return { kind: 'kubernetes', file, yaml, kubernetes };
  if (isHelmValuesPath(file.path)) return { kind: 'values', file, yaml };
  return { kind: 'other', file };
}

/** Where in its YAML document a span of the file lies, as `spec.containers[0].image`; undefined in other files. */
export function yamlPathAt(parsed: Parsed, { start, end }: Span): string | undefined {
  const part = 'yaml' in parsed ? parsed.yaml.parts.findLast((placed) => placed.start <= start) : undefined;
  if (part === undefined) return undefined;
  return pathText(pathAt(part.document.root, { start: start - part.start, end: end - part.start })) || undefined;
}
