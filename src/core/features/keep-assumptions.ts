import { isKnownAssumption } from '../engine/assumptions.ts';
import type { TextEdit } from '../text/edit.ts';
import { insert } from '../text/edit.ts';
import type { YamlPatch } from '../yaml/node.ts';
import { createYamlCache, parseYaml } from '../yaml/parse.ts';
import { patchYaml } from '../yaml/patch.ts';
import type { Inputs } from './assumptions.ts';

/**
 * The edits that write assumptions into the text of a `.plimsoll.yaml`, which may be empty; all else in it stays. Undefined
 * where its YAML leaves no place for them.
 */
export function keepAssumptions(text: string, inputs: Inputs): readonly TextEdit[] | undefined {
  const said = Object.entries(inputs).filter(([name]) => isKnownAssumption(name));
  const document = parseYaml(text, createYamlCache(1), { template: false }).parts[0]?.document;
  if (document === undefined || document.root === null) {
    const lines = said.map(([name, value]) => `  ${name}: ${JSON.stringify(value)}\n`);
    const before = text === '' || text.endsWith('\n') ? '' : '\n';
    return [insert(text.length, `${before}assumptions:\n${lines.join('')}`)];
  }
  const patches = said.map(([name, value]): YamlPatch => ({ kind: 'set', path: ['assumptions', name], value }));
  return patchYaml(document, patches);
}
