import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { sharedPath } from './shared.ts';

/** One entry of a vector file. Integers beyond 2⁵³ are strings there. */
export interface Vector<Input, Expected> {
  readonly name: string;
  readonly input: Input;
  readonly expected: Expected;
}

/**
 * Declares one test for each entry of `shared/vectors/<file>.json` that is in `only`, and one that fails when these are
 * fewer than `atLeast`. Says so and skips where the shared material is not there.
 */
export function runVectors<Input, Expected>(
  file: string,
  atLeast: number,
  check: (input: Input, expected: Expected) => void,
  only: (input: Input) => boolean = () => true,
): void {
  const path = sharedPath(`vectors/${file}.json`);
  const skip = path === undefined ? `../shared/vectors/${file}.json is not there` : false;
  const all: readonly Vector<Input, Expected>[] = path === undefined ? [] : JSON.parse(readFileSync(path, 'utf8'));
  const vectors = all.filter(({ input }) => only(input));
  describe(`vectors: ${file}`, () => {
    it(`has at least ${atLeast} entries`, { skip }, () => {
      if (vectors.length < atLeast) throw new Error(`${file}.json gives ${vectors.length} only.`);
    });
    for (const { name, input, expected } of vectors) it(name, () => check(input, expected));
  });
}
