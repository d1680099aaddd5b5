import { onceFor } from '../text/once-for.ts';
import type { Dockerfile, Instruction, Mount, RunInstruction, Stage } from './model.ts';

/** The stages that a stage is made of, the oldest first, itself last. */
export const ancestry = onceFor((stage: Stage): readonly Stage[] => {
  const chain: Stage[] = [];
  for (let at: Stage | undefined = stage; at !== undefined && !chain.includes(at); at = at.parent) chain.unshift(at);
  return chain;
});

const ofAncestry = onceFor((stage: Stage): readonly Instruction[] =>
  ancestry(stage).flatMap(({ instructions }) => instructions),
);

/** What has been said when an instruction of `stage` runs: all of its ancestry up to, not including, `before`. */
export function instructionsBefore(stage: Stage, before?: Instruction): readonly Instruction[] {
  const all = stage.parent === undefined ? stage.instructions : ofAncestry(stage);
  if (before === undefined) return all;
  const end = all.findIndex((one) => one === before || (one.kind === 'onbuild' && one.trigger === before));
  return end < 0 ? all : all.slice(0, end);
}

/** The first instruction of a stage's ancestry that matches, by pattern: a file of thousands of lines asks for each of them. */
const mentions = onceFor((_stage: Stage) => new Map<RegExp, Instruction | undefined>());

/** Whether the text of an instruction before `before` matches: settings made by files and programs leave no better trace. */
export function mentionedBefore(dockerfile: Dockerfile, stage: Stage, pattern: RegExp, before: Instruction): boolean {
  const known = mentions(stage);
  if (!known.has(pattern)) {
    const matches = ({ span }: Instruction) => pattern.test(dockerfile.text.slice(span.start, span.end));
    known.set(pattern, instructionsBefore(stage).find(matches));
  }
  const first = known.get(pattern);
  return first !== undefined && first.span.end <= before.span.start;
}

/** Whether a mount of the type `cache` or `tmpfs` stands over a folder or one of its parents. */
export function mountCovers(run: RunInstruction, folder: string): boolean {
  return run.mounts.some((mount) => {
    const target = mountTarget(mount);
    if (target === undefined || (mount.type !== 'cache' && mount.type !== 'tmpfs')) return false;
    return folder === target || folder.startsWith(target.endsWith('/') ? target : `${target}/`);
  });
}

/** Where a mount is seen in the container, without a slash at its end. */
export function mountTarget(mount: Mount): string | undefined {
  const target = mount.properties.get('target');
  return target?.value.replace(/(.)\/+$/, '$1');
}
