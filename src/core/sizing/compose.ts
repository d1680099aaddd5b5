import { parseComposeCpus, parseRamInBytes } from '../quantity/compose.ts';
import {
  type DockerCgroup,
  type DockerProblem,
  type DockerResources,
  dockerCgroup,
  dockerProblems,
  noDockerResources,
  withDefaultSwap,
} from './docker.ts';

/** The sizes of a Compose service as written; leave out what is unset, and what holds an unresolved `${…}`. */
export interface ComposeSizes {
  readonly cpus?: string | undefined;
  readonly cpuShares?: string | undefined;
  readonly cpuPeriod?: string | undefined;
  readonly cpuQuota?: string | undefined;
  readonly memLimit?: string | undefined;
  readonly memReservation?: string | undefined;
  readonly memswapLimit?: string | undefined;
  readonly pidsLimit?: string | undefined;
  readonly scale?: string | undefined;
  readonly containerName?: string | undefined;
  readonly replicas?: string | undefined;
  /** `deploy.resources.limits`; undefined where the block is absent, which is not the same as empty. */
  readonly limits?:
    | { readonly cpus?: string | undefined; readonly memory?: string | undefined; readonly pids?: string | undefined }
    | undefined;
  /** `deploy.resources.reservations`; Compose ignores its `cpus`. */
  readonly reservations?: { readonly memory?: string | undefined } | undefined;
}

export type ComposeProblem =
  /** No number, or no size. */
  | { readonly kind: 'unreadable'; readonly field: string; readonly text: string }
  /** The two say different things. Where `deploy` has the block without the key, that counts as zero. */
  | { readonly kind: 'distinct'; readonly field: string; readonly deployField: string }
  /** A container's name can be given once only. */
  | { readonly kind: 'named-replicas'; readonly field: 'scale' | 'deploy.replicas' }
  | ({ readonly kind: 'daemon' } & DockerProblem);

export interface ComposeLoad {
  /** What Compose asks of the daemon for each container, swap filled in. */
  readonly docker: DockerResources;
  readonly cgroup: DockerCgroup;
  readonly replicas: number;
  /** All replicas together; undefined where one container is not limited. */
  readonly total: { readonly nanoCpus: bigint | undefined; readonly memoryBytes: bigint | undefined };
  /** Why Compose or the daemon refuses the service; empty where they start it. */
  readonly problems: readonly ComposeProblem[];
}

/**
 * What a Compose service's containers are given (docker/compose pkg/compose/create.go:727; consistency by compose-go
 * loader/validate.go:131; the daemon's checks without the host's number of CPUs).
 */
export function composeLoad(sizes: ComposeSizes): ComposeLoad {
  const problems: ComposeProblem[] = [];
  const read = <T>(field: string, text: string | undefined, parse: (text: string) => T | undefined): T | undefined => {
    if (text === undefined) return undefined;
    const value = parse(text);
    if (value === undefined) problems.push({ kind: 'unreadable', field, text });
    return value;
  };
  const { limits, reservations } = sizes;
  const cpus = read('cpus', sizes.cpus, parseComposeCpus);
  const limitCpus = read('deploy.resources.limits.cpus', limits?.cpus, parseComposeCpus);
  const memory = read('mem_limit', sizes.memLimit, bytesOf);
  const limitMemory = read('deploy.resources.limits.memory', limits?.memory, bytesOf);
  const reservation = read('mem_reservation', sizes.memReservation, bytesOf);
  const deployReservation = read('deploy.resources.reservations.memory', reservations?.memory, bytesOf);
  const pids = read('pids_limit', sizes.pidsLimit, integerOf);
  const limitPids = read('deploy.resources.limits.pids', limits?.pids, integerOf);
  const scale = read('scale', sizes.scale, integerOf);
  const replicas = read('deploy.replicas', sizes.replicas, integerOf);

  const agree = (
    field: string,
    value: bigint | undefined,
    deployField: string,
    other: bigint | undefined,
    block: boolean,
  ): void => {
    if (!block || value === undefined || value === 0n || value === (other ?? 0n)) return;
    problems.push({ kind: 'distinct', field, deployField });
  };
  const limited = limits !== undefined;
  if (scale !== undefined && replicas !== undefined && scale !== replicas) {
    problems.push({ kind: 'distinct', field: 'scale', deployField: 'deploy.replicas' });
  }
  agree('cpus', cpus, 'deploy.resources.limits.cpus', limitCpus, limited);
  agree('mem_limit', memory, 'deploy.resources.limits.memory', limitMemory, limited);
  agree(
    'mem_reservation',
    reservation,
    'deploy.resources.reservations.memory',
    deployReservation,
    reservations !== undefined,
  );
  agree('pids_limit', pids, 'deploy.resources.limits.pids', limitPids, limited);
  const count = scale ?? replicas ?? 1n;
  if (sizes.containerName !== undefined && sizes.containerName !== '' && count > 1n) {
    problems.push({ kind: 'named-replicas', field: scale === undefined ? 'deploy.replicas' : 'scale' });
  }

  const docker = withDefaultSwap({
    ...noDockerResources,
    nanoCpus: limitCpus ?? cpus ?? 0n,
    cpuShares: Number(read('cpu_shares', sizes.cpuShares, integerOf) ?? 0n),
    cpuPeriodMicros: read('cpu_period', sizes.cpuPeriod, integerOf) ?? 0n,
    cpuQuotaMicros: read('cpu_quota', sizes.cpuQuota, integerOf) ?? 0n,
    memoryBytes: limitMemory ?? memory ?? 0n,
    memorySwapBytes: read('memswap_limit', sizes.memswapLimit, bytesOf) ?? 0n,
    memoryReservationBytes: deployReservation ?? reservation ?? 0n,
    pidsLimit: limitPids ?? pids ?? 0n,
  });
  for (const problem of dockerProblems(docker)) problems.push({ kind: 'daemon', ...problem });
  const times = (amount: bigint) => (amount > 0n ? amount * count : undefined);
  const total = { nanoCpus: times(docker.nanoCpus), memoryBytes: times(docker.memoryBytes) };
  return { docker, cgroup: dockerCgroup(docker), replicas: Number(count), total, problems };
}

/** What a service's fields alone ask of the daemon for each container, before {@link withDefaultSwap}. */
export function dockerResources(sizes: ComposeSizes): DockerResources {
  const { docker } = composeLoad(sizes);
  const said = sizes.memswapLimit === undefined ? undefined : bytesOf(sizes.memswapLimit);
  return { ...docker, memorySwapBytes: said ?? 0n };
}

/** What Compose or the daemon answers, in their words. */
export function composeProblemText(problem: ComposeProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `invalid value '${problem.text}' for '${problem.field}'`;
    case 'distinct':
      return `can't set distinct values on '${problem.field}' and '${problem.deployField}'`;
    case 'named-replicas':
      return `can't set container_name and ${problem.field} as container name must be unique`;
    case 'daemon':
      return problem.says;
  }
}

/** A size in bytes; a plain whole number may be negative, as `memswap_limit: -1` is. */
function bytesOf(text: string): bigint | undefined {
  if (/^-\d+$/.test(text)) return BigInt(text);
  const parsed = parseRamInBytes(text);
  return parsed.ok ? parsed.bytes : undefined;
}

function integerOf(text: string): bigint | undefined {
  return /^[+-]?\d+$/.test(text) ? BigInt(text) : undefined;
}
