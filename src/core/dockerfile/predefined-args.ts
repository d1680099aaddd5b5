/** ARGs that BuildKit sets by itself for FROM; a stage has them behind an `ARG` of its own. */
export const platformArgs: readonly string[] = ['TARGET', 'BUILD'].flatMap((side) =>
  ['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].map((part) => side + part),
);

const platforms: ReadonlySet<string> = new Set(platformArgs);

/** Whether FROM knows an ARG without any declaration. */
export function setForFrom(name: string): boolean {
  return platforms.has(name) || name === 'TARGETSTAGE';
}

/** Whether an ARG means something to the builder or to the network, or is passed on without being named in the file. */
export function isPredefined(name: string): boolean {
  return (
    setForFrom(name) ||
    name === 'SOURCE_DATE_EPOCH' ||
    name.startsWith('BUILDKIT_') ||
    /^(?:https?|ftp|no|all)_proxy$/i.test(name)
  );
}
