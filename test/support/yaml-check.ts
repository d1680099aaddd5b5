import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { containsSpan, type Span } from '../../src/core/text/span.ts';
import type { YamlDocument, YamlNode } from '../../src/core/yaml/node.ts';
import type { YamlFile } from '../../src/core/yaml/parse.ts';
import { sharedPath } from './shared.ts';

/** Texts of the YAML files of one part of the corpus with their names; empty where there is none. */
export function corpusYaml(part: string): readonly { readonly name: string; readonly text: string }[] {
  const folder = sharedPath(`corpus/${part}`);
  if (folder === undefined) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ name: path.slice(folder.length + 1), text: readFileSync(path, 'utf8') }));
}

export const noCorpus = corpusYaml('k8s').length === 0 ? 'the corpus is not beside the project' : false;

/** Fails unless the parts cover the text, and every span lies in its text and in its parent's. */
export function checkFile({ text, parts }: YamlFile): void {
  let at = 0;
  for (const { start, document } of parts) {
    assert.equal(start, at, 'the parts leave a gap');
    at += document.text.length;
    checkDocument(document);
  }
  assert.equal(parts.map(({ document }) => document.text).join(''), text);
}

export function checkDocument(document: YamlDocument): void {
  const whole: Span = { start: 0, end: document.text.length };
  if (document.root !== null) checkNode(document.root, whole);
  for (const { span, message, code } of document.problems) {
    inside(whole, span, `problem ${code}`);
    assert.match(message, /^[^\n]{5,160}$/);
  }
  const lines = document.problems.map(({ span }) => document.text.lastIndexOf('\n', span.start - 1));
  assert.equal(new Set(lines).size, lines.length, 'two problems on one line');
  assert.ok(lines.length <= 5, 'a flood of problems');
  for (const { span, text } of document.comments) {
    inside(whole, span, 'comment');
    assert.equal(document.text.slice(span.start, span.end), text);
    assert.match(text, /^#[^\n]*$/);
  }
}

function checkNode(node: YamlNode, parent: Span): void {
  inside(parent, node.span, node.kind);
  if (node.kind === 'sequence') for (const item of node.items) if (item !== null) checkNode(item, node.span);
  if (node.kind !== 'mapping') return;
  for (const { key, value, span } of node.pairs) {
    inside(node.span, span, 'pair');
    checkNode(key, span);
    if (value !== null) checkNode(value, span);
  }
}

function inside(outer: Span, inner: Span, what: string): void {
  const found = JSON.stringify([outer, inner]);
  assert.ok(inner.start <= inner.end && containsSpan(outer, inner), `${what} lies outside its parent: ${found}`);
}

/** A generator of numbers below a limit that gives the same ones each time. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
