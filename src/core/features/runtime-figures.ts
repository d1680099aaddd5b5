import { containerCpu } from '../sizing/cgroup-cpu.ts';
import { containerMemory } from '../sizing/cgroup-memory.ts';
import { containerAt, noResources } from '../sizing/resources.ts';
import { type CpuQuota, optionWords, percentOf, wholeCpus, wholeNumber, wordsFrom } from '../sizing/runtime.ts';
import { dotnetHeap, dotnetProcessors } from '../sizing/runtime-dotnet.ts';
import { autoMaxProcs, goMaxProcs, goMemoryLimitBytes, goMemoryLimitMiB } from '../sizing/runtime-go.ts';
import { jvmCollector, jvmHeap, jvmOptions, jvmProcessors, jvmReservation, startedJvm } from '../sizing/runtime-jvm.ts';
import { nodeHeap, nodeOptions, nodeThreadPool } from '../sizing/runtime-node.ts';
import {
  elasticsearchHeapMiB,
  memcachedItemBytes,
  memcachedLimit,
  postgresBuffers,
  redisCommandMemory,
  redisMaxMemory,
} from '../sizing/runtime-stores.ts';
import { gunicornRule, limitCores, nginxWorkers, pythonWorkers } from '../sizing/runtime-workers.ts';
import { cacheIn } from './cache-figures.ts';
import { bytes, nano } from './explain.ts';
import type { WorkloadFields } from './load-fields.ts';
import { located } from './load-figures.ts';
import type { Certainty, Draft, Figure } from './load-view.ts';
import { doubtsOf, type PlacedFields, type PodValues } from './pod-values.ts';
import { type RuntimeName, runtimeOf } from './runtime-kind.ts';
import { type BuildSources, type StartedProcess, startedProcess } from './started-process.ts';

/** What a runtime makes of a container's limits. */
export interface RuntimeFigures {
  readonly runtime: RuntimeName;
  /** Heap, buffers or items: what it is told to keep within. */
  readonly heap: Figure | undefined;
  /** Threads, collector, processors. */
  readonly threads: Figure | undefined;
  readonly workers: Figure | undefined;
  /** What the limit leaves beside the heap. */
  readonly rest: Figure | undefined;
  /** Why the kernel would kill it, or what is tight. */
  readonly warning: string | undefined;
}

/** The machine where a container has no limit of its own. */
export interface Machine {
  readonly cpus: number;
  readonly memoryBytes: bigint;
}

export interface RuntimeScope {
  readonly workload: WorkloadFields;
  readonly values: PodValues;
  readonly draft: Draft;
  readonly machine: Machine;
  readonly sources: BuildSources;
}

interface Inside {
  readonly process: StartedProcess;
  /** Bytes; undefined without a limit. */
  readonly limit: bigint | undefined;
  readonly quota: CpuQuota;
  readonly machine: Machine;
  /** Of a cache server, what its options and configuration bound its data by; undefined where nothing does. */
  readonly dataBytes: bigint | undefined;
  readonly figure: (text: string, certainty: Certainty, lines: readonly string[]) => Figure;
}

interface Told {
  readonly heapBytes: bigint | undefined;
  readonly heap: Figure | undefined;
  /** In words: `The heap`. */
  readonly what: string;
  readonly threads?: Figure;
  readonly workers?: Figure;
  /** What comes beside the heap. */
  readonly beside: string;
  readonly besideLines?: readonly string[];
  /** Bytes that the rest needs by a rule of thumb. */
  readonly room?: bigint;
}

const cacheRuntimes = { redis: 'Redis', memcached: 'memcached' } as const;

/** What is known of the runtime of a container; undefined where it is not known which one it is. */
export function runtimeFigures(scope: RuntimeScope, placed: PlacedFields): RuntimeFigures | undefined {
  const { workload, values, draft, machine, sources } = scope;
  const { fields, ref } = placed;
  const process = startedProcess(workload, fields, draft, sources);
  const cache = cacheIn(workload, fields, draft);
  const runtime = runtimeOf(process) ?? (cache && cacheRuntimes[cache.server.program]);
  if (runtime === undefined) return undefined;
  const doubtful = (['cpu', 'memory'] as const).some(
    (resource) => doubtsOf(values, resource, 'limits', fields).length > 0,
  );
  if (doubtful)
    return { runtime, heap: undefined, threads: undefined, workers: undefined, rest: undefined, warning: undefined };
  const { pod } = values.defaulted;
  const container = containerAt(pod, ref)?.container ?? noResources;
  // Without a limit of its own it has the pod's.
  const { maxBytes } = containerMemory(container, pod.podLevel);
  const cpu = containerCpu(container, pod.podLevel);
  const limit = maxBytes === 0n ? undefined : maxBytes;
  const places = located([...fields.process.fields, fields.memory.limit]);
  const source = process.fromDockerfile ? ['Its Dockerfile counts too: ENV, ENTRYPOINT and CMD.'] : [];
  const unread = process.open ? ['Some of its environment is not known here.'] : [];
  const inside: Inside = {
    process,
    limit,
    quota: { quotaMicros: cpu.quotaMicros, periodMicros: cpu.periodMicros },
    machine,
    dataBytes: cache?.bytes,
    figure: (text, certainty, lines) => ({
      text,
      certainty,
      explanation: [...lines, ...source, ...unread],
      fields: places,
    }),
  };
  const told = readers[runtime](inside);
  return {
    runtime,
    heap: told.heap,
    threads: told.threads,
    workers: told.workers,
    rest: restFigure(told, inside),
    warning: warningOf(told, limit),
  };
}

function restFigure(
  { heapBytes, beside, what, besideLines = [] }: Told,
  { limit, figure }: Inside,
): Figure | undefined {
  if (heapBytes === undefined) return undefined;
  if (limit === undefined) return figure('unbounded', 'exact', ['There is no memory limit.', `Beside it: ${beside}.`]);
  const left = limit - heapBytes;
  const lines = [
    `limit ${mib(limit)} − ${mib(heapBytes)} = ${mib(left)}`,
    `${what} does not hold: ${beside}.`,
    ...besideLines,
  ];
  return figure(mib(left), 'exact', lines);
}

function warningOf({ heapBytes, what, beside, room }: Told, limit: bigint | undefined): string | undefined {
  if (heapBytes === undefined || limit === undefined) return undefined;
  if (heapBytes >= limit) {
    return `${what} may take ${mib(heapBytes)}, the limit is ${mib(limit)}: the kernel kills the container before it is full, and ${beside} come on top.`;
  }
  const needed = room ?? limit - percentOf(limit, 75);
  if (limit - heapBytes >= needed) return undefined;
  return `${what} of ${mib(heapBytes)} leaves ${mib(limit - heapBytes)} of ${mib(limit)} for ${beside}; about ${mib(needed)} is a rule of thumb. With less, the kernel may kill the container once ${what.toLowerCase()} is full.`;
}

const readers: Readonly<Record<RuntimeName, (inside: Inside) => Told>> = {
  JVM: readJvm,
  Node: readNode,
  Go: readGo,
  '.NET': readDotnet,
  'Python server': readPython,
  nginx: readNginx,
  PostgreSQL: readPostgres,
  Redis: readRedis,
  memcached: readMemcached,
  Elasticsearch: readElasticsearch,
};

function readJvm({ process, limit, quota, machine, figure }: Inside): Told {
  const started = startedJvm(process);
  const options = jvmOptions(started);
  const memory = limit ?? machine.memoryBytes;
  const heap = jvmHeap(memory, options);
  const of = limit === undefined ? `no limit: the node’s memory, ${mib(memory)}, is assumed` : `limit ${mib(memory)}`;
  const rule = {
    'max-heap': `-Xmx = ${mib(heap.maxBytes)}, whatever the limit is`,
    'min-ram-percentage': `${of} × MinRAMPercentage ${options.minRamPercentage ?? 50} % = ${mib(heap.maxBytes)}: small containers take this one`,
    floor: `HotSpot’s floor for a container of this size: ${mib(heap.maxBytes)}`,
    'max-ram-percentage': `${of} × MaxRAMPercentage ${options.maxRamPercentage ?? 25} % = ${mib(heap.maxBytes)}, rounded up to 2 MiB`,
  }[heap.rule];
  const script = started.scripted
    ? ['JAVA_OPTS and the like count only where the image’s start script hands them on.']
    : [];
  const processors = jvmProcessors(quota, machine.cpus, options);
  const collector = jvmCollector(memory, processors, 21, options);
  return {
    heapBytes: heap.maxBytes,
    what: 'The heap',
    heap: figure(mib(heap.maxBytes), heap.rule === 'max-heap' && !started.scripted ? 'exact' : 'estimate', [
      rule,
      ...script,
    ]),
    threads: figure(`${processors} ${processors === 1 ? 'processor' : 'processors'}, ${collector}`, 'estimate', [
      processorLine(options.activeProcessors, quota, machine),
      options.gc === undefined
        ? `G1 from 2 processors and 1792 MiB on, else Serial (before JDK 27): ${collector}`
        : `${collector}, as an option says`,
    ]),
    beside: 'metaspace, code, thread stacks and direct buffers',
    besideLines: [
      `Set aside for code${options.maxMetaspaceBytes === undefined ? '' : ' and metaspace'}: up to ${mib(jvmReservation(memory, 0, 0n, options).nonHeapBytes)}, and ${mib(options.stackBytes ?? 1n << 20n)} a thread; not all of it is used.`,
    ],
  };
}

function processorLine(said: number | undefined, quota: CpuQuota, { cpus }: Machine): string {
  const whole = wholeCpus(quota);
  if (said !== undefined) return `${said}, as an option says`;
  return whole === undefined
    ? `no CPU limit: all ${cpus} of the machine, which are assumed`
    : `min(⌈CPU limit⌉ = ${whole}, CPUs of the machine = ${cpus}, assumed) = ${Math.min(whole, cpus)}`;
}

function readNode({ process, limit, machine, figure }: Inside): Told {
  const options = nodeOptions({ ...process, args: wordsFrom(process.args, 'node') });
  const heap = nodeHeap(limit ?? machine.memoryBytes, options);
  const heapBytes = heap && BigInt(heap.heapLimitMiB) << 20n;
  const of =
    limit === undefined ? `the machine’s ${mib(machine.memoryBytes)}, which is assumed` : `the limit of ${mib(limit)}`;
  const rule =
    heap === undefined
      ? ''
      : {
          size: `--max-old-space-size = ${heap.oldSpaceMiB}Mi, whatever the limit is`,
          percentage: `--max-old-space-size-percentage ${options.oldSpacePercent ?? ''} % of ${of} = ${heap.oldSpaceMiB}Mi`,
          default: `V8 takes half of ${of}, at least 256Mi, at most 2Gi (4Gi from 16Gi on): ${heap.oldSpaceMiB}Mi`,
        }[heap.rule];
  const threads = nodeThreadPool(process.env);
  return {
    heapBytes,
    what: 'The heap',
    heap:
      heap &&
      figure(`${heap.heapLimitMiB}Mi`, heap.rule === 'size' ? 'exact' : 'estimate', [
        rule,
        `old space ${heap.oldSpaceMiB}Mi + 3 semi-spaces of ${(heap.heapLimitMiB - heap.oldSpaceMiB) / 3}Mi = ${heap.heapLimitMiB}Mi`,
      ]),
    threads: figure(`1 + ${threads} of the pool`, 'exact', [
      'JavaScript runs in one thread: more than one CPU helps only the pool, the collector and native code.',
      `UV_THREADPOOL_SIZE: ${process.env.has('UV_THREADPOOL_SIZE') ? threads : 'not set, so 4'}`,
    ]),
    beside: 'buffers, native memory and code',
  };
}

function readGo({ process, limit, quota, machine, figure }: Inside): Told {
  const said = process.env.get('GOMEMLIMIT');
  const soft = said === undefined ? undefined : goMemoryLimitBytes(said);
  const now = goMaxProcs({ version: [1, 25], quota, hostCpus: machine.cpus, env: process.env });
  const old = goMaxProcs({ version: [1, 24], quota, hostCpus: machine.cpus, env: process.env });
  const automatic = autoMaxProcs(quota);
  const assumed = `CPUs of the machine: ${machine.cpus}, assumed`;
  return {
    heapBytes: soft,
    what: 'GOMEMLIMIT',
    heap:
      soft === undefined
        ? figure('no bound', 'exact', [
            'GOMEMLIMIT is not set: the collector does not look at the limit.',
            ...(limit === undefined
              ? []
              : [`The guide leaves 5 to 10 % of the limit beside it: GOMEMLIMIT=${goMemoryLimitMiB(limit, 10)}MiB.`]),
          ])
        : figure(mib(soft), 'exact', [
            `GOMEMLIMIT = ${mib(soft)}: a soft limit, at which the collector works harder`,
            'The guide leaves 5 to 10 % of the container’s limit beside it.',
          ]),
    threads: figure(`GOMAXPROCS ${now.procs}`, now.rule === 'environment' ? 'exact' : 'estimate', [
      now.rule === 'environment'
        ? 'GOMAXPROCS says so.'
        : `From Go 1.25: max(2, ⌈CPU limit⌉), no more than the machine has: ${now.procs}. Before: ${old.procs}.`,
      ...(now.rule === 'environment' ? [] : [assumed]),
      ...(automatic === undefined ? [] : [`With uber’s automaxprocs: ⌊CPU limit⌋, at least 1: ${automatic}.`]),
    ]),
    beside: 'what the runtime does not manage: cgo, mapped files, the kernel’s buffers',
    ...(limit === undefined ? {} : { room: limit / 20n }),
  };
}

function readDotnet({ process, limit, quota, machine, figure }: Inside): Told {
  const heap = limit === undefined ? undefined : dotnetHeap(limit, process.env);
  const processors = dotnetProcessors(quota, machine.cpus, process.env);
  const said = wholeNumber(process.env.get('DOTNET_PROCESSOR_COUNT'));
  return {
    heapBytes: heap?.bytes,
    what: 'The heap',
    heap:
      heap === undefined
        ? figure('no bound', 'exact', ['Without a memory limit the collector has no hard limit either.'])
        : figure(mib(heap.bytes), 'estimate', [
            heap.rule === 'environment'
              ? `DOTNET_GCHeapHardLimit or its percentage says so: ${mib(heap.bytes)}`
              : `max(20Mi, 75 % of the limit ${mib(limit ?? 0n)}) = ${mib(heap.bytes)}`,
          ]),
    threads: figure(`${processors} ${processors === 1 ? 'processor' : 'processors'}`, 'estimate', [
      processorLine(said !== undefined && said > 0 ? said : undefined, quota, machine),
    ]),
    beside: 'native memory, stacks and code',
  };
}

function readPython({ process, limit, quota, machine, figure }: Inside): Told {
  const workers = pythonWorkers(process);
  const cores = limitCores(quota, machine.cpus);
  const { workers: rule, range } = gunicornRule(cores);
  const each = limit === undefined ? undefined : limit / BigInt(Math.max(1, workers));
  return {
    heapBytes: undefined,
    what: 'The workers',
    heap:
      each === undefined
        ? undefined
        : figure(`${mib(each)} a worker`, 'estimate', [
            `limit ${mib(limit ?? 0n)} ÷ ${workers} workers = ${mib(each)}`,
          ]),
    workers: figure(`${workers} ${workers === 1 ? 'worker' : 'workers'}`, 'exact', [
      '--workers, GUNICORN_CMD_ARGS, then WEB_CONCURRENCY; one where none of them is set.',
      `By gunicorn’s rule of thumb 2 × ${cores} + 1 = ${rule}, ${range[0]} to ${range[1]} at most, with ${cores} ${cores === 1 ? 'core' : 'cores'} of the limit.`,
      'os.cpu_count() gives the machine’s CPUs, not the limit’s.',
    ]),
    beside: 'each worker',
  };
}

function readNginx({ process, quota, machine, figure }: Inside): Told {
  const workers = nginxWorkers({ quota, onlineCpus: machine.cpus, env: process.env });
  const tuned = (process.env.get('NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE') ?? '') !== '';
  return {
    heapBytes: undefined,
    heap: undefined,
    what: 'nginx',
    workers: figure(`${workers} with auto`, 'estimate', [
      tuned
        ? `NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE: min(machine ${machine.cpus}, ⌈CPU limit⌉) = ${workers}`
        : `worker_processes auto takes every CPU of the machine (${machine.cpus}, assumed), whatever the limit.`,
    ]),
    beside: 'connections',
  };
}

function readPostgres({ process, limit, machine, figure }: Inside): Told {
  const { suggestedBytes, mostBytes, defaultBytes } = postgresBuffers(limit ?? machine.memoryBytes);
  const said = /shared_buffers=(\d{1,9})\s*(kB|MB|GB)/.exec(process.args.join(' '));
  const unit = { kB: 10n, MB: 20n, GB: 30n }[said?.[2] ?? ''];
  const set = said?.[1] !== undefined && unit !== undefined ? BigInt(said[1]) << unit : undefined;
  const buffers = set ?? defaultBytes;
  return {
    heapBytes: buffers,
    what: 'shared_buffers',
    heap: figure(mib(buffers), set === undefined ? 'estimate' : 'exact', [
      set === undefined
        ? 'shared_buffers is not set in the command: 128Mi, unless its configuration file says otherwise.'
        : `shared_buffers = ${mib(set)}`,
      `The manual starts at 25 %: ${mib(suggestedBytes)}; more than 40 %, ${mib(mostBytes)}, is unlikely to help.`,
    ]),
    beside: 'work_mem of every sort, connections and the page cache',
    ...(limit === undefined ? {} : { room: limit - mostBytes }),
  };
}

function readRedis({ process, limit, dataBytes, figure }: Inside): Told {
  const variables = ['REDIS_EXTRA_FLAGS', 'VALKEY_EXTRA_FLAGS', 'REDIS_ARGS', 'VALKEY_ARGS'];
  const args = [...variables.flatMap((name) => optionWords(process.env.get(name))), ...process.args];
  const most = redisCommandMemory({ args, env: process.env }) ?? dataBytes;
  const saves = savesToDisk(args);
  const room = limit === undefined ? undefined : limit - redisMaxMemory(limit, saves);
  const thumb =
    limit === undefined
      ? []
      : [
          `A rule of thumb: ${saves ? 'half of the limit where it saves' : 'three quarters of the limit'}, ${mib(redisMaxMemory(limit, saves))}.`,
        ];
  return {
    heapBytes: most,
    what: 'maxmemory',
    heap:
      most === undefined
        ? figure('unbounded', 'exact', [
            'maxmemory is not in the command: unless a configuration file sets it, Redis grows until the limit kills it.',
            ...thumb,
          ])
        : figure(mib(most), 'exact', [`maxmemory = ${mib(most)}`, ...thumb]),
    beside: 'fragmentation, client buffers and copies while it saves',
    ...(room === undefined ? {} : { room }),
  };
}

function savesToDisk(args: readonly string[]): boolean {
  const after = (name: string) => args[args.lastIndexOf(name) + 1];
  const save = args.includes('--save') ? after('--save') : '';
  return (args.includes('--appendonly') && after('--appendonly') === 'yes') || (save !== '' && save !== undefined);
}

function readMemcached({ process, figure }: Inside): Told {
  const items = memcachedItemBytes(process);
  const at = process.args.lastIndexOf('-c');
  const connections = at < 0 ? 1024 : (wholeNumber(process.args[at + 1]) ?? 1024);
  const needed = memcachedLimit(items, connections);
  return {
    heapBytes: items,
    what: 'Items',
    heap: figure(mib(items), 'exact', [
      `-m ${items >> 20n}: items alone${process.args.includes('-m') ? '' : ', as it is when nothing is said'}`,
      `A rule of thumb for the limit: items + 10 % + ${connections} connections × 64Ki = ${mib(needed)}`,
    ]),
    beside: 'the hash table and connections',
    room: needed - items,
  };
}

function readElasticsearch(inside: Inside): Told {
  const { process, limit, machine, figure } = inside;
  const roles = (process.env.get('node.roles') ?? '')
    .split(',')
    .map((role) => role.trim())
    .filter((role) => role !== '');
  const automatic = elasticsearchHeapMiB(limit ?? machine.memoryBytes, roles, process);
  const jvm = readJvm(inside);
  if (automatic === undefined) return jvm;
  const of = limit === undefined ? `the machine’s ${mib(machine.memoryBytes)}, assumed` : `the limit of ${mib(limit)}`;
  return {
    ...jvm,
    heapBytes: automatic << 20n,
    heap: figure(`${automatic}Mi`, 'estimate', [
      `Elasticsearch sizes it by its roles (${roles.length === 0 ? 'all' : roles.join(', ')}) and ${of}: ${automatic}Mi`,
    ]),
    beside: 'Lucene’s page cache, direct buffers and threads',
  };
}

function mib(amount: bigint): string {
  return bytes(amount * nano);
}
