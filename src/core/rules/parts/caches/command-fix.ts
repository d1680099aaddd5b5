import type { CacheServer } from '../../../caches/server.ts';
import type { CommandWord } from '../../../caches/words.ts';
import type { YamlPatch, YamlPath } from '../../../yaml/node.ts';

/**
 * The patches that start the server with more words; none where it is started by a script, or by an image whose entry point
 * is not known. `key` is where a container or service writes its arguments.
 */
export function withWords(
  server: CacheServer,
  path: YamlPath,
  key: string,
  words: readonly string[],
): readonly YamlPatch[] {
  const { command, official, program } = server;
  if (command === undefined) {
    if (!official) return [];
    const value = [program === 'redis' ? 'redis-server' : 'memcached', ...words];
    return [{ kind: 'set', path: [...path, key], value }];
  }
  if (command.open) return [];
  if (command.text !== undefined) {
    const quoted = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `"${word}"`));
    return [{ kind: 'set', path: command.path, value: `${command.text.trimEnd()} ${quoted.join(' ')}` }];
  }
  return command.form === 'list' ? words.map((value) => ({ kind: 'append', path: command.path, value })) : [];
}

/** The patch that puts another value in a word's place; none where the word is a part of a longer text. */
export function withWord(word: CommandWord | undefined, value: string): readonly YamlPatch[] {
  return word?.path === undefined ? [] : [{ kind: 'set', path: word.path, value }];
}
