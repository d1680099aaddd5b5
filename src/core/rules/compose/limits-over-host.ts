import type { ComposeService } from '../../compose/model.ts';
import { sizesOf } from '../../compose/sizes.ts';
import { defineRule } from '../../engine/rule.ts';
import type { Settings } from '../../engine/settings.ts';
import { parseRamInBytes } from '../../quantity/compose.ts';
import { formatCpu, formatHumanBytes } from '../../quantity/display.ts';
import { type ComposeLoad, composeLoad } from '../../sizing/compose.ts';
import { composeTotals } from '../../sizing/compose-host.ts';
import type { Located } from '../../text/span.ts';
import { fieldAt } from '../../yaml/field.ts';
import { entry } from '../../yaml/read.ts';
import { patchFix } from '../patch-fix.ts';

/** What cannot be reached counts for nothing: a machine of which nothing is said has no end. */
const endless = { cpus: 1_000_000, memoryBytes: 1n << 62n };

export default defineRule('compose-file', {
  meta: {
    id: 'compose/limits-over-host',
    rows: ['C401'],
    summary: 'The limits of all services together should fit the machine that they run on.',
    why: 'Limits are ceilings and reserve nothing, and Compose starts services whose limits add up to more than there is. Of CPU each then gets a share. Memory runs out before any of them is at its limit, and the kernel ends whatever is largest, not whoever grew. A limit of CPUs above those of the machine is refused by Docker. Compared is with `host` of the settings, every replica counted, services of a profile and those without a limit not; without `host` this rule is silent.',
    severity: 'information',
    topic: 'resources',
    messages: {
      memory: 'Memory limits add up to {sum} on a host with {host}: {parts}',
      reserved: 'Memory reservations add up to {sum} on a host with {host}: {parts}',
      cpus: 'CPU limits add up to {sum} on a host with {host} CPUs: {parts}',
      above: '{text} of memory is more than the {host} of the host: the limit is never reached',
      refused: '{text} CPUs on a host with {host}: Docker refuses to start this service',
    },
    titles: { lower: 'Change to the {host} CPUs of the host' },
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        settings: 'host: {cpus: 4, memory: 8g}\n',
        bad: 'services:\n  db:\n    image: db:3.1\n    mem_limit: 6g\n  web:\n    image: web:1.4\n    scale: 3\n    mem_limit: 1g\n',
        good: 'services:\n  db:\n    image: db:3.1\n    mem_limit: 5g\n  web:\n    image: web:1.4\n    scale: 3\n    mem_limit: 1g\n',
      },
      {
        file: 'compose.yaml',
        settings: 'host: {cpus: 4, memory: 8g}\n',
        bad: 'services:\n  db:\n    image: db:3.1\n    profiles: [big]\n    cpus: 6\n',
        good: 'services:\n  db:\n    image: db:3.1\n    profiles: [big]\n    cpus: 4\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(file, { settings }) {
    const { cpus, memoryBytes } = hostOf(settings);
    if (cpus === undefined && memoryBytes === undefined) return;
    const services = file.services.map((service) => ({ service, load: composeLoad(sizesOf(service).sizes) }));
    const together = services.filter(({ service }) => fieldAt(service.node, 'profiles') === undefined);
    const host = { cpus: cpus ?? endless.cpus, memoryBytes: memoryBytes ?? endless.memoryBytes };
    const totals = composeTotals(loadsOf(together), host);
    // A service that is above the host by itself is told by itself.
    const alone = (resource: 'cpu' | 'memory') => totals.tooLarge.some((one) => one.resource === resource);
    const span = entry(file.root, 'services')?.key.span ?? file.root.span;
    const memory = { host: size(host.memoryBytes) };
    if (totals.memory.exceeds && !alone('memory')) {
      const parts = partsOf(together, ({ docker }) => docker.memoryBytes, size);
      yield { message: 'memory', data: { ...memory, sum: size(totals.memory.limited), parts }, span };
    }
    const reserved = together.reduce((sum, { load }) => sum + reservation(load) * BigInt(load.replicas), 0n);
    if (reserved > host.memoryBytes) {
      const parts = partsOf(together, reservation, size);
      yield { message: 'reserved', data: { ...memory, sum: size(reserved), parts }, span };
    }
    if (totals.cpu.exceeds && !alone('cpu')) {
      const parts = partsOf(together, ({ docker }) => docker.nanoCpus, cores);
      yield { message: 'cpus', data: { host: host.cpus, sum: cores(totals.cpu.limited), parts }, span };
    }
    const { tooLarge } = composeTotals(loadsOf(services), host);
    for (const { service: name, resource } of tooLarge) {
      const service = file.services.find((one) => one.name.value === name);
      const limit = service && limitOf(service, resource);
      if (limit === undefined) continue;
      const { value: text, span: at } = limit.text;
      if (resource === 'memory') yield { message: 'above', data: { ...memory, text }, span: at };
      else
        yield {
          message: 'refused',
          severity: 'warning',
          data: { host: host.cpus, text },
          span: at,
          fixes: patchFix(file.document, {
            title: 'lower',
            safety: 'suggested',
            patches: [{ kind: 'set', path: [...limit.service.path, ...limit.field.split('.')], value: host.cpus }],
          }),
        };
    }
  },
});

interface Loaded {
  readonly service: ComposeService;
  readonly load: ComposeLoad;
}

/** What was said in the panel and kept comes before `host`, as it does in the panel. */
function hostOf({ host, assumptions }: Settings): {
  readonly cpus: number | undefined;
  readonly memoryBytes: bigint | undefined;
} {
  const cpus = assumptions.hostCpus ?? host.cpus;
  const memory = parseRamInBytes(assumptions.hostMemory ?? host.memory);
  return {
    cpus: /^[1-9]\d*$/.test(cpus) ? Number(cpus) : undefined,
    memoryBytes: memory.ok && memory.bytes > 0n ? memory.bytes : undefined,
  };
}

function loadsOf(services: readonly Loaded[]): ReadonlyMap<string, ComposeLoad> {
  return new Map(services.map(({ service, load }) => [service.name.value, load]));
}

function reservation({ docker }: ComposeLoad): bigint {
  return docker.memoryReservationBytes;
}

function size(bytes: bigint): string {
  return formatHumanBytes(bytes * 1_000_000_000n);
}

/** To a thousandth: Compose's 32 bits leave a few billionths behind. */
function cores(nano: bigint): string {
  return formatCpu(((nano + 500_000n) / 1_000_000n) * 1_000_000n);
}

/** The largest first: `db 6 GiB, web 3 × 1 GiB`. */
function partsOf(
  services: readonly Loaded[],
  amount: (load: ComposeLoad) => bigint,
  format: (amount: bigint) => string,
): string {
  const parts = services
    .map(({ service, load }) => ({ name: service.name.value, replicas: load.replicas, each: amount(load) }))
    .filter(({ replicas, each }) => each > 0n && replicas > 0)
    .map((part) => ({ ...part, all: part.each * BigInt(part.replicas) }))
    .toSorted((a, b) => Number(b.all - a.all));
  const words = parts
    .slice(0, 4)
    .map(({ name, replicas, each }) => `${name} ${replicas > 1 ? `${replicas} × ` : ''}${format(each)}`);
  return parts.length > 4 ? `${words.join(', ')} and ${parts.length - 4} more` : words.join(', ');
}

/** The field that counts: `deploy` comes before the service's own. */
function limitOf(
  service: ComposeService,
  resource: 'cpu' | 'memory',
): { readonly service: ComposeService; readonly field: string; readonly text: Located<string> } | undefined {
  const { written } = sizesOf(service);
  const fields =
    resource === 'cpu' ? ['deploy.resources.limits.cpus', 'cpus'] : ['deploy.resources.limits.memory', 'mem_limit'];
  for (const field of fields) {
    const text = written.get(field);
    if (text !== undefined) return { service, field, text };
  }
  return undefined;
}
