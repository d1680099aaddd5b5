/** What a flag takes. `flag` is true or false, and true where it has no value. */
export type FlagValue = 'text' | 'flag' | 'duration' | 'count' | readonly string[];

export interface KnownFlag {
  readonly name: string;
  readonly takes: FlagValue;
  /** It may be given several times. */
  readonly repeats?: true;
}

const owner: KnownFlag = { name: 'chown', takes: 'text' };
const mode: KnownFlag = { name: 'chmod', takes: 'text' };
const link: KnownFlag = { name: 'link', takes: 'flag' };
const exclude: KnownFlag = { name: 'exclude', takes: 'text', repeats: true };

/**
 * The flags of each instruction, those of the `-labs` frontends included; what is not named here has none.
 * Source: frontend/dockerfile of github.com/moby/buildkit at 73ed6825 (dockerfile/1.26), `instructions/*.go`.
 */
export const instructionFlags: Readonly<Record<string, readonly KnownFlag[]>> = {
  from: [{ name: 'platform', takes: 'text' }],
  run: [
    { name: 'mount', takes: 'text', repeats: true },
    { name: 'network', takes: ['default', 'none', 'host'] },
    { name: 'security', takes: ['sandbox', 'insecure'] },
    { name: 'device', takes: 'text', repeats: true },
  ],
  copy: [{ name: 'from', takes: 'text' }, owner, mode, link, { name: 'parents', takes: 'flag' }, exclude],
  add: [
    { name: 'keep-git-dir', takes: 'flag' },
    { name: 'checksum', takes: 'text' },
    owner,
    mode,
    link,
    { name: 'unpack', takes: 'flag' },
    exclude,
  ],
  healthcheck: [
    { name: 'interval', takes: 'duration' },
    { name: 'timeout', takes: 'duration' },
    { name: 'start-period', takes: 'duration' },
    { name: 'start-interval', takes: 'duration' },
    { name: 'retries', takes: 'count' },
  ],
};
