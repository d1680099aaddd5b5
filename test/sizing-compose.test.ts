import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseComposeCpus, parseDockerCpus } from '../src/core/quantity/compose.ts';
import { type ComposeSizes, composeLoad, composeProblemText } from '../src/core/sizing/compose.ts';
import { dockerCgroup, dockerProblems, noDockerResources } from '../src/core/sizing/docker.ts';
import { runVectors } from './support/vectors.ts';

type Written = string | number;

interface SpelledService {
  readonly cpus?: Written;
  readonly cpu_shares?: Written;
  readonly mem_limit?: Written;
  readonly memswap_limit?: Written;
  readonly scale?: Written;
  readonly container_name?: string;
  readonly deploy?: {
    readonly replicas?: Written;
    readonly resources?: {
      readonly limits?: { readonly cpus?: Written; readonly memory?: Written; readonly pids?: Written };
      readonly reservations?: { readonly memory?: Written };
    };
  };
}

/** A service's fields as the text they are in YAML. */
function sizesOf(service: SpelledService): ComposeSizes {
  const text = (value: Written | undefined) => (value === undefined ? undefined : `${value}`);
  const { limits, reservations } = service.deploy?.resources ?? {};
  return {
    cpus: text(service.cpus),
    cpuShares: text(service.cpu_shares),
    memLimit: text(service.mem_limit),
    memswapLimit: text(service.memswap_limit),
    scale: text(service.scale),
    containerName: service.container_name,
    replicas: text(service.deploy?.replicas),
    limits: limits && { cpus: text(limits.cpus), memory: text(limits.memory), pids: text(limits.pids) },
    reservations: reservations && { memory: text(reservations.memory) },
  };
}

type DockerInput =
  | { readonly fn: 'composeService'; readonly service: SpelledService }
  | { readonly fn: 'composeCpus'; readonly cpus: number }
  | { readonly fn: 'dockerCpus'; readonly text: string }
  | {
      readonly fn: 'dockerValidate';
      readonly memory?: number;
      readonly memorySwap?: number;
      readonly memoryReservation?: number;
      readonly nanoCPUs?: number;
      readonly cpuPeriod?: number;
      readonly cpuQuota?: number;
      readonly blkioWeight?: number;
      readonly hostCPUs?: number;
    };

type Expected = Readonly<Record<string, unknown>>;

/** Numbers instead of big ones, to compare with JSON. */
function plain(values: Expected): Expected {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'bigint' ? Number(value) : value]),
  );
}

function checkService(service: SpelledService, expected: Expected): void {
  const { docker, cgroup, total, problems } = composeLoad(sizesOf(service));
  const messages = problems.map(composeProblemText);
  if (expected['error'] !== undefined) {
    assert.deepEqual(messages, [expected['error']]);
    return;
  }
  assert.deepEqual(messages, []);
  const actual = plain({
    nanoCPUs: docker.nanoCpus,
    memory: docker.memoryBytes,
    memorySwap: docker.memorySwapBytes,
    memoryReservation: docker.memoryReservationBytes,
    pidsLimit: docker.pidsLimit,
    cpuShares: docker.cpuShares,
    cpuMax: cgroup.cpuMax,
    cpuWeightLinear: cgroup.weightLinear,
    cpuWeightQuadratic: cgroup.weightQuadratic,
    memoryMax: cgroup.memoryMax,
    memorySwapMax: cgroup.memorySwapMax,
    memoryLow: cgroup.memoryLow,
    totalLimitCPUs: total.nanoCpus === undefined ? undefined : Number(total.nanoCpus) / 1e9,
    totalLimitBytes: total.memoryBytes,
  });
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]])), expected);
}

function checkCpus(nanoCpus: bigint | undefined, expected: Expected): void {
  assert.equal(nanoCpus === undefined, expected['error'] === true);
  if (nanoCpus === undefined || expected['quotaMicros'] === undefined) return;
  const { quotaMicros, periodMicros } = dockerCgroup({ ...noDockerResources, nanoCpus });
  assert.deepEqual(plain({ nanoCPUs: nanoCpus, quotaMicros, periodMicros }), expected);
}

runVectors<DockerInput, Expected>(
  'docker-compose',
  46,
  (input, expected) => {
    switch (input.fn) {
      case 'composeService':
        return checkService(input.service, expected);
      case 'composeCpus':
        return checkCpus(parseComposeCpus(`${input.cpus}`), expected);
      case 'dockerCpus':
        return checkCpus(parseDockerCpus(input.text), expected);
      case 'dockerValidate': {
        const resources = {
          ...noDockerResources,
          memoryBytes: BigInt(input.memory ?? 0),
          memorySwapBytes: BigInt(input.memorySwap ?? 0),
          memoryReservationBytes: BigInt(input.memoryReservation ?? 0),
          nanoCpus: BigInt(input.nanoCPUs ?? 0),
          cpuPeriodMicros: BigInt(input.cpuPeriod ?? 0),
          cpuQuotaMicros: BigInt(input.cpuQuota ?? 0),
          blkioWeight: input.blkioWeight ?? 0,
        };
        const says = dockerProblems(resources, input.hostCPUs).map((problem) => problem.says);
        if (expected['ok'] === true) return assert.deepEqual(says, []);
        assert.equal(says.length, 1);
        assert.ok(says[0]?.includes(String(expected['error'])), says[0]);
      }
    }
  },
  // Sizes alone are in the quantity suite.
  ({ fn }) => ['composeService', 'composeCpus', 'dockerCpus', 'dockerValidate'].includes(fn),
);

describe('Compose services', () => {
  it('say which fields cannot be read, and go on with the others', () => {
    const { docker, problems } = composeLoad({ cpus: 'half', memLimit: '512m', scale: 'many', pidsLimit: '1.5' });
    assert.equal(docker.memoryBytes, 512n << 20n);
    assert.deepEqual(problems.map(composeProblemText), [
      "invalid value 'half' for 'cpus'",
      "invalid value '1.5' for 'pids_limit'",
      "invalid value 'many' for 'scale'",
    ]);
  });

  it('are refused by the daemon below 6 MiB', () => {
    const { problems } = composeLoad({ memLimit: '4m' });
    assert.deepEqual(
      problems.map((problem) => [problem.kind, 'field' in problem && problem.field]),
      [['daemon', 'memoryBytes']],
    );
  });

  it('have no total while one container is not limited', () => {
    assert.deepEqual(composeLoad({ scale: '3', cpus: '0.5' }).total, {
      nanoCpus: 1_500_000_000n,
      memoryBytes: undefined,
    });
  });

  it('never throw, whatever is written', () => {
    const written = fc.option(
      fc.constantFrom('', '-1', '0', '1', '0.5', '512m', '9e300p', '1e39', 'x', '9'.repeat(400)),
      {
        nil: undefined,
      },
    );
    const block = fc.option(fc.record({ cpus: written, memory: written, pids: written }), { nil: undefined });
    const sizes = fc.record({
      cpus: written,
      cpuShares: written,
      cpuPeriod: written,
      cpuQuota: written,
      memLimit: written,
      memswapLimit: written,
      memReservation: written,
      pidsLimit: written,
      scale: written,
      replicas: written,
      containerName: written,
      limits: block,
      reservations: block,
    });
    fc.assert(
      fc.property(sizes, (service) => {
        for (const problem of composeLoad(service).problems) assert.notEqual(composeProblemText(problem), '');
      }),
    );
  });
});
