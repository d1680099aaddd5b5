import type { KubernetesObject } from '../kubernetes/model.ts';
import { lineEnd, lineStart, nextContentLine } from '../text/lines.ts';
import type { Span } from '../text/span.ts';
import { knownMapping, textMap } from '../yaml/field.ts';
import type { YamlDocument } from '../yaml/node.ts';
import { walk } from '../yaml/read.ts';
import type { Suppression } from './suppression.ts';
import { readRules, readSuppressionComment } from './suppression-comments.ts';

/** The largest value that begins on the line: what `ignore-block` above it means. */
function blockAt(document: YamlDocument, line: Span): Span {
  let end = line.end;
  for (const { node } of walk(document)) {
    if (node && line.start <= node.span.start && node.span.start < line.end) end = Math.max(end, node.span.end);
  }
  return { start: line.start, end };
}

/** The line, and all of a text that begins on it: no comment can stand inside a text. */
function lineAt(document: YamlDocument, line: Span): Span {
  let end = line.end;
  for (const { node } of walk(document)) {
    if (node?.kind !== 'scalar' || node.span.end <= end) continue;
    if (line.start <= node.span.start && node.span.start < line.end) end = node.span.end;
  }
  return { start: line.start, end };
}

/** The suppressions in a YAML document's comments: on the line, or on the line above. */
export function commentSuppressions(document: YamlDocument): readonly Suppression[] {
  const { text, comments } = document;
  const found: Suppression[] = [];
  for (const comment of comments) {
    const read = readSuppressionComment(comment.text, comment.span.start);
    if (read === undefined) continue;
    const start = lineStart(text, comment.span.start);
    const end = lineEnd(text, comment.span.end);
    const line = comment.ownLine ? nextContentLine(text, end) : { start, end };
    const block = read.reach === 'block' && read.peer !== 'plimsoll';
    found.push({
      span: comment.span,
      covers: read.reach === 'file' ? 'file' : block ? blockAt(document, line) : lineAt(document, line),
      peer: read.peer,
      rules: read.rules,
      removal: comment.ownLine
        ? { start, end }
        : { start: trimBefore(text, comment.span.start), end: comment.span.end },
    });
  }
  return found;
}

function trimBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start;
}

/** The suppressions in an object's annotations: they cover the object, or the one container that polaris names. */
export function annotationSuppressions(object: KubernetesObject): readonly Suppression[] {
  const found: Suppression[] = [];
  const whole = object.root.span;
  for (const [key, { value, span }] of object.annotations) {
    const add = (peer: string, rules: Suppression['rules'], covers: Span = whole): void => {
      found.push({ span, covers, peer, rules });
    };
    const one = (id: string) => [{ id, span }];
    if (key === 'plimsoll.dev/ignore') {
      add(
        'plimsoll',
        readRules(value.replace(/:.*$/s, ''), span.start + (span.end - span.start > value.length ? 1 : 0)),
      );
    } else if (key === 'kube-linter.io/ignore-all') add('kube-linter', 'all');
    else if (key.startsWith('ignore-check.kube-linter.io/'))
      add('kube-linter', one(key.slice('ignore-check.kube-linter.io/'.length)));
    else if (key === 'kube-score/ignore') add('kube-score', readRules(value, span.start));
    else if (key === 'polaris.fairwinds.com/exempt' && value === 'true') add('polaris', 'all');
    else if (key.startsWith('polaris.fairwinds.com/') && key.endsWith('-exempt') && value === 'true') {
      const [check = '', container] = key.slice('polaris.fairwinds.com/'.length, -'-exempt'.length).split('.');
      const named = object.workload?.containers.find((candidate) => candidate.name?.value === container);
      if (container === undefined) add('polaris', one(check));
      else if (named) add('polaris', one(check), named.node.span);
    } else if (/^checkov\.io\/skip\d*$/.test(key)) add('checkov', one((value.split('=')[0] ?? '').trim()));
  }
  const { workload } = object;
  // kube-score looks at the pods of a template as well.
  if (workload === undefined || workload.podMetadata === knownMapping(object.root, 'metadata')) return found;
  const ignored = textMap(knownMapping(workload.podMetadata, 'annotations')).get('kube-score/ignore');
  if (ignored === undefined) return found;
  const { value, span } = ignored;
  found.push({ span, covers: whole, peer: 'kube-score', rules: readRules(value, span.start) });
  return found;
}
