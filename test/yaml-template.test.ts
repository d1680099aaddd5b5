import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { YamlDocument, YamlNode } from '../src/core/yaml/node.ts';
import { createYamlCache, parseDocument, parseYaml } from '../src/core/yaml/parse.ts';
import { asMapping, asSequence, mayHave, valueAt, walk } from '../src/core/yaml/read.ts';
import { findActions, maskActions } from '../src/core/yaml/template.ts';
import { checkDocument, checkFile, corpusYaml, noCorpus } from './support/yaml-check.ts';

function read(text: string): YamlDocument {
  const document = parseDocument(text, { template: true });
  checkDocument(document);
  assert.deepEqual(document.problems, []);
  return document;
}

function actions(text: string): readonly string[] {
  return findActions(text).map(({ start, end }) => text.slice(start, end));
}

/** The paths of collections that are open, and of values that are not known. */
function unsure(text: string): readonly string[] {
  return [...walk(read(text))].flatMap(({ path, node }) => {
    const name = `/${path.join('/')}`;
    if (isOpen(node)) return [`${name} open`];
    return node?.kind === 'scalar' && node.unknown ? [`${name} unknown`] : [];
  });
}

function isOpen(node: YamlNode | null): boolean {
  return asMapping(node)?.open === true || asSequence(node)?.open === true;
}

describe('template actions', () => {
  it('end at their own braces', () => {
    assert.deepEqual(actions('a: {{ .x }}{{- y -}}'), ['{{ .x }}', '{{- y -}}']);
    assert.deepEqual(actions('{{ "}}" }} {{ `}}` }} {{ \'}\' }}'), ['{{ "}}" }}', '{{ `}}` }}', "{{ '}' }}"]);
    assert.deepEqual(actions('{{/* it\'s }} {{ a */}} b {{- /* "c */ -}}'), [
      "{{/* it's }} {{ a */}}",
      '{{- /* "c */ -}}',
    ]);
    assert.deepEqual(actions('a: {{ .x\nb: {{ .y }}\nc: {{ "open }}\n'), ['{{ .x', '{{ .y }}', '{{ "open }}']);
    assert.deepEqual(actions('a: {{ dict\n  "b" 1 }}'), ['{{ dict\n  "b" 1 }}']);
  });

  it('are masked at equal length, line by line', () => {
    const text = 'a: "{{ .x }}"\r\n  {{- if y }} # so\r\nb: {{ multi\r\n line }}c\r\n';
    const masked = maskActions(text, findActions(text)).text;
    assert.equal(masked.length, text.length);
    assert.doesNotMatch(masked, /[{}]/);
    assert.ok(masked.startsWith('a: "xxxxxxxx"\r\n'));
  });

  it('make unknown what they are part of', () => {
    assert.deepEqual(
      unsure('a: {{ .x }}\nb: "{{ .y }}"\nc: v-{{ .z }}:{{ .p }}\nd: plain # {{ no }}\ne: [x, {{ .w }}]\n'),
      ['/a unknown', '/b unknown', '/c unknown', '/e/1 unknown'],
    );
    assert.deepEqual(unsure('{{ .k }}: v\nb: 1\n'), ['/ open']);
    assert.deepEqual(unsure('a: |\n  x\n  {{ .y }}\n  z\nb: |\n  {{- .c | nindent 2 }}\nc: |\n  plain\n{{- end }}\n'), [
      '/a unknown',
      '/b unknown',
    ]);
  });

  it('open what they may add to, by their indentation', () => {
    assert.deepEqual(unsure('a:\n  b:\n    c: 1\n    {{- include "x" . | nindent 4 }}\n  d: 1\n'), ['/a/b open']);
    assert.deepEqual(unsure('a:\n  b:\n    c: 1\n{{ include "x" . | indent 2 }}\nd: 1\n'), ['/a open']);
    assert.deepEqual(unsure('a:\n  {{- if .x }}\n  b: 1\n  {{- end }}\nc:\n  d: 1\n'), ['/a open']);
    assert.deepEqual(unsure('a:\n  - b: 1\n  {{- range .x }}\n  - c: {{ . }}\n  {{- end }}\nd: 1\n'), [
      '/a open',
      '/a/1/c unknown',
    ]);
    assert.deepEqual(unsure('a:\n- b: 1\n  {{- with .x }}\n  c: 1\n  {{- end }}\n'), ['/a/0 open']);
    assert.deepEqual(unsure('{{- $x := 1 }}\n{{- /* nothing */}}\na: 1\n'), []);
  });

  it('write the value of a key that has none', () => {
    assert.deepEqual(unsure('labels:\n  {{- include "x" . | nindent 2 }}\nother:\n'), ['/labels unknown']);
    assert.deepEqual(unsure('a:\n  labels:\n    {{- toYaml .x | nindent 4 }}\n    more: 1\n'), ['/a/labels open']);
    assert.deepEqual(unsure('labels: {{- toYaml .x | nindent 2 }}\n  more: 1\n'), ['/labels open']);
    assert.deepEqual(unsure('{{ include "all" . }}\n'), ['/ unknown']);
  });

  it('leave absence unproven only where something may be added', () => {
    const { root } = read('a:\n  b: 1\n  {{- include "x" . | nindent 2 }}\nc:\n  d: 1\n');
    assert.equal(mayHave(asMapping(valueAt(root, 'a')), 'z'), true);
    assert.equal(mayHave(asMapping(valueAt(root, 'c')), 'z'), false);
    assert.equal(mayHave(asMapping(root), 'z'), false);
  });

  it('may stand for branches that exclude each other', () => {
    read('a:\n  {{- if .x }}\n  - b\n  {{- else }}\n  c: d\n  {{- end }}\ne: 1\n');
    read('v: {{ if .x }}"a"{{ else }}"b"{{ end }}\nw: "{{ .a }}"{{ .b }}\n{{ if .x }}y: 1{{ end }}\nz: 2\n');
    const { root } = read('{{ if .x }}\nkind: A\n{{ else }}\nkind: B\n{{ end }}\n');
    assert.equal(asMapping(root)?.pairs.length, 2);
  });

  it('hide no broken line that they have nothing to do with', () => {
    const text = 'a: {{ .x }}\nb: 1\nc: 2\nimag\nd: 3\ne: 4\nf: {{ .y }}\n';
    const codes = parseDocument(text, { template: true }).problems.map(({ code }) => code);
    assert.deepEqual(codes, ['missing-colon']);
  });

  it('hide markers inside their comments', () => {
    const file = parseYaml('{{/*\n---\n*/}}\na: 1\n---\nb: 2\n', createYamlCache(9), { template: true });
    checkFile(file);
    assert.equal(file.parts.length, 2);
  });

  it('cause no problem in any chart of the corpus', { skip: noCorpus }, () => {
    const charts = corpusYaml('helm');
    assert.ok(charts.length > 200);
    let known = 0;
    for (const { name, text } of charts) {
      const file = parseYaml(text, createYamlCache(1), { template: text.includes('{{') });
      checkFile(file);
      for (const { document } of file.parts) {
        assert.deepEqual(document.problems, [], name);
        for (const { node } of walk(document)) if (node?.kind === 'scalar' && !node.unknown) known++;
      }
    }
    assert.ok(known > 5_000, `${known} known scalars only`);
  });
});
