import type { KubernetesVersion } from '../kubernetes/model.ts';

export type Severity = 'error' | 'warning' | 'information';

/** What a person says of one rule: a severity, `off`, `on` (its own severity), or those with options. */
export interface RuleSetting {
  readonly level: Severity | 'off' | 'on';
  readonly options: Readonly<Record<string, unknown>>;
}

export type CpuLimitPolicy = 'optional' | 'required' | 'forbidden';

export const profiles = ['recommended', 'strict', 'hadolint', 'buildkit'] as const;

export type Profile = (typeof profiles)[number];

/** Levels of the Pod Security Standards, the strictest first. */
export const podSecurityLevels = ['restricted', 'baseline', 'privileged'] as const;

export type PodSecurityLevel = (typeof podSecurityLevels)[number];

/** Values that fixes may write because the user has said them. Quantities as text. */
export interface ResourceProfile {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

/** One model for VS Code's settings, `.plimsoll.yaml` and the command line. */
export interface Settings {
  /** `strict` turns on the rules that are off by default; `hadolint` and `buildkit` leave of the Dockerfile rules those that the tool has. */
  readonly profile: Profile;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly policy: { readonly cpuLimits: CpuLimitPolicy };
  /** The controls of this level and of those below it are reported; `privileged` has none. */
  readonly podSecurity: PodSecurityLevel;
  readonly kubernetesVersion: KubernetesVersion;
  readonly resources: ResourceProfile;
  /** The node that previews assume: quantities as text. */
  readonly node: { readonly cpu: string; readonly memory: string };
  /** The machine that Compose files are for: whole CPUs, and memory as Docker writes it; empty where nobody has said. */
  readonly host: { readonly cpus: string; readonly memory: string };
  /** What previews need and no manifest says, by the names of `assumptions.ts`, as text. */
  readonly assumptions: Readonly<Record<string, string>>;
}

export const defaultSettings: Settings = {
  profile: 'recommended',
  rules: {},
  policy: { cpuLimits: 'optional' },
  podSecurity: 'restricted',
  kubernetesVersion: { major: 1, minor: 36 },
  resources: { requests: {}, limits: {} },
  node: { cpu: '4', memory: '16Gi' },
  host: { cpus: '', memory: '' },
  assumptions: {},
};
