import type { Workload } from '../../../kubernetes/model.ts';
import { insert, replace, type TextEdit } from '../../../text/edit.ts';
import { lineEnd, lineStart } from '../../../text/lines.ts';
import { fieldAt, mayHide } from '../../../yaml/field.ts';
import { columnOf, habitsOf } from '../../../yaml/habits.ts';
import type { YamlValue } from '../../../yaml/node.ts';
import { entry } from '../../../yaml/read.ts';
import { indented, writeBlock } from '../../../yaml/write.ts';

/** What may look after a pod. */
export type Controller = 'Deployment' | 'Job';

/** Written by kubectl, about the Pod as it was. */
const ofKubectl = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * The edits that make a controller of a Pod, its spec moved below `template`, otherwise as it is written. Undefined where it stands
 * in a List, on one line, or in a template, and where no label can tell the pods of a Deployment from others.
 */
export function wrapPod(workload: Workload, controller: Controller): readonly TextEdit[] | undefined {
  const { object, spec } = workload;
  const { document, root, path, name, labels } = object;
  const pair = entry(root, 'spec');
  if (path.length > 0 || document.actions.length > 0 || document.problems.length > 0 || root.flow) return undefined;
  if (pair?.value !== spec || spec.flow || mayHide(root, 'metadata', 'labels')) return undefined;
  const { text } = document;
  const start = lineEnd(text, pair.key.span.end);
  // An anchor or a tag may stand beside the key, but nothing of the spec.
  if (lineStart(text, spec.span.start) < start || spec.anchor !== undefined || spec.tag !== undefined) return undefined;
  const own = Object.fromEntries([...labels].map(([key, { value }]) => [key, value]));
  const chosen: YamlValue = labels.size > 0 ? own : { app: name?.value ?? '' };
  if (labels.size === 0 && (name === undefined || fieldAt(root, 'metadata', 'labels') !== undefined)) return undefined;
  const notes = [...object.annotations].filter(([key]) => key !== ofKubectl).map(([key, { value }]) => [key, value]);
  const metadata = { labels: chosen, ...(notes.length > 0 && { annotations: Object.fromEntries(notes) }) };
  const habits = habitsOf(document);
  const base = columnOf(text, pair.key.span.start);
  const head = writeBlock(
    controller === 'Job' ? { template: { metadata } } : { selector: { matchLabels: chosen }, template: { metadata } },
    habits,
  );
  const lines = [...indented(head, base + habits.step), ...indented(['spec:'], base + 2 * habits.step)];
  const by = ' '.repeat(2 * habits.step);
  const edits: TextEdit[] = [
    replace(object.apiVersion.span, controller === 'Job' ? 'batch/v1' : 'apps/v1'),
    replace(object.kind.span, controller),
  ];
  let first = `${lines.join(habits.lineBreak)}${habits.lineBreak}`;
  for (let at = start; at < spec.span.end; at = lineEnd(text, at)) {
    const blank = /^[\t ]*\r?\n?$/.test(text.slice(at, lineEnd(text, at)));
    if (first !== '' || !blank) edits.push(insert(at, `${first}${blank ? '' : by}`));
    first = '';
  }
  return edits.toSorted((a, b) => a.span.start - b.span.start);
}
