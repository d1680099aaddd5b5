import { type CpuQuota, lastOption, optionWords, type RuntimeProcess, wholeCpus, wholeNumber } from './runtime.ts';

export interface WorkerRule {
  /** 2 × cores + 1. */
  readonly workers: number;
  /** 2 × cores to 4 × cores. */
  readonly range: readonly [least: number, most: number];
}

/** gunicorn's rule of thumb for workers (gunicorn docs design.rst, config.py:727). */
export function gunicornRule(cores: number): WorkerRule {
  return { workers: 2 * cores + 1, range: [2 * cores, 4 * cores] };
}

/**
 * Cores to count workers by: those of the limit, ⌈quota ÷ period⌉, not those of the host, which `os.cpu_count()` gives
 * whatever the cgroup says (CPython up to 3.13).
 */
export function limitCores(quota: CpuQuota, hostCpus: number): number {
  return Math.min(hostCpus, wholeCpus(quota) ?? hostCpus);
}

/**
 * Workers that gunicorn or uvicorn starts: `--workers` of the command, then of `GUNICORN_CMD_ARGS` for gunicorn, then
 * `WEB_CONCURRENCY`, else one (gunicorn config.py Workers; uvicorn main.py).
 */
export function pythonWorkers({ args, env }: RuntimeProcess): number {
  const names = ['--workers', '-w'];
  const words = [...optionWords(env.get('GUNICORN_CMD_ARGS')), ...args];
  const glued = words.findLast((word) => /^-w\d+$/.test(word))?.slice(2);
  return wholeNumber(lastOption(words, names, true) ?? glued) ?? wholeNumber(env.get('WEB_CONCURRENCY')) ?? 1;
}

export interface NginxInputs {
  readonly quota: CpuQuota;
  /** CPUs of the host. */
  readonly onlineCpus: number;
  /** CPUs of the cpuset; all when absent. */
  readonly cpusetCpus?: number | undefined;
  readonly env: ReadonlyMap<string, string>;
}

/**
 * Processes of `worker_processes auto`: every CPU of the host, whatever the quota (nginx ngx_posix_init.c). The official
 * image with `NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE` takes min(host, cpuset, ⌈quota ÷ period⌉)
 * (docker-nginx 30-tune-worker-processes.sh).
 */
export function nginxWorkers({ quota, onlineCpus, cpusetCpus = onlineCpus, env }: NginxInputs): number {
  if ((env.get('NGINX_ENTRYPOINT_WORKER_PROCESSES_AUTOTUNE') ?? '') === '') return onlineCpus;
  return Math.min(onlineCpus, cpusetCpus, wholeCpus(quota) ?? onlineCpus);
}
