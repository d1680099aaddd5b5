import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { applyEdits } from '../src/core/text/edit.ts';
import type { YamlPatch, YamlPath, YamlValue } from '../src/core/yaml/node.ts';
import { createYamlCache, parseDocument, parseYaml } from '../src/core/yaml/parse.ts';
import { patchYaml } from '../src/core/yaml/patch.ts';
import { corpusYaml, noCorpus, numbers } from './support/yaml-check.ts';
import { yamlDocuments } from './support/yaml-documents.ts';
import { checkPatches, patchKinds, someOrder, somePatch } from './support/yaml-patches.ts';

const set = (value: YamlValue, ...path: YamlPath): YamlPatch => ({ kind: 'set', path, value });
const append = (value: YamlValue, ...path: YamlPath): YamlPatch => ({ kind: 'append', path, value });
const remove = (...path: YamlPath): YamlPatch => ({ kind: 'remove', path });
const order = (places: readonly number[], ...path: YamlPath): YamlPatch => ({ kind: 'order', path, order: places });
const rename = (key: string, ...path: YamlPath): YamlPatch => ({ kind: 'rename', path, key });

function patch(text: string, ...patches: readonly YamlPatch[]): string | undefined {
  const document = parseDocument(text, { template: text.includes('{{') });
  const edits = patchYaml(document, patches);
  return edits && applyEdits(text, edits);
}

const cases: readonly (readonly [string, string, readonly YamlPatch[], string])[] = [
  ['replaces a scalar', 'a: 1 # c\nb: 2\n', [set(3, 'a')], 'a: 3 # c\nb: 2\n'],
  ['keeps the quotes', 'a: \'x\'\nb: "y"\n', [set("it's", 'a'), set('z', 'b')], "a: 'it''s'\nb: \"z\"\n"],
  ['quotes what Go would misread', "a: x\nq: ''\n", [set('yes', 'a')], "a: 'yes'\nq: ''\n"],
  ['inserts a key at the end', 'a:\n  b: 1\nc: 2\n', [set('x', 'a', 'd')], 'a:\n  b: 1\n  d: x\nc: 2\n'],
  [
    'inserts before comments that follow',
    'a:\n  b: 1 # one\n  # two\nc: 2\n',
    [set('x', 'a', 'd')],
    'a:\n  b: 1 # one\n  d: x\n  # two\nc: 2\n',
  ],
  ['keeps CRLF', 'a:\r\n  b: 1\r\n', [set({ d: [1] }, 'a', 'c')], 'a:\r\n  b: 1\r\n  c:\r\n    d:\r\n      - 1\r\n'],
  ['keeps a missing final line end', 'a: 1', [set(2, 'b')], 'a: 1\nb: 2'],
  [
    'makes the mappings on the way',
    'kind: x\n',
    [set('v', 'metadata', 'annotations', 'k/n')],
    'kind: x\nmetadata:\n  annotations:\n    k/n: v\n',
  ],
  [
    'indents as the file does',
    'a:\n    b: 1\nl:\n- x\n',
    [set({ d: ['z'] }, 'c')],
    'a:\n    b: 1\nl:\n- x\nc:\n    d:\n    - z\n',
  ],
  [
    'fills an empty value',
    'a: # why\n  # not\nb: 1\n',
    [set('1Gi', 'a', 'limits', 'memory')],
    'a: # why\n  limits:\n    memory: 1Gi\n  # not\nb: 1\n',
  ],
  ['fills braces', 'r: {}\nb: 1\n', [set('1', 'r', 'limits', 'cpu')], 'r:\n  limits:\n    cpu: "1"\nb: 1\n'],
  ['puts a scalar in an empty place', 'a:   \nb: 1\n', [set('x', 'a')], 'a: x\nb: 1\n'],
  [
    'makes one insertion of what belongs together',
    'c:\n  - name: a\n    image: b\n',
    [set(true, 'c', 0, 's', 'r'), set(false, 'c', 0, 's', 'w'), set(['ALL'], 'c', 0, 's', 'caps', 'drop')],
    'c:\n  - name: a\n    image: b\n    s:\n      r: true\n      w: false\n      caps:\n        drop:\n          - ALL\n',
  ],
  [
    'appends to a list',
    'l:\n- a\n- b # c\nm: 1\n',
    [append({ m: 1, o: 2 }, 'l')],
    'l:\n- a\n- b # c\n- m: 1\n  o: 2\nm: 1\n',
  ],
  [
    'appends as wide as the list is',
    'l:\n  -   a: 1\n',
    [append({ m: 1, o: 2 }, 'l')],
    'l:\n  -   a: 1\n  -   m: 1\n      o: 2\n',
  ],
  ['makes the list', 'a: 1\n', [append('x', 'b', 'c')], 'a: 1\nb:\n  c:\n    - x\n'],
  ['appends in brackets', 'l: [a, b] # c\n', [append('c, d', 'l')], 'l: [a, b, "c, d"] # c\n'],
  ['appends to empty brackets', 'l: []\nm: []\n', [append('a', 'l'), append({ b: 1 }, 'm')], 'l: [a]\nm:\n  - b: 1\n'],
  ['appends one after the other', 'a: 1\n', [append(1, 'l'), append(2, 'l')], 'a: 1\nl:\n  - 1\n  - 2\n'],
  ['writes flow in flow', 'a: {b: 1}\n', [set({ d: [1] }, 'a', 'c')], 'a: {b: 1, c: {d: [1]}}\n'],
  [
    'writes JSON in JSON',
    '{\n  "a": 1, // no\n  "b": [1]\n}\n'.replace(' // no', ''),
    [set('x', 'c'), append('y', 'b')],
    '{\n  "a": 1,\n  "b": [1, "y"],\n  "c": "x"\n}\n',
  ],
  [
    'keeps a comment in brackets with its item',
    'l: [\n  a, # one\n  b # two\n]\n',
    [append('c', 'l')],
    'l: [\n  a, # one\n  b, # two\n  c\n]\n',
  ],
  ['removes a line and its comment', 'a: 1\nb: 2 # c\n# d\nc: 3\n', [remove('b')], 'a: 1\n# d\nc: 3\n'],
  ['removes the last line', 'a: 1\nb: 2', [remove('b')], 'a: 1'],
  ['removes the first key of an item', '- a: 1\n  b: 2\n', [remove(0, 'a')], '- b: 2\n'],
  ['removes it under a comment', '- a: 1\n  # c\n  b: 2\n', [remove(0, 'a')], '-\n  # c\n  b: 2\n'],
  ['removes the only key', 'a: # c\n  b: 1\nd: 2\n', [remove('a', 'b')], 'a: {} # c\nd: 2\n'],
  ['removes items', 'l:\n  - a\n  - b:\n      c\n  - d\n', [remove('l', 1)], 'l:\n  - a\n  - d\n'],
  [
    'removes in brackets',
    'l: [a, b, c]\nm: {a: 1}\n',
    [remove('l', 2), remove('l', 0), remove('m', 'a')],
    'l: [b]\nm: {}\n',
  ],
  ['renames a key', '"a": 1\nb: {c: 2}\n', [rename('x', 'a'), rename('off', 'b', 'c')], '"x": 1\nb: {"off": 2}\n'],
  ['keeps anchors', 'a: &x 1 # c\nb: *x\n', [set({ c: 2 }, 'a')], 'a: &x # c\n  c: 2\nb: *x\n'],
  ['replaces an alias', 'a: &x 1\nb: *x\n', [set(2, 'b')], 'a: &x 1\nb: 2\n'],
  ['hides a merged key', 'a: &x {k: 1}\nb:\n  <<: *x\n', [set(2, 'b', 'k')], 'a: &x {k: 1}\nb:\n  <<: *x\n  k: 2\n'],
  ['replaces a block by a scalar', 'a:\n  b:\n    c: 1\nd: 2\n', [set('x', 'a')], 'a: x\nd: 2\n'],
  ['replaces a list at the column of its key', 'a:\n- 1\nb: 2\n', [set({ x: 1 }, 'a')], 'a:\n  x: 1\nb: 2\n'],
  ['writes lines as a block text', 'a: x\nb: 1\n', [set('one\ntwo\n', 'a')], 'a: |\n  one\n  two\nb: 1\n'],
  [
    'comes after a text that keeps its blank lines',
    'a:\n  b: |+\n    x\n\nc: 1\n',
    [set(1, 'a', 'd')],
    'a:\n  b: |+\n    x\n\n  d: 1\nc: 1\n',
  ],
  ['begins a document', '# only a comment\n', [set(1, 'a', 'b')], '# only a comment\na:\n  b: 1\n'],
  ['keeps the marker', '\uFEFF---\na: 1\n', [set(2, 'b'), remove('a')], '\uFEFF---\nb: 2\n'],
  [
    'edits what a template leaves alone',
    'a: {{ .x }}\nb:\n  c: 1\n{{- if .y }}\nd: 1\n{{- end }}\n',
    [set(2, 'b', 'c')],
    'a: {{ .x }}\nb:\n  c: 2\n{{- if .y }}\nd: 1\n{{- end }}\n',
  ],
  [
    'moves entries with their comments and leaves blank lines',
    'a:\n  # of c\n  c: 1 # one\n  # of b\n  # and more\n  b:\n    x: 1\n    # y: 2\n\n  a: |\n    text\n    # text\nz: 1\n',
    [order([2, 1, 0], 'a')],
    'a:\n  a: |\n    text\n    # text\n  # of b\n  # and more\n  b:\n    x: 1\n    # y: 2\n\n  # of c\n  c: 1 # one\nz: 1\n',
  ],
  ['moves items', 'l:\r\n- a: 1\r\n  b: 2\r\n- x', [order([1, 0], 'l')], 'l:\r\n- x\r\n- a: 1\r\n  b: 2'],
  ['moves items in brackets', 'l: [b, "a", {c: 1}]\n', [order([1, 2, 0], 'l')], 'l: ["a", {c: 1}, b]\n'],
  ['moves what has nothing', 'b:\n# c\na: 1\n', [order([1, 0])], '# c\na: 1\nb:\n'],
  [
    'moves entries below the head of a file',
    '# A licence.\nname: x\n\nb: 1\na: 2\n',
    [order([0, 2, 1])],
    '# A licence.\nname: x\n\na: 2\nb: 1\n',
  ],
  [
    'moves an anchor that is used elsewhere',
    'm:\n  b: &x 1\n  a: 2\nz: *x\n',
    [order([1, 0], 'm')],
    'm:\n  a: 2\n  b: &x 1\nz: *x\n',
  ],
  [
    'follows what an earlier patch made',
    'a: 1\n',
    [set({ c: 1 }, 'b'), set(2, 'b', 'c'), rename('d', 'b', 'c')],
    'a: 1\nb:\n  d: 2\n',
  ],
];

const refused: readonly (readonly [string, string, YamlPatch])[] = [
  ['through an alias', 'a: &x\n  b: 1\nc: *x\n', set(2, 'c', 'b')],
  ['into a merged mapping', 'a: &x\n  r: {m: 1}\nb:\n  <<: *x\n', set(2, 'b', 'r', 'm')],
  ['on a template value', 'a: {{ .x }}\n', set(1, 'a')],
  ['where a template may add the key', 'a:\n  b: 1\n  {{- include "x" . | nindent 2 }}\n', set(1, 'a', 'c')],
  ['around template actions', 'a:\n  {{- if .x }}\n  b: 1\n  {{- end }}\nc: 1\n', remove('a')],
  ['between a key and what a template writes there', 'a: 1\nl:\n  {{- include "x" . | nindent 2 }}\n', set(1, 'z')],
  ['on a broken line', 'a: "x\nb: 1\n', set(1, 'a')],
  ['beside a broken line', 'a:\n  b: 1\n  imag\n', set(1, 'a', 'c')],
  ['through a scalar', 'a: x\n', set(1, 'a', 'b')],
  ['to a key that is taken', 'a: 1\nb: 2\n', rename('b', 'a')],
  ['to an anchor that is used', 'a: &x 1\nb: *x\n', remove('a')],
  ['with a gap in a list', 'a: [1]\n', set(1, 'a', 3)],
  ['to what is not there', 'a: 1\n', remove('b')],
  ['to part from a comment', 'b: 1\n\n# of whom\n\na: 2\n', order([1, 0])],
  ['to part from a comment of another column', 'm:\n#  c: 2\n  b: 1\n  a: 2\n', order([1, 0], 'm')],
  ['to move a comment of another column', 'm:\n  b: 1\n#  c: 2\n  a: 2\n', order([1, 0], 'm')],
  ['to move the head of a file', '# A licence.\nb: 1\na: 2\n', order([1, 0])],
  ['to move what a comment follows', 'm:\n  b: 1\n  a: 2\n  # c: 3\n', order([1, 0], 'm')],
  ['to move an alias before its anchor', 'b: &x 1\na: *x\n', order([1, 0])],
  ['to move a key that is there twice', 'b: 1\na: 2\nb: 3\n', order([1, 0, 2])],
  ['to move a text that keeps its blank lines', 'b: |+\n  x\n\na: 2\n', order([1, 0])],
  ['to move template actions', 'b: {{ .x }}\na: 2\n', order([1, 0])],
  ['to a tagged value of another kind', 'a: !!int 1\n', set('x', 'a')],
];

describe('patches of YAML', () => {
  for (const [name, text, patches, expected] of cases) {
    it(name, () => assert.equal(patch(text, ...patches), expected));
  }
  for (const [name, text, wanted] of refused) {
    it(`are refused ${name}`, () => assert.equal(patch(text, wanted), undefined));
  }

  it('do what they say and nothing else, on documents in all styles', () => {
    let done = 0;
    let asked = 0;
    const property = fc.property(yamlDocuments, fc.nat(60), fc.nat(patchKinds - 1), (text, where, what) => {
      const document = parseDocument(text, { template: false });
      assert.deepEqual(document.problems, [], text);
      const wanted = somePatch(document, where, what);
      if (wanted === undefined) return;
      asked++;
      if (checkPatches(document, [wanted])) done++;
    });
    fc.assert(property, { numRuns: 2000 });
    assert.ok(done > asked / 2, `${done} of ${asked} were done`);
  });

  it('do so together', () => {
    const two = fc.tuple(fc.nat(60), fc.nat(patchKinds - 1));
    let done = 0;
    const property = fc.property(yamlDocuments, fc.array(two, { minLength: 2, maxLength: 4 }), (text, wanted) => {
      const document = parseDocument(text, { template: false });
      const sets = wanted
        .flatMap(([where, what]) => somePatch(document, where, what) ?? [])
        .filter(({ kind }) => kind === 'set');
      if (sets.length > 1 && checkPatches(document, sets)) done++;
    });
    fc.assert(property, { numRuns: 1500 });
    assert.ok(done > 50, `${done} were done`);
  });

  it('bring entries into another order', () => {
    let done = 0;
    let asked = 0;
    const property = fc.property(yamlDocuments, fc.nat(60), fc.nat(9), (text, where, by) => {
      const document = parseDocument(text, { template: false });
      const wanted = someOrder(document, where, by);
      if (wanted === undefined) return;
      asked++;
      if (checkPatches(document, [wanted])) done++;
    });
    fc.assert(property, { numRuns: 2000 });
    assert.ok(done > asked / 3, `${done} of ${asked} were done`);
  });

  it('do so in the corpus', { skip: noCorpus }, () => {
    const next = numbers(3);
    let done = 0;
    for (const part of ['k8s', 'compose', 'kustomize', 'helm']) {
      for (const { name, text } of corpusYaml(part)) {
        if (text.length > 30_000) continue;
        const { parts } = parseYaml(text, createYamlCache(50), { template: text.includes('{{') });
        for (let sample = 0; sample < 3; sample++) {
          const document = parts[next(parts.length)]?.document;
          if (!document || document.root === null || document.problems.length > 0) continue;
          const wanted = somePatch(document, next(10_000), next(patchKinds));
          const moved = someOrder(document, next(10_000), next(10));
          try {
            if (wanted && checkPatches(document, [wanted])) done++;
            if (moved && checkPatches(document, [moved])) done++;
          } catch (error) {
            throw new Error(name, { cause: error });
          }
        }
      }
    }
    assert.ok(done > 1_000, `${done} were done`);
  });
});
