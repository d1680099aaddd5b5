import { spawnSync } from 'node:child_process';
import type { Parsed, Service, Surroundings } from '../../src/core/service.ts';

const found = spawnSync('shellcheck', ['--version']).error === undefined;

/** Why the tests that need the program are left out; false where it is installed. */
export const shellCheckMissing: string | false = found ? false : 'there is no `shellcheck` on the PATH';

/** What the installed program says of a file's scripts. */
export function askShellCheck(service: Service, parsed: Parsed): NonNullable<Surroundings['shellcheck']> {
  return new Map(
    service.shellCheckQuestions(parsed).map(({ key, words, text }) => {
      const { stdout } = spawnSync('shellcheck', words, { input: text, encoding: 'utf8' });
      return [key, service.readShellCheck(stdout)];
    }),
  );
}
