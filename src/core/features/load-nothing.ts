import { baseName, isDockerfileName, isSettingsName, type Parsed } from '../parsed.ts';
import { shiftSpan } from '../text/span.ts';
import type { YamlProblem } from '../yaml/node.ts';
import { parseDocument } from '../yaml/parse.ts';
import type { LoadView } from './load-view.ts';

/** Problems of a file's YAML in offsets of the file. */
function problemsOf(parsed: Parsed): readonly YamlProblem[] {
  if (parsed.kind === 'kubernetes' || parsed.kind === 'compose') {
    return parsed.yaml.parts.flatMap(({ document, start }) =>
      document.problems.map((problem) => ({ ...problem, span: shiftSpan(problem.span, start) })),
    );
  }
  if ((parsed.kind !== 'other' && parsed.kind !== 'values') || !isYaml(parsed)) return [];
  return parseDocument(parsed.file.text, { template: false }).problems;
}

/** What is missing from the load of a file that cannot be read whole. */
export function warning(parsed: Parsed): { readonly warning?: string } {
  const problems = problemsOf(parsed);
  const [first] = problems;
  if (first === undefined) return {};
  const line = parsed.file.text.slice(0, first.span.start).split(/\r\n|\r|\n/).length;
  return { warning: `The YAML has an error at line ${line}: what it hides is not counted. ${first.message}` };
}

/** Why a file has no load, and what to do. */
export function nothing(parsed: Parsed): LoadView {
  const { file } = parsed;
  if (parsed.kind === 'dockerfile' || isDockerfileName(file.path)) {
    const message =
      'A Dockerfile asks for no CPU and no memory: what runs its image does. Open the Kubernetes manifest or the Compose file that names it.';
    return { kind: 'nothing', reason: 'no-workload', message };
  }
  if (parsed.kind === 'settings' || isSettingsName(file.path)) {
    const message = 'These are Plimsoll’s settings. Open a Kubernetes manifest or a Compose file to see its load.';
    return { kind: 'nothing', reason: 'not-supported', message };
  }
  if (!isYaml(parsed)) return notSupported(file.path);
  if (
    file.text
      .replace(/^\s*(?:#.*)?$/gm, '')
      .replace(/^-{3}\s*$/gm, '')
      .trim() === ''
  ) {
    const message =
      'This file is empty. Write a workload, such as a Deployment or a Compose service, and its load shows here.';
    return { kind: 'nothing', reason: 'empty', message };
  }
  const [problem] = problemsOf(parsed);
  if (problem !== undefined) {
    const line = file.text.slice(0, problem.span.start).split(/\r\n|\r|\n/).length;
    const message = `The YAML cannot be read at line ${line}: mend that, and the load shows here. ${problem.message}`;
    return { kind: 'nothing', reason: 'broken', message, span: problem.span };
  }
  if (parsed.kind === 'kubernetes') {
    const message =
      'Nothing here runs pods. Open a file with a workload, such as a Deployment, a StatefulSet, a CronJob or a Pod.';
    return { kind: 'nothing', reason: 'no-workload', message };
  }
  if (parsed.kind === 'compose') {
    const message = 'No service is written here. Add one under services, and its load shows here.';
    return { kind: 'nothing', reason: 'no-workload', message };
  }
  return notSupported(file.path);
}

function notSupported(path: string): LoadView {
  const message = `${baseName(path)} is neither a Kubernetes manifest nor a Compose file. Open one to see its load.`;
  return { kind: 'nothing', reason: 'not-supported', message };
}

function isYaml({ file }: Parsed): boolean {
  return /^(?:yaml|dockercompose|helm)$/.test(file.languageId) || /\.ya?ml$/i.test(file.path);
}
