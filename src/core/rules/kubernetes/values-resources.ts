import { defineRule } from '../../engine/rule.ts';
import type { YamlDocument, YamlMapping, YamlPath } from '../../yaml/node.ts';
import { asMapping, entry, walk } from '../../yaml/read.ts';
import { exceedingMessages, exceedingRequests, exceedingTitles } from './parts/exceeding-requests.ts';
import { quantityFindings, quantityMessages } from './parts/quantity-findings.ts';
import { resourcePlaces } from './parts/quantity-places.ts';

export default defineRule('helm-values', {
  meta: {
    id: 'kubernetes/values-resources',
    rows: ['K105', 'K106'],
    summary: 'Resources among the values of a Helm chart should be right as well.',
    why: 'Charts put `resources` from their values into containers as they are. What is wrong there is wrong in every pod of the chart: a quantity that does not exist or was not meant, `memory: 128m`, or a request above its limit, shows only when the release is installed.',
    severity: 'error',
    topic: 'resources',
    messages: { ...quantityMessages, ...exceedingMessages },
    titles: { write: 'Write {rewritten}', ...exceedingTitles },
    fix: 'sometimes',
    examples: [
      {
        file: 'values.yaml',
        bad: `image:
  tag: "1.4"
resources:
  requests:
    cpu: 250m
    memory: 128m
`,
        good: `image:
  tag: "1.4"
resources:
  requests:
    cpu: 250m
    memory: 128Mi
`,
      },
    ],
    options: {},
    sources: [],
  },
  *check(document) {
    for (const { holder, path } of resourceHolders(document)) {
      yield* quantityFindings(document, resourcePlaces(holder, path));
      yield* exceedingRequests(document, holder, path);
    }
  },
});

/** The mappings that have `resources` as a container has them. */
function* resourceHolders(
  document: YamlDocument,
): Generator<{ readonly holder: YamlMapping; readonly path: YamlPath }> {
  for (const { node, path } of walk(document)) {
    if (node?.kind !== 'mapping') continue;
    const resources = asMapping(entry(node, 'resources')?.value);
    const parts = ['requests', 'limits'].map((part) => asMapping(entry(resources, part)?.value));
    if (parts.some((part) => part !== undefined)) yield { holder: node, path };
  }
}
