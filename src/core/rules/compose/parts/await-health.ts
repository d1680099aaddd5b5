import { dependenciesOf } from '../../../compose/dependencies.ts';
import type { ComposeService } from '../../../compose/model.ts';
import { fieldAt } from '../../../yaml/field.ts';
import type { YamlPatch } from '../../../yaml/node.ts';
import { asSequence } from '../../../yaml/read.ts';

/**
 * Patches that make a service wait until some others are healthy: a list becomes the long form, in which the rest are
 * waited for as before. Undefined where a comment or something that is not known would be lost.
 */
export function awaitHealth(service: ComposeService, healthy: ReadonlySet<string>): readonly YamlPatch[] | undefined {
  const { node, path, file } = service;
  const field = fieldAt(node, 'depends_on');
  const list = field === undefined || field === 'unknown' ? undefined : asSequence(field);
  const names = dependenciesOf(service).map((dependency) => dependency.name.value);
  if (list === undefined || list.open || names.length !== list.items.length) return undefined;
  if (file.document.comments.some(({ span }) => span.start >= list.span.start && span.end <= list.span.end))
    return undefined;
  const conditions = names.map(
    (one) => [one, { condition: healthy.has(one) ? 'service_healthy' : 'service_started' }] as const,
  );
  return [{ kind: 'set', path: [...path, 'depends_on'], value: Object.fromEntries(conditions) }];
}
