import type { YamlDocument } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';
import { type Mistake, quantityMistake } from './quantity-mistakes.ts';
import type { QuantityPlace } from './quantity-places.ts';

const refused: ReadonlySet<Mistake['kind']> = new Set(['invalid', 'unit', 'negative', 'fraction']);

export const quantityMessages = {
  invalid: '`{value}` is no quantity: write a number and a unit such as 500m or 256Mi',
  unit: '`{value}` is no quantity: Kubernetes has no unit {unit}',
  negative: '`{value}` is negative: the API server refuses it',
  fraction: '`{value}` is no whole number: {resource} cannot be divided',
  thousandths: '`{value}` is {bytes} bytes: m means thousandths',
  few: '`{value}` is only {bytes} bytes: a unit is missing or too small',
  many: '`{value}` is {cores} whole CPUs: m is for thousandths of one',
  fine: '`{value}` is less than 1m, the least CPU there is',
} as const;

/** The quantities that are wrong or hardly meant; the title of their fixes is `write`. */
export function* quantityFindings(document: YamlDocument, places: Iterable<QuantityPlace>) {
  for (const { text, measure, scale, resource, path } of places) {
    // Another tool fills it in.
    if (text.value.includes('$') || text.value.includes('{{')) continue;
    const mistake = quantityMistake(text.value, measure, scale);
    if (mistake === undefined) continue;
    yield {
      message: mistake.kind,
      data: { ...dataOf(mistake), value: text.value, resource: shortResource(resource) },
      severity: refused.has(mistake.kind) ? ('error' as const) : ('warning' as const),
      span: text.span,
      fixes: mistake.rewrites.flatMap(({ value, same }) =>
        patchFix(document, {
          title: 'write',
          data: { rewritten: value },
          safety: same ? 'safe' : 'suggested',
          patches: [{ kind: 'set', path, value }],
        }),
      ),
    };
  }
}

function dataOf(mistake: Mistake): Readonly<Record<string, string>> {
  if (mistake.kind === 'unit') return { unit: mistake.unit };
  if (mistake.kind === 'thousandths' || mistake.kind === 'few') return { bytes: mistake.bytes };
  return mistake.kind === 'many' ? { cores: mistake.cores } : {};
}

function shortResource(resource: QuantityPlace['resource']): string {
  return resource.replace(/^(?:requests|limits)\./, '');
}
