import { environmentOf } from '../../compose/environment.ts';
import type { ComposeService } from '../../compose/model.ts';
import { sizesOf } from '../../compose/sizes.ts';
import { defineRule } from '../../engine/rule.ts';
import { composeLoad } from '../../sizing/compose.ts';
import type { Located } from '../../text/span.ts';
import { knownItems, knownText, scalarText } from '../../yaml/field.ts';
import { heapFixes, heapMessage, heapSummary, heapsOf, heapTitle, heapWhy, mebibytes } from '../parts/heaps/heaps.ts';

const file = (size: string) => `services:
  web:
    image: web:1.4
    environment:
      JAVA_TOOL_OPTIONS: -Xmx${size}
    mem_limit: 1g
`;

export default defineRule('compose-service', {
  meta: {
    id: 'compose/service-heap-exceeds-limit',
    rows: ['K114'],
    summary: heapSummary,
    why: heapWhy,
    severity: 'warning',
    topic: 'resources',
    messages: { heap: heapMessage },
    titles: { smaller: heapTitle },
    fix: 'sometimes',
    examples: [{ file: 'compose.yaml', bad: file('2g'), good: file('768m') }],
    options: {},
    sources: [],
  },
  *check(service) {
    const { sizes, hidden } = sizesOf(service);
    if (hidden.has('mem_limit') || hidden.has('deploy.resources.limits.memory')) return;
    const limit = composeLoad(sizes).docker.memoryBytes;
    // No limit is written as 0.
    if (limit === 0n) return;
    for (const heap of heapsOf(environmentOf(service), wordsOf(service), limit)) {
      const { runtime, bytes, at } = heap;
      if (bytes < limit) continue;
      yield {
        message: 'heap',
        data: { runtime, heap: mebibytes(bytes), limit: mebibytes(limit) },
        span: at.span,
        fixes: heapFixes(service.file.document, heap),
      };
    }
  },
});

/** The words of `entrypoint` and `command`: a list, or one text. */
function wordsOf({ node }: ComposeService): readonly Located<string>[] {
  return ['entrypoint', 'command'].flatMap((key) => {
    const text = knownText(node, key);
    return text === undefined ? knownItems(node, key).flatMap((item) => scalarText(item.node) ?? []) : [text];
  });
}
