import type { ProposedFix } from '../../../engine/rule.ts';
import { type LabelSet, type Requirement, type Selector, satisfies } from '../../../kubernetes/selector.ts';
import { knownMapping } from '../../../yaml/field.ts';
import type { YamlDocument, YamlMapping, YamlPath } from '../../../yaml/node.ts';
import { entry } from '../../../yaml/read.ts';
import { patchFix } from '../../patch-fix.ts';

/** A requirement as a message says it. */
export function spelled({ key, operator, values }: Requirement): string {
  if (operator === 'In' && values?.length === 1) return `\`${key}: ${values[0]}\``;
  return `\`${key} ${operator}${values === undefined ? '' : ` ${values.join(', ')}`}\``;
}

interface Written {
  readonly mapping: YamlMapping;
  readonly path: YamlPath;
  readonly selector: Selector;
}

/** Selects the value of a label that something of `near` has, where that label alone differs. */
export function oneLabelFix(
  document: YamlDocument,
  { mapping, path, selector }: Written,
  near: readonly LabelSet[],
): readonly ProposedFix<'value'>[] {
  for (const labels of near) {
    const [wrong, ...others] = selector.requirements.filter((requirement) => satisfies(requirement, labels) !== 'yes');
    const actual = wrong && labels.labels.get(wrong.key)?.value;
    if (wrong === undefined || others.length > 0 || actual === undefined) continue;
    const written = knownMapping(mapping, 'matchLabels');
    if (written === undefined || entry(written, wrong.key) === undefined) continue;
    return patchFix(document, {
      title: 'value',
      data: { key: wrong.key, actual },
      safety: 'suggested',
      patches: [{ kind: 'set', path: [...path, 'matchLabels', wrong.key], value: actual }],
    });
  }
  return [];
}
