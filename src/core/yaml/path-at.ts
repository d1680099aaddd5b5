import { containsSpan, type Span } from '../text/span.ts';
import type { YamlNode, YamlPath } from './node.ts';

/** The keys and indexes that lead to the innermost thing written around the span; a key leads to where its value is. */
export function pathAt(root: YamlNode | null, span: Span): YamlPath {
  const path: (string | number)[] = [];
  let node = root;
  while (node !== null) {
    if (node.kind === 'mapping') {
      const pair = node.pairs.find((candidate) => containsSpan(candidate.span, span));
      if (pair === undefined) break;
      path.push(pair.key.text);
      node = pair.value;
    } else if (node.kind === 'sequence') {
      const index = node.items.findIndex((item) => item !== null && containsSpan(item.span, span));
      path.push(...(index < 0 ? [] : [index]));
      node = node.items[index] ?? null;
    } else break;
  }
  return path;
}

/** The path as one text, `spec.containers[0].image`; a key that is no plain word stands in brackets and quotes. */
export function pathText(path: YamlPath): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
    })
    .join('')
    .replace(/^\./, '');
}
