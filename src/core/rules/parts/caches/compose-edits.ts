import type { CacheServer } from '../../../caches/server.ts';
import type { ComposeService } from '../../../compose/model.ts';
import { patchFix } from '../../patch-fix.ts';
import { withWord, withWords } from './command-fix.ts';
import type { CacheEdits } from './memory.ts';

/** Mends the command of a service. */
export function editsOf<const Title extends string>(service: ComposeService, server: CacheServer): CacheEdits<Title> {
  const { document } = service.file;
  return {
    add: (title, data, words) =>
      patchFix(document, {
        title,
        data,
        safety: 'suggested',
        patches: withWords(server, service.path, 'command', words),
      }),
    replace: (title, data, word, value) =>
      patchFix(document, { title, data, safety: 'suggested', patches: withWord(word, value) }),
  };
}
