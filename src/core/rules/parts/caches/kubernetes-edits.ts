import type { CacheContainer } from '../../../caches/in-kubernetes.ts';
import { patchFix } from '../../patch-fix.ts';
import { withWord, withWords } from './command-fix.ts';
import type { CacheEdits } from './memory.ts';

/** Mends the arguments of a container. */
export function editsOf<const Title extends string>({ container, server }: CacheContainer): CacheEdits<Title> {
  const { document } = container.workload.object;
  return {
    add: (title, data, words) =>
      patchFix(document, {
        title,
        data,
        safety: 'suggested',
        patches: withWords(server, container.path, 'args', words),
      }),
    replace: (title, data, word, value) =>
      patchFix(document, { title, data, safety: 'suggested', patches: withWord(word, value) }),
  };
}
