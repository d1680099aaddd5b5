export interface KrrQueryInputs {
  readonly namespace: string;
  readonly pods: readonly string[];
  readonly container: string;
  /** 14 days unless said otherwise. */
  readonly historyHours?: number | undefined;
  /** 1.25 unless said otherwise. */
  readonly stepMinutes?: number | undefined;
}

export interface KrrQueries {
  readonly cpuPercentile: string;
  readonly cpuPoints: string;
  readonly memoryMax: string;
  readonly memoryPoints: string;
  /** The memory limit at which a container was killed. */
  readonly killedLimit: string;
}

/**
 * The PromQL by which krr learns what a container uses, for a cluster that the reader has
 * (robusta-dev/krr core/integrations/prometheus/metrics/cpu.py, memory.py).
 */
export function krrQueries(inputs: KrrQueryInputs): KrrQueries {
  const step = span((inputs.stepMinutes ?? 1.25) * 60);
  const range = `[${span((inputs.historyHours ?? 336) * 3600)}:${step}]`;
  const pods = inputs.pods.map(escaped).join('|');
  const labels = `namespace="${escaped(inputs.namespace)}", pod=~"${pods}", container="${escaped(inputs.container)}"`;
  const by = 'by (container, pod, job)';
  const cpu = `container_cpu_usage_seconds_total{${labels}}`;
  const memory = `container_memory_working_set_bytes{${labels}}`;
  const limits = `max(kube_pod_container_resource_limits{resource="memory", ${labels}}) by (pod, container, job)`;
  const killed = `max(kube_pod_container_status_last_terminated_reason{reason="OOMKilled", ${labels}}) by (pod, container, job, reason)`;
  return {
    cpuPercentile: `quantile_over_time(0.95, max(rate(${cpu}[${step}])) ${by}${range})`,
    cpuPoints: `count_over_time(max(${cpu}) ${by}${range})`,
    memoryMax: `max_over_time(max(${memory}) ${by}${range})`,
    memoryPoints: `count_over_time(max(${memory}) ${by}${range})`,
    killedLimit: `max_over_time(max(${limits} * on(pod, container, job) group_left(reason) ${killed}) ${by}${range})`,
  };
}

const secondsPerDay = 86_400;

/** `14d`, or `75s` up to a day (metrics/base.py). */
function span(seconds: number): string {
  return seconds > secondsPerDay ? `${Math.floor(seconds / secondsPerDay)}d` : `${Math.trunc(seconds)}s`;
}

/** Names of Kubernetes need no escapes; what a template left in their place might. */
function escaped(text: string): string {
  return text.replaceAll(/["\\]/g, '\\$&');
}
