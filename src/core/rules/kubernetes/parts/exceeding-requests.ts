import { allowsOvercommit } from '../../../sizing/resources.ts';
import type { Located } from '../../../text/span.ts';
import { knownMapping, textMap } from '../../../yaml/field.ts';
import type { YamlDocument, YamlMapping, YamlPath } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';
import { compareQuantities } from './quantities.ts';

export const exceedingMessages = { exceeds: '{resource} request {request} exceeds its limit {limit}' } as const;
export const exceedingTitles = {
  raise: 'Raise the limit to {request}',
  lower: 'Lower the request to {limit}',
} as const;

/** Those in `resources` of a pod, of one of its containers, or of what is written like one. */
export function* exceedingRequests(document: YamlDocument, holder: YamlMapping, path: YamlPath) {
  const quantities = (part: string): ReadonlyMap<string, Located<string>> =>
    textMap(knownMapping(holder, 'resources', part));
  const limits = quantities('limits');
  for (const [resource, request] of quantities('requests')) {
    // Devices and huge pages may not differ at all: rules of their own tell.
    if (!allowsOvercommit(resource)) continue;
    const limit = limits.get(resource);
    const order = limit && compareQuantities(request.value, limit.value);
    if (limit === undefined || order === undefined || order <= 0) continue;
    const at = (part: string): YamlPath => [...path, 'resources', part, resource];
    yield {
      message: 'exceeds' as const,
      data: { resource: words[resource] ?? resource, request: request.value, limit: limit.value },
      span: request.span,
      fixes: [
        ...patchFix(document, {
          title: 'raise',
          safety: 'suggested',
          patches: [{ kind: 'set', path: at('limits'), value: request.value }],
        }),
        ...patchFix(document, {
          title: 'lower',
          safety: 'suggested',
          patches: [{ kind: 'set', path: at('requests'), value: limit.value }],
        }),
      ],
    };
  }
}

const words: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  memory: 'Memory',
  'ephemeral-storage': 'Ephemeral storage',
};
