import type { CheckedFile, ProposedFix } from '../../../engine/rule.ts';
import type { Settings } from '../../../engine/settings.ts';
import { resourcePath } from '../../../kubernetes/container.ts';
import { containerDefaults } from '../../../kubernetes/limit-range.ts';
import type { Container } from '../../../kubernetes/model.ts';
import { patchFix } from '../../patch-fix.ts';
import { compareQuantities } from './quantities.ts';

export type Part = 'requests' | 'limits';
export type Resource = 'cpu' | 'memory';

/** Where the number of a fix comes from; also the ids of the titles that a rule has for it. */
export type Origin = 'limitRange' | 'settings' | 'sibling' | 'complete';

interface Facts {
  readonly settings: Settings;
  readonly file: CheckedFile;
}

interface Offer {
  readonly origin: Exclude<Origin, 'complete'>;
  readonly value: string;
  /** The container that has it. */
  readonly from?: string;
}

/**
 * Fixes that write a resource which a container lacks. Their numbers are those that somebody has said: a LimitRange of
 * the file, the settings, another container of the workload. The last one is to be completed.
 */
export function resourceFixes(
  container: Container,
  part: Part,
  resource: Resource,
  { settings, file }: Facts,
): readonly ProposedFix<Origin>[] {
  const { document } = container.workload.object;
  const path = resourcePath(container, part, resource);
  const seen = new Set<string>();
  const fixes: ProposedFix<Origin>[] = [];
  for (const { origin, value, from } of offers(container, part, resource, settings, file)) {
    if (seen.has(value) || !accepted(container, part, resource, value)) continue;
    seen.add(value);
    const data = { value, from: from ?? '' };
    fixes.push(
      ...patchFix(document, { title: origin, safety: 'suggested', data, patches: [{ kind: 'set', path, value }] }),
    );
  }
  const placeholder = { kind: 'set', path, value: `<${resource}>` } as const;
  return [...fixes, ...patchFix(document, { title: 'complete', safety: 'manual', patches: [placeholder] })];
}

/** The same for a limit, where the container's own request comes first: it is what is planned for it. */
export function limitFixes(
  container: Container,
  resource: Resource,
  facts: Facts,
): readonly ProposedFix<Origin | 'own'>[] {
  const others = resourceFixes(container, 'limits', resource, facts);
  const value = container.requests.get(resource)?.value;
  if (value === undefined || !accepted(container, 'limits', resource, value)) return others;
  const own = patchFix(container.workload.object.document, {
    title: 'own',
    safety: 'suggested',
    data: { value },
    patches: [{ kind: 'set', path: resourcePath(container, 'limits', resource), value }],
  });
  return [...own, ...others.filter(({ data }) => data?.['value'] !== value)];
}

/** What a LimitRange of the file gives a container that says nothing. */
export function limitRangeValue(
  container: Container,
  part: Part,
  resource: Resource,
  file: CheckedFile,
): string | undefined {
  return containerDefaults(container.workload.object, file.kubernetes)[part].get(resource);
}

function* offers(
  container: Container,
  part: Part,
  resource: Resource,
  settings: Settings,
  file: CheckedFile,
): Generator<Offer> {
  const fromRange = limitRangeValue(container, part, resource, file);
  if (fromRange !== undefined) yield { origin: 'limitRange', value: fromRange };
  const fromSettings = settings.resources[part][resource];
  if (fromSettings !== undefined) yield { origin: 'settings', value: fromSettings };
  const { containers } = container.workload;
  // Its own kind first: what an init container needs says little of the program.
  for (const other of [...containers.filter(alike), ...containers.filter((one) => !alike(one))]) {
    const value = other === container ? undefined : other[part].get(resource)?.value;
    if (value !== undefined) yield { origin: 'sibling', value, from: other.name?.value ?? '' };
  }

  function alike(other: Container): boolean {
    return (other.role === 'init') === (container.role === 'init');
  }
}

/** Whether it is a quantity, and the request would not exceed the limit. */
function accepted(container: Container, part: Part, resource: Resource, value: string): boolean {
  if (compareQuantities(value, value) === undefined) return false;
  const other = container[part === 'limits' ? 'requests' : 'limits'].get(resource)?.value;
  if (other === undefined) return true;
  const order = part === 'limits' ? compareQuantities(other, value) : compareQuantities(value, other);
  return order === undefined || order <= 0;
}
