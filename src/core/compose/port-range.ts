/** Ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** `80` or `8000-8010`; undefined where it is neither, or out of range. A range may still end before it begins. */
export function portRange(text: string): PortRange | undefined {
  const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? first);
  return first > 65_535 || last > 65_535 ? undefined : { first, last };
}

export function portCount({ first, last }: PortRange): number {
  return last - first + 1;
}
