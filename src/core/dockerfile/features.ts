import type { Dockerfile, Instruction } from './model.ts';
import { instructionsOf } from './subjects.ts';

/** What few Dockerfiles have, and many rules are about. */
export type Trait =
  | 'problem'
  | 'comment'
  /** Directives, or comments where they would stand. */
  | 'header'
  | 'instruction before FROM'
  | 'several stages'
  | 'stage name'
  | 'windows'
  | 'flag'
  | 'small letters'
  | 'broken JSON'
  | 'empty continuation'
  | 'legacy pair';

/** A kind of instruction that a Dockerfile has, or a trait. */
export type Feature = Instruction['kind'] | Trait;

const kinds: readonly Instruction['kind'][] = [
  ...(['from', 'run', 'cmd', 'label', 'maintainer', 'expose', 'env', 'add', 'copy', 'entrypoint'] as const),
  ...(['volume', 'user', 'workdir', 'arg', 'onbuild', 'stopsignal', 'healthcheck', 'shell', 'unknown'] as const),
];
const traits: readonly Trait[] = [
  ...(['problem', 'comment', 'header', 'instruction before FROM', 'several stages', 'stage name'] as const),
  ...(['windows', 'flag', 'small letters', 'broken JSON', 'empty continuation', 'legacy pair'] as const),
];

/** Each feature's own bit of a number. */
const bits = Object.fromEntries([...kinds, ...traits].map((feature, at) => [feature, 2 ** at])) as Readonly<
  Record<Feature, number>
>;

/** Which of the bits stand for any of the features. */
export function bitsOf(features: readonly Feature[]): number {
  return features.reduce((sum, feature) => sum | bits[feature], 0);
}

/** All features of a Dockerfile, each a bit. */
export function featuresOf(dockerfile: Dockerfile): number {
  const { problems, comments, directives, instructions, stages } = dockerfile;
  const [first] = instructions;
  let found = 0;
  if (problems.length > 0) found |= bits.problem;
  if (comments.length > 0) found |= bits.comment;
  if (directives.length > 0 || (comments[0]?.span.start ?? Infinity) < (first?.span.start ?? Infinity))
    found |= bits.header;
  if (first?.kind !== 'from') found |= bits['instruction before FROM'];
  if (stages.length > 1) found |= bits['several stages'];
  for (const { from, windows } of stages) {
    if (windows) found |= bits.windows;
    if (from?.alias !== undefined) found |= bits['stage name'];
  }
  for (const { instruction } of instructionsOf(dockerfile)) {
    found |= bits[instruction.kind];
    if (instruction.flags.length > 0) found |= bits.flag;
    if (instruction.brokenJson !== undefined) found |= bits['broken JSON'];
    if (instruction.emptyContinuations.length > 0) found |= bits['empty continuation'];
    if (!/^[A-Z]+$/.test(instruction.keyword.value)) found |= bits['small letters'];
    if ((instruction.kind === 'env' || instruction.kind === 'label') && instruction.pairs[0]?.legacy)
      found |= bits['legacy pair'];
  }
  return found;
}
