import assert from 'node:assert/strict';
import { applyEdits } from '../../src/core/text/edit.ts';
import type { YamlDocument, YamlPatch, YamlPath, YamlValue } from '../../src/core/yaml/node.ts';
import { parseDocument } from '../../src/core/yaml/parse.ts';
import { patchYaml } from '../../src/core/yaml/patch.ts';
import { type NodeAt, walk } from '../../src/core/yaml/read.ts';
import { modelOf, patched, printed } from './yaml-model.ts';

const values: readonly YamlValue[] = [
  'plain',
  'yes',
  'a: b',
  "it's",
  'two\nlines\n',
  'two\nlines',
  ' edge\t',
  'comma, [x]',
  12,
  true,
  null,
  {},
  [],
  { x: 1 },
  ['p', 'q'],
  { limits: { cpu: '1', memory: '1Gi' }, list: [{ n: 1, m: 'y' }, 'z'] },
  [['deep'], { a: [] }],
  { text: 'l1\n  l2\n\nl4' },
];

/** How many patches `somePatch` knows for a place. */
export const patchKinds = values.length * 6;

/** A patch of the document out of two numbers: where, and what. */
export function somePatch(document: YamlDocument, where: number, what: number): YamlPatch | undefined {
  const places = [...walk(document)].filter(({ path }) => !path.includes('<<'));
  const place: NodeAt | undefined = places[where % places.length];
  if (place === undefined) return undefined;
  const value = values[what % values.length] ?? null;
  const { path, node } = place;
  switch (Math.floor(what / values.length) % 6) {
    case 0:
      return { kind: 'remove', path };
    case 1:
      return { kind: 'rename', path, key: 'renamed' };
    case 2:
      return { kind: 'append', path: node?.kind === 'sequence' ? path : [...path, 'added'], value };
    case 3:
      return { kind: 'set', path: [...path, 'new', 'deep'], value };
    case 4:
      return { kind: 'set', path: [...path, node?.kind === 'sequence' ? node.items.length : 'new'], value };
    default:
      return { kind: 'set', path, value };
  }
}

/** Another order of a collection's entries, out of two numbers: which collection, and by how far they go round. */
export function someOrder(document: YamlDocument, where: number, by: number): YamlPatch | undefined {
  const collections = [...walk(document)].flatMap(({ path, node }) => {
    const length = node?.kind === 'mapping' ? node.pairs.length : node?.kind === 'sequence' ? node.items.length : 0;
    return length > 1 && !path.includes('<<') ? [{ path, length }] : [];
  });
  const collection = collections[where % collections.length];
  if (collection === undefined) return undefined;
  const { path, length } = collection;
  const order = Array.from({ length }, (_, at) => (at + 1 + (by % (length - 1))) % length);
  return { kind: 'order', path, order: by % 2 === 0 ? order : order.toReversed() };
}

/** Whether the patches could be done. Fails where they did more or less than they say. */
export function checkPatches(document: YamlDocument, patches: readonly YamlPatch[]): boolean {
  const edits = patchYaml(document, patches);
  if (edits === undefined) return false;
  const text = applyEdits(document.text, edits);
  const report = `${JSON.stringify(patches)}\n${document.text}\n=====>\n${text}\n`;
  const after = parseDocument(text, { template: document.actions.length > 0 });
  assert.deepEqual(after.problems, document.problems.length === 0 ? [] : after.problems, report);
  const expected = patches.reduce(patched, modelOf(document.root));
  assert.equal(printed(modelOf(after.root)), printed(expected), report);
  for (const [at, { span }] of edits.entries()) {
    assert.ok(span.start >= (edits[at - 1]?.span.end ?? 0) && span.end >= span.start, `edits out of order: ${report}`);
  }
  const lost = patches.length === 1 && patches[0] !== undefined ? lostWith(document, patches[0]) : undefined;
  if (lost !== undefined) checkComments(document, after, lost, report);
  return true;
}

/** The lines that go with a node when it is removed or replaced. */
function lostWith(document: YamlDocument, { kind, path }: YamlPatch): { readonly start: number; readonly end: number } {
  const place = [...walk(document)].findLast((found) => samePath(found.path, path));
  if (place === undefined || (kind !== 'remove' && kind !== 'set')) return { start: 0, end: 0 };
  const { text } = document;
  // An item without a value has no place of its own: its comment may go.
  const span = place.pair?.span ?? place.node?.span ?? { start: 0, end: text.length };
  const lineEnd = text.indexOf('\n', span.end);
  const end = lineEnd < 0 ? text.length : lineEnd;
  if (kind === 'set') {
    const { node } = place;
    if (node === null) return { start: 0, end: 0 };
    const block = (node.kind === 'mapping' || node.kind === 'sequence') && !node.flow;
    return { start: node.span.start, end: block ? end : node.span.end };
  }
  const start = place.pair ? span.start : text.lastIndexOf('-', span.start - 1);
  return { start, end };
}

function samePath(a: YamlPath, b: YamlPath): boolean {
  return a.length === b.length && a.every((step, at) => step === b[at]);
}

function checkComments(
  before: YamlDocument,
  after: YamlDocument,
  lost: { start: number; end: number },
  report: string,
): void {
  const left = after.comments.map(({ text }) => text);
  for (const { text, span } of before.comments) {
    if (span.start >= lost.start && span.start < lost.end) continue;
    const at = left.indexOf(text);
    assert.ok(at >= 0, `the comment ${text} is gone: ${report}`);
    left.splice(at, 1);
  }
}
