import { cacheService } from '../../caches/in-compose.ts';
import type { ComposeService } from '../../compose/model.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Span } from '../../text/span.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { missingPlace } from '../../yaml/missing-place.ts';
import type { YamlPatch } from '../../yaml/node.ts';
import { asMapping, entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

interface Limit {
  readonly word: string;
  /** Key below `deploy.resources.limits`. */
  readonly key: string;
  /** Keys of the service that say the same. */
  readonly own: readonly string[];
  readonly peer: string;
}

const limits: readonly Limit[] = [
  {
    word: 'CPU',
    key: 'cpus',
    own: ['cpus', 'cpu_quota', 'cpu_count', 'cpu_percent', 'cpuset'],
    peer: 'kics cpus_not_limited',
  },
  { word: 'memory', key: 'memory', own: ['mem_limit'], peer: 'kics memory_not_limited' },
  { word: 'PIDs', key: 'pids', own: ['pids_limit'], peer: 'kics pids_limit_not_set' },
];

export default defineRule('compose-service', {
  meta: {
    id: 'compose/limits-missing',
    rows: ['C401', 'R104'],
    summary: 'A service should have limits of CPU, memory and processes.',
    why: 'A container without limits may take the whole machine: a leak of memory makes the kernel kill whatever is largest, which may be the database next to it, and a fork bomb leaves no process for a shell to mend it with. `docker compose` honours `deploy.resources.limits`, outside of Swarm too. A cache without a memory limit is a warning: it fills whatever it is given.',
    severity: 'information',
    topic: 'resources',
    messages: {
      missing: 'No {limits} limit: this service may take all of the machine',
      cache: 'No {limits} limit: what this cache keeps may fill the machine',
    },
    titles: { insert: 'Add limits to complete' },
    fix: 'always',
    examples: [
      {
        file: 'compose.yaml',
        bad: `services:
  web:
    image: web:1.4
    deploy:
      resources:
        limits:
          cpus: "0.5"
          pids: 100
`,
        good: `services:
  web:
    image: web:1.4
    deploy:
      resources:
        limits:
          cpus: "0.5"
          pids: 100
          memory: <memory>
`,
      },
    ],
    options: {},
    sources: limits.map(({ peer }) => peer),
  },
  *check(service, { settings }) {
    if (service.partial) return;
    const missing = limits.filter(
      (limit) => !isSet(service, limit) && !(limit.key === 'cpus' && settings.policy.cpuLimits === 'forbidden'),
    );
    if (missing.length === 0) return;
    const patches: readonly YamlPatch[] = missing.map(({ key }) => ({
      kind: 'set',
      path: [...service.path, 'deploy', 'resources', 'limits', key],
      value: `<${key}>`,
    }));
    const cache = cacheService(service) !== undefined && missing.some(({ key }) => key === 'memory');
    yield {
      message: cache ? 'cache' : 'missing',
      severity: cache ? 'warning' : 'information',
      data: { limits: list(missing.map(({ word }) => word)) },
      span: placeOf(service, missing),
      peers: missing.map(({ peer }) => peer),
      fixes: patchFix(service.file.document, { title: 'insert', safety: 'manual', patches }),
    };
  },
});

/** At the limits that there are; for a service that says it all with keys of its own, at its name. */
function placeOf({ node, name }: ComposeService, missing: readonly Limit[]): Span {
  const [only] = missing;
  const endless =
    missing.length === 1 && only?.key === 'pids' ? entry(asMapping(node), 'pids_limit')?.value : undefined;
  if (endless) return endless.span;
  const mapping = asMapping(node);
  return mapping === undefined ? name.span : missingPlace(mapping, name.span, 'deploy', 'resources', 'limits');
}

/** A value that a template or a variable decides counts as set; -1 PIDs are as many as there can be. */
function isSet({ node }: ComposeService, { key, own }: Limit): boolean {
  return (
    own.some((name) => fieldAt(node, name) !== undefined && knownText(node, name)?.value !== '-1') ||
    fieldAt(node, 'deploy', 'resources', 'limits', key) !== undefined
  );
}

function list(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
