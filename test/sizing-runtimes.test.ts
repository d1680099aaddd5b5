import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { defaultPeriodMicros } from '../src/core/sizing/cgroup-cpu.ts';
import { lfuCounter } from '../src/core/sizing/redis-lfu.ts';
import {
  type CpuQuota,
  lastOption,
  noQuota,
  optionWords,
  quotaOfLimit,
  type RuntimeProcess,
} from '../src/core/sizing/runtime.ts';
import { dotnetHeap, dotnetProcessors } from '../src/core/sizing/runtime-dotnet.ts';
import {
  autoMaxProcs,
  goMaxProcs,
  goMemoryLimitBytes,
  goMemoryLimitMiB,
  goTargetHeap,
} from '../src/core/sizing/runtime-go.ts';
import {
  jvmBytes,
  jvmCollector,
  jvmHeap,
  jvmOptions,
  jvmProcessors,
  jvmReservation,
} from '../src/core/sizing/runtime-jvm.ts';
import { nodeHeap, nodeOptions, nodeThreadPool } from '../src/core/sizing/runtime-node.ts';
import {
  elasticsearchHeapMiB,
  memcachedItemBytes,
  memcachedLimit,
  postgresBuffers,
  redisBytes,
  redisCommandMemory,
  redisMaxMemory,
} from '../src/core/sizing/runtime-stores.ts';
import { gunicornRule, limitCores, nginxWorkers, pythonWorkers } from '../src/core/sizing/runtime-workers.ts';
import { runVectors } from './support/vectors.ts';

interface RuntimeInput {
  readonly runtime: string;
  readonly memoryLimitBytes?: number;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cpuQuotaMicros?: number | null;
  readonly cpuPeriodMicros?: number;
  readonly cpuLimitMilli?: number | null;
  readonly cpuQuota?: number;
  readonly cpuMax?: string;
  readonly cpus?: number;
  readonly hostCpus?: number;
  readonly onlineCpus?: number;
  readonly cpusetCpus?: number;
  readonly numCPU?: number;
  readonly affinityCPUs?: number;
  readonly jdk?: number;
  readonly version?: string;
  readonly threads?: number;
  readonly metaspaceBytes?: number;
  readonly headroomPercent?: number;
  readonly liveHeapMiB?: number;
  readonly gcRootsMiB?: number;
  readonly GOGC?: number;
  readonly cores?: number;
  readonly connections?: number;
  readonly persistence?: boolean;
  readonly lfuLogFactor?: number;
  readonly hits?: number;
  readonly roles?: readonly string[];
  readonly variant?: 'newer' | 'older';
}

type Values = Readonly<Record<string, unknown>>;

function quotaOf(input: RuntimeInput): CpuQuota {
  const {
    cpuQuotaMicros,
    cpuPeriodMicros = Number(defaultPeriodMicros),
    cpuLimitMilli,
    cpus,
    cpuQuota,
    cpuMax,
  } = input;
  if (cpuMax !== undefined) {
    const [quota = '', period = ''] = cpuMax.split(' ');
    return { quotaMicros: quota === 'max' ? undefined : BigInt(quota), periodMicros: BigInt(period) };
  }
  const share = cpus ?? cpuQuota;
  if (share !== undefined) return { ...noQuota, quotaMicros: BigInt(Math.round(share * 100_000)) };
  if (cpuLimitMilli != null) return quotaOfLimit(BigInt(cpuLimitMilli));
  if (cpuQuotaMicros == null) return noQuota;
  return { quotaMicros: BigInt(cpuQuotaMicros), periodMicros: BigInt(cpuPeriodMicros) };
}

function runtimeValues(input: RuntimeInput): Values {
  const memory = BigInt(input.memoryLimitBytes ?? 0);
  const quota = quotaOf(input);
  const { hostCpus = 0 } = input;
  const env = new Map(Object.entries(input.env ?? {}));
  const process = { args: input.flags ?? [], env };
  switch (input.runtime) {
    case 'jvm': {
      const options = jvmOptions(process);
      const heap = jvmHeap(memory, options);
      const processors = jvmProcessors(quota, hostCpus, options);
      const reservation = jvmReservation(memory, input.threads ?? 0, BigInt(input.metaspaceBytes ?? 0), options);
      return {
        maxHeapBytes: Number(heap.maxBytes),
        initialHeapBytes: Number(heap.initialBytes),
        warning: heap.exceedsLimit ? 'heap exceeds container limit' : undefined,
        activeProcessors: processors,
        gc: jvmCollector(memory, processors, input.jdk ?? 17, options),
        reservedNonHeapBytes: Number(reservation.nonHeapBytes),
        total: Number(reservation.totalBytes),
        exceedsLimit: reservation.exceedsLimit,
      };
    }
    case 'node': {
      const heap = nodeHeap(input.memoryLimitBytes === undefined ? undefined : memory, nodeOptions(process));
      return {
        heapSizeLimitMiB: heap?.heapLimitMiB,
        oldSpaceMiB: heap?.oldSpaceMiB,
        exceedsContainer: heap?.exceedsLimit,
        threads: nodeThreadPool(env),
      };
    }
    case 'go': {
      const [major = 1, minor = 25] = (input.version ?? '1.25').split('.').map(Number);
      const { numCPU = 0, affinityCPUs, liveHeapMiB = 0, gcRootsMiB = 0, GOGC = 100 } = input;
      const { procs } = goMaxProcs({
        version: [major, minor],
        quota,
        hostCpus: numCPU,
        affinityCpus: affinityCPUs,
        env,
      });
      return {
        gomaxprocs: procs,
        GOMEMLIMIT: `${goMemoryLimitMiB(memory, input.headroomPercent ?? 0)}MiB`,
        targetHeapMiB: goTargetHeap(liveHeapMiB, gcRootsMiB, GOGC),
      };
    }
    case 'go-automaxprocs':
      return { gomaxprocs: autoMaxProcs(quota) };
    case 'dotnet':
      return {
        heapHardLimitBytes: Number(dotnetHeap(memory).bytes),
        processorCount: dotnetProcessors(quota, hostCpus),
      };
    case 'gunicorn': {
      const rule = gunicornRule(input.cores ?? 0);
      return {
        workers: rule.workers,
        rangeLow: rule.range[0],
        rangeHigh: rule.range[1],
        workersFromCpuCount: gunicornRule(hostCpus).workers,
        workersFromLimit: gunicornRule(limitCores(quota, hostCpus)).workers,
      };
    }
    case 'nginx': {
      const { onlineCpus = 0, cpusetCpus } = input;
      return { workerProcesses: nginxWorkers({ quota, onlineCpus, cpusetCpus, env }) };
    }
    case 'postgres': {
      const { suggestedBytes, mostBytes, defaultBytes } = postgresBuffers(memory);
      return {
        sharedBuffersBytes: Number(suggestedBytes),
        maxReasonableBytes: Number(mostBytes),
        defaultBytes: Number(defaultBytes),
      };
    }
    case 'redis':
      return { maxmemoryBytes: Number(redisMaxMemory(memory, input.persistence === true)) };
    case 'memcached': {
      const items = memcachedItemBytes(process);
      const suggested = memcachedLimit(items, input.connections ?? 1024);
      return { itemMemoryBytes: Number(items), suggestedLimitBytes: Number(suggested) };
    }
    case 'elasticsearch': {
      const heap = elasticsearchHeapMiB(memory, input.roles ?? [], process, input.variant);
      return { heapMiB: heap === undefined ? null : Number(heap) };
    }
    default:
      return {};
  }
}

runVectors<RuntimeInput, Values>('runtimes', 187, (input, { note, ...expected }) => {
  if (typeof expected.counterApprox === 'number') {
    // The table is one measured run of a counter that grows by chance.
    const counter = lfuCounter(input.hits ?? 0, input.lfuLogFactor ?? 0);
    assert.ok(Math.abs(counter - expected.counterApprox) <= Math.max(2, expected.counterApprox * 0.04), `${counter}`);
    return;
  }
  assert.ok(Object.keys(expected).length > 0);
  assert.deepEqual(
    Object.fromEntries(Object.entries(runtimeValues(input)).filter(([key]) => key in expected)),
    expected,
  );
});

const started = (line: string, env: Readonly<Record<string, string>> = {}): RuntimeProcess => {
  return { args: line.split(' ').filter((word) => word !== ''), env: new Map(Object.entries(env)) };
};

describe('a JVM', () => {
  it('takes the last option, of the environment and of the command before the class or the jar', () => {
    const env = { JAVA_TOOL_OPTIONS: '-Xmx1g -XX:+UseSerialGC', _JAVA_OPTIONS: '-Xss512k' };
    const options = jvmOptions(started('java -Xmx512m -XX:MaxRAMPercentage=70.5 -jar app.jar -Xmx9g', env));
    assert.equal(options.maxHeapBytes, 512n << 20n);
    assert.equal(options.maxRamPercentage, 70.5);
    assert.equal(options.gc, 'Serial');
    assert.equal(options.stackBytes, 512n << 10n);
    assert.equal(
      jvmOptions(started('java', { JAVA_TOOL_OPTIONS: '-Xmx1g', _JAVA_OPTIONS: '-Xmx2g' })).maxHeapBytes,
      2n << 30n,
    );
    assert.equal(
      jvmOptions(started('java -XX:ThreadStackSize=256 -XX:ActiveProcessorCount=3 Main')).activeProcessors,
      3,
    );
    const heap = (line: string) => jvmOptions(started(line)).maxHeapBytes;
    assert.equal(heap('java -cp app.jar:lib/* @args -Xmx64m Main -Xmx9g'), 64n << 20n);
    assert.equal(heap('-Xmx64m -jar app.jar'), 64n << 20n);
    assert.equal(heap('java --module-path mods -m app/Main -Xmx9g'), undefined);
    for (const wrong of ['', 'g', '1.5g', '-1', '1gb']) assert.equal(jvmBytes(wrong), undefined, wrong);
  });

  it('never starts above its most, and grows with the container', () => {
    const size = fc.bigInt(1n << 20n, 1n << 40n);
    const percent = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(size, size, percent, (limit, more, maxRamPercentage) => {
        const heap = jvmHeap(limit, { maxRamPercentage });
        assert.ok(heap.initialBytes <= heap.maxBytes);
        assert.equal(heap.maxBytes % (2n << 20n), 0n);
        assert.ok(jvmHeap(limit + more, { maxRamPercentage }).maxBytes >= heap.maxBytes);
      }),
    );
  });

  it('says which rule gave the heap', () => {
    const rule = (limitMiB: bigint, options = {}) => jvmHeap(limitMiB << 20n, options).rule;
    assert.equal(rule(128n), 'min-ram-percentage');
    assert.equal(rule(300n), 'floor');
    assert.equal(rule(1024n), 'max-ram-percentage');
    assert.equal(rule(1024n, { maxHeapBytes: 1n }), 'max-heap');
    assert.equal(jvmCollector(1n, 1, 27), 'G1');
  });
});

describe('Node', () => {
  it('takes the command before NODE_OPTIONS, and a percentage before a size', () => {
    const env = { NODE_OPTIONS: '--max-old-space-size=100 --max_old_space_size_percentage=50' };
    const options = nodeOptions(started('node --max-old-space-size=200 server.js --max-old-space-size=300', env));
    assert.deepEqual(options, { oldSpaceMiB: 200, oldSpacePercent: 50 });
    assert.equal(nodeHeap(1n << 30n, options)?.rule, 'percentage');
    assert.equal(nodeHeap(undefined, options)?.oldSpaceMiB, 200);
    assert.equal(nodeHeap(undefined), undefined);
    const size = (line: string) => nodeOptions(started(line)).oldSpaceMiB;
    assert.equal(size('node -r dotenv/config --max-old-space-size=64 server.js'), 64);
    const percent = (text: string) =>
      nodeOptions(started(`node --max-old-space-size-percentage=${text} a.js`)).oldSpacePercent;
    assert.deepEqual(['62.5', '0', '101', 'x'].map(percent), [62.5, undefined, undefined, undefined]);
  });

  it('reads the size of the pool as atoi does', () => {
    const threads = (text: string) => nodeThreadPool(new Map([['UV_THREADPOOL_SIZE', text]]));
    assert.deepEqual(['8x', 'many', '', '-1'].map(threads), [8, 1, 1, 1024]);
  });
});

describe('Go', () => {
  it('reads GOMEMLIMIT', () => {
    assert.equal(goMemoryLimitBytes('230MiB'), 230n << 20n);
    assert.equal(goMemoryLimitBytes('1024'), 1024n);
    for (const wrong of ['off', '1GB', '1.5GiB', '']) assert.equal(goMemoryLimitBytes(wrong), undefined, wrong);
  });

  it('never runs more threads than CPUs, nor fewer than two of them by the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), fc.integer({ min: 1, max: 300_000 }), (hostCpus, limit) => {
        const { procs } = goMaxProcs({ version: [1, 25], quota: quotaOfLimit(BigInt(limit)), hostCpus });
        assert.ok(procs <= hostCpus && procs >= Math.min(2, hostCpus));
      }),
    );
  });
});

describe('.NET', () => {
  it('reads its variables in hexadecimal', () => {
    const heap = (name: string, text: string) => dotnetHeap(1n << 30n, new Map([[name, text]])).bytes;
    assert.equal(heap('DOTNET_GCHeapHardLimit', 'C800000'), 200n << 20n);
    assert.equal(heap('DOTNET_GCHeapHardLimitPercent', '0x32'), 512n << 20n);
    assert.equal(heap('COMPlus_GCHeapHardLimit', '0xC800000'), 200n << 20n);
    assert.equal(heap('DOTNET_GCHeapHardLimitPercent', 'FF'), 768n << 20n);
    assert.equal(dotnetProcessors(noQuota, 8, new Map([['DOTNET_PROCESSOR_COUNT', '3']])), 3);
  });
});

describe('servers', () => {
  it('start the workers that command and environment say', () => {
    const workers = (line: string, env = {}) => pythonWorkers(started(line, env));
    assert.equal(workers('gunicorn app:app'), 1);
    assert.equal(workers('gunicorn -w 4 app:app', { WEB_CONCURRENCY: '2' }), 4);
    assert.equal(workers('gunicorn -w3 app:app'), 3);
    assert.equal(workers('uvicorn app:app --workers=5'), 5);
    assert.equal(workers('gunicorn app:app', { GUNICORN_CMD_ARGS: '--workers 6' }), 6);
    assert.equal(workers('gunicorn app:app', { WEB_CONCURRENCY: '2' }), 2);
  });

  it('keep the memory that their commands say', () => {
    assert.equal(
      redisCommandMemory(started('redis-server --maxmemory 100mb --maxmemory-policy allkeys-lru')),
      100n << 20n,
    );
    assert.equal(redisCommandMemory(started('redis-server --maxmemory 0')), undefined);
    assert.equal(redisCommandMemory(started('redis-server')), undefined);
    assert.deepEqual(['1k', '1KB', '2g', '5', '1x'].map(redisBytes), [1000n, 1024n, 2_000_000_000n, 5n, undefined]);
    assert.equal(memcachedItemBytes(started('memcached -m128 -c 100')), 128n << 20n);
    assert.equal(memcachedItemBytes(started('memcached --memory-limit=32')), 32n << 20n);
  });

  it('count an hour of hits of a Redis key on average as chance does', () => {
    for (const factor of [0, 1, 10, 100]) {
      let state = 12345;
      const random = () => {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
        return state / 2_147_483_648;
      };
      let sum = 0;
      for (let run = 0; run < 50; run++) {
        let counter = 5;
        for (let hit = 0; hit < 3000; hit++) {
          if (counter < 255 && random() < 1 / ((counter - 5) * factor + 1)) counter++;
        }
        sum += counter;
      }
      const average = sum / 50;
      assert.ok(Math.abs(lfuCounter(3000, factor) - average) < 2.5, `${factor}: ${average}`);
    }
  });
});

describe('options', () => {
  it('are words, with quotes taken off', () => {
    assert.deepEqual(optionWords(`-a  "-b c" -D'x y'=1`), ['-a', '-b c', '-Dx y=1']);
    assert.deepEqual(optionWords(undefined), []);
    assert.equal(lastOption(['-w'], ['-w'], true), undefined);
  });
});
