import type { Parsed } from '../parsed.ts';
import { minimalEdit, shiftEdit, sortEdits, type TextEdit } from '../text/edit.ts';
import type { PlacedDocument, YamlPatch, YamlValue } from '../yaml/node.ts';
import { patchYaml } from '../yaml/patch.ts';
import { asScalar, valueAt } from '../yaml/read.ts';
import { fieldProblems } from './field-values.ts';
import { fieldsOf, fieldText, isChanged, type LoadField, loadFields } from './load-fields.ts';
import type { Draft } from './load-view.ts';
import { autoscalersOf, scalingProblems } from './scaling.ts';

export type DraftEdits =
  /** Offsets of the file, sorted, and no larger than what changes. */
  | { readonly kind: 'edits'; readonly edits: readonly TextEdit[] }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The edits that write a draft into the file: values set, taken out, or added with the mappings that they need. Refused
 * where a text is no value, where the file has no such field any more, and where the place cannot be changed alone.
 */
export function draftEdits(parsed: Parsed, draft: Draft): DraftEdits {
  const workloads = loadFields(parsed);
  const autoscalers = autoscalersOf(parsed);
  const fields = [...workloads.flatMap(fieldsOf), ...autoscalers.flatMap(({ min, max }) => [min, max])];
  const known = new Set(fields.map(({ id }) => id));
  if (Object.keys(draft).some((id) => !known.has(id))) {
    return refused(
      'The file is no longer built as it was when the draft was made. Reset the draft, and make it again.',
    );
  }
  const changed = fields.filter((field) => isChanged(field, draft));
  if (changed.length === 0) return refused('The draft says nothing that the file does not say already.');
  for (const workload of workloads) {
    for (const [id, problem] of fieldProblems(workload, draft)) {
      const field = changed.find((one) => one.id === id);
      if (field !== undefined) return refused(`${workload.name}, ${field.label}: ${problem}`);
    }
  }
  for (const autoscaler of autoscalers) {
    for (const [id, problem] of scalingProblems(autoscaler, draft)) {
      const field = changed.find((one) => one.id === id);
      if (field !== undefined)
        return refused(`${autoscaler.object.name?.value ?? 'autoscaler'}, ${field.label}: ${problem}`);
    }
  }
  const edits: TextEdit[] = [];
  for (const [place, own] of byDocument(changed)) {
    const folded = own.find(({ inside }) => inside?.exact === false);
    if (folded !== undefined) {
      return refused(
        `${folded.label}: the text that holds it has escapes or folded lines, or comes from an anchor. Change it in the text.`,
      );
    }
    const patches = patchesOf(own, draft);
    const made = patches.length === 0 ? [] : patchYaml(place.document, patches);
    const parts = partEdits(place, own, draft);
    if (made === undefined || parts === undefined) {
      const names = own.map(({ label }) => label).join(', ');
      return refused(
        `${names}: this cannot be changed alone, as it comes from an anchor, a merge or a template. Change it in the text.`,
      );
    }
    edits.push(
      ...[...made, ...parts]
        .map((edit) => minimalEdit(place.document.text, edit))
        .filter((edit) => edit.newText !== '' || edit.span.end > edit.span.start)
        .map((edit) => shiftEdit(edit, place.start)),
    );
  }
  return { kind: 'edits', edits: sortEdits(edits) };
}

function byDocument(fields: readonly LoadField[]): ReadonlyMap<PlacedDocument, readonly LoadField[]> {
  const places = new Map<number, PlacedDocument>();
  const groups = new Map<PlacedDocument, LoadField[]>();
  for (const field of fields) {
    const place = places.get(field.start) ?? { start: field.start, document: field.document };
    places.set(field.start, place);
    groups.set(place, [...(groups.get(place) ?? []), field]);
  }
  return groups;
}

/** Patches of what is drafted, but for parts of texts. */
function patchesOf(fields: readonly LoadField[], draft: Draft): readonly YamlPatch[] {
  return fields.filter((field) => !isPart(field)).flatMap((field) => patchesFor(field, fieldText(field, draft)));
}

/** The value is less than the whole text: then neither its quotes nor anything else around it changes. */
function isPart({ inside }: LoadField): boolean {
  return inside !== undefined && (inside.start > 0 || inside.end < inside.text.length);
}

/** Edits of parts of texts, in offsets of the document; undefined where such a text cannot be changed alone. */
function partEdits({ document, start }: PlacedDocument, fields: readonly LoadField[], draft: Draft) {
  const edits: TextEdit[] = [];
  for (const field of fields.filter(isPart)) {
    const { path, written, inside } = field;
    // Whether the place is the text's own, not an alias's or a template's, is for the patches to say.
    const probe: YamlPatch = { kind: 'set', path, value: `${inside?.text ?? ''}0` };
    if (written === undefined || patchYaml(document, [probe]) === undefined) return undefined;
    const span = { start: written.span.start - start, end: written.span.end - start };
    edits.push({ span, newText: fieldText(field, draft) });
  }
  return edits;
}

function patchesFor(field: LoadField, text: string): readonly YamlPatch[] {
  const { twin } = field;
  const paths = twin === undefined || (text === '' && twin.text === '') ? [field.path] : [field.path, twin.path];
  return paths.map((path) =>
    text === '' ? { kind: 'remove', path } : { kind: 'set', path, value: valueOf({ ...field, path }, text) },
  );
}

/** A number stays one where a plain one stands now; elsewhere a quantity is text, quoted where it looks like a number. */
function valueOf({ form, document, path }: LoadField, text: string): YamlValue {
  const number = Number(text);
  if (form === 'count') return number;
  return asScalar(valueAt(document.root, ...path))?.style === 'plain' && `${number}` === text ? number : text;
}

function refused(reason: string): DraftEdits {
  return { kind: 'refused', reason };
}
