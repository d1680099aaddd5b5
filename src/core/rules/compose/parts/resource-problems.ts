import type { ComposeService } from '../../../compose/model.ts';
import type { WrittenSizes } from '../../../compose/sizes.ts';
import type { Proposal, ProposedFix } from '../../../engine/rule.ts';
import type { ComposeLoad, ComposeProblem } from '../../../sizing/compose.ts';
import { type DockerResources, smallestDockerMemory } from '../../../sizing/docker.ts';
import type { Located } from '../../../text/span.ts';
import type { YamlPatch } from '../../../yaml/node.ts';
import { patchFix } from '../../patch-fix.ts';

const limitMemory = 'deploy.resources.limits.memory';
const reservedMemory = 'deploy.resources.reservations.memory';

/** Where a service may say what the daemon is told: `deploy` comes first, as it is what counts. */
const fieldsOf: Readonly<Record<keyof DockerResources, readonly string[]>> = {
  nanoCpus: ['deploy.resources.limits.cpus', 'cpus'],
  cpuShares: ['cpu_shares'],
  cpuPeriodMicros: ['cpu_period'],
  cpuQuotaMicros: ['cpu_quota'],
  memoryBytes: [limitMemory, 'mem_limit'],
  memorySwapBytes: ['memswap_limit'],
  memoryReservationBytes: [reservedMemory, 'mem_reservation'],
  pidsLimit: ['deploy.resources.limits.pids', 'pids_limit'],
  blkioWeight: [],
};

export const resourceMessages = {
  size: '`{text}` is no size to Compose: write bytes, or a number with b, k, m or g',
  cpus: '`{text}` is no number of CPUs: write a decimal such as 0.5',
  count: '`{text}` is no whole number',
  distinct: '`{field}` is {text} and `{other}` is {value}: Compose refuses two values',
  absent: '`{block}` has no `{key}`, which counts as 0 beside `{field}`: Compose refuses two values',
  small: '{text} is less than the 6 MiB that Docker asks for at least',
  reserved: '{text} reserved with a limit of {limit}: Docker refuses more than the limit',
  wasted: '{text} CPUs reserved with a limit of {limit}',
  swap: 'Memory and swap together cannot be less than the memory limit {limit}',
  alone: '`memswap_limit` needs a memory limit: Docker refuses it alone',
  both: '`{field}` and a limit of CPUs say the same twice: Docker refuses both',
  range: '{text} is out of the range that Docker takes',
} as const;

export const resourceTitles = {
  write: 'Change to `{value}`',
  remove: 'Remove `{field}`',
  move: 'Move {text} to `{block}`',
} as const;

type Found = Proposal<keyof typeof resourceMessages, keyof typeof resourceTitles>;

/** What Compose or Docker says of a service's sizes, at the field that is to blame; undefined where it cannot be told. */
export function sizeProposal(
  problem: ComposeProblem,
  service: ComposeService,
  { written, hidden }: WrittenSizes,
  { docker }: ComposeLoad,
): Found | undefined {
  switch (problem.kind) {
    case 'unreadable': {
      const text = written.get(problem.field);
      return text && unreadable(service, problem.field, text);
    }
    case 'distinct':
      return distinct(service, problem.field, problem.deployField, written, hidden);
    case 'named-replicas':
      // Told by container-name-taken.
      return undefined;
    case 'daemon': {
      const field = fieldsOf[problem.field].find((name) => written.has(name));
      const text = field === undefined ? undefined : written.get(field);
      if (field === undefined || text === undefined) return undefined;
      return refused(problem.field, { service, field, text, written, hidden, docker });
    }
    default:
      return problem satisfies never;
  }
}

function write(service: ComposeService, field: string, value: string): readonly ProposedFix<'write'>[] {
  return patchFix(service.file.document, {
    title: 'write',
    data: { value },
    safety: 'suggested',
    patches: [{ kind: 'set', path: [...service.path, ...field.split('.')], value }],
  });
}

/** What is no value, with what was meant where it is written as Kubernetes writes it. */
export function unreadable(service: ComposeService, field: string, { value: text, span }: Located<string>): Found {
  const data = { text };
  if (/cpus$/.test(field)) {
    const milli = /^(\d{1,7})m$/.exec(text)?.[1];
    return {
      message: 'cpus',
      data,
      span,
      fixes: milli === undefined ? [] : write(service, field, String(Number(milli) / 1000)),
    };
  }
  if (!/mem|shm_size/.test(field)) return { message: 'count', data, span };
  const size = /^(\d+(?:\.\d+)?)\s*([kmgt])i$/i.exec(text);
  return {
    message: 'size',
    data,
    span,
    fixes: size === null ? [] : write(service, field, `${size[1]}${size[2]?.toLowerCase()}`),
  };
}

function distinct(
  service: ComposeService,
  field: string,
  deployField: string,
  written: WrittenSizes['written'],
  hidden: WrittenSizes['hidden'],
): Found | undefined {
  const text = written.get(field);
  const other = written.get(deployField);
  if (text === undefined || hidden.has(deployField)) return undefined;
  const remove: YamlPatch = { kind: 'remove', path: [...service.path, ...field.split('.')] };
  if (other !== undefined)
    return {
      message: 'distinct',
      data: { field, text: text.value, other: deployField, value: other.value },
      span: text.span,
      fixes: patchFix(service.file.document, {
        title: 'remove',
        data: { field },
        safety: 'suggested',
        patches: [remove],
      }),
    };
  if (service.partial) return undefined;
  const path = deployField.split('.');
  const [block, key] = [path.slice(0, -1).join('.'), path.at(-1) ?? ''];
  const value = /pids$/.test(deployField) ? Number(text.value) : text.value;
  return {
    message: 'absent',
    data: { block, key, field },
    span: text.span,
    fixes: patchFix(service.file.document, {
      title: 'move',
      data: { text: text.value, block },
      safety: 'suggested',
      patches: [{ kind: 'set', path: [...service.path, ...path], value }, remove],
    }),
  };
}

/** What the daemon refuses, at the field that says it. */
function refused(
  resource: keyof DockerResources,
  {
    service,
    field,
    text,
    written,
    hidden,
    docker,
  }: {
    readonly service: ComposeService;
    readonly field: string;
    readonly text: Located<string>;
    readonly written: WrittenSizes['written'];
    readonly hidden: WrittenSizes['hidden'];
    readonly docker: DockerResources;
  },
): Found | undefined {
  const { span } = text;
  const limit = (written.get(limitMemory) ?? written.get('mem_limit'))?.value ?? '';
  switch (resource) {
    case 'memoryBytes':
    case 'memoryReservationBytes': {
      if (docker[resource] >= smallestDockerMemory)
        return {
          message: 'reserved',
          data: { text: text.value, limit },
          span,
          fixes: write(service, field, limit),
        };
      // Zero is unset, and a number that is small enough to be megabytes was seldom meant as bytes.
      const megabytes = /^\d{1,5}$/.test(text.value) && Number(text.value) >= 6;
      return {
        message: 'small',
        data: { text: text.value },
        span,
        fixes: megabytes ? write(service, field, `${text.value}m`) : [],
      };
    }
    case 'memorySwapBytes': {
      if (docker.memoryBytes > 0n) return { message: 'swap', data: { limit }, span };
      const unknown = service.partial || [limitMemory, 'mem_limit'].some((name) => hidden.has(name));
      return unknown ? undefined : { message: 'alone', span };
    }
    case 'cpuPeriodMicros':
    case 'cpuQuotaMicros': {
      if (docker.nanoCpus <= 0n) return { message: 'range', data: { text: text.value }, span };
      return {
        message: 'both',
        data: { field },
        span,
        fixes: patchFix(service.file.document, {
          title: 'remove',
          data: { field },
          safety: 'suggested',
          patches: [{ kind: 'remove', path: [...service.path, field] }],
        }),
      };
    }
    default:
      return { message: 'range', data: { text: text.value }, span };
  }
}
