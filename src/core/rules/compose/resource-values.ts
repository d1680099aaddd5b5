import { sizesOf } from '../../compose/sizes.ts';
import { defineRule } from '../../engine/rule.ts';
import { parseComposeCpus, parseRamInBytes } from '../../quantity/compose.ts';
import { composeLoad } from '../../sizing/compose.ts';
import { knownText } from '../../yaml/field.ts';
import { resourceMessages, resourceTitles, sizeProposal, unreadable } from './parts/resource-problems.ts';

export default defineRule('compose-service', {
  meta: {
    id: 'compose/resource-values',
    rows: ['C402'],
    summary: 'CPU, memory and PIDs of a service should be values that Compose and Docker take.',
    why: 'What `deploy.resources` says comes before `mem_limit`, `cpus` and `pids_limit`, and Compose refuses a service that says different things in both: also where the block is there and lacks the key, which counts as 0. Sizes have units of their own: `512Mi` and `500m` of Kubernetes are none, and a plain number is bytes. Docker refuses less than 6 MiB, and more reserved than the limit.',
    severity: 'error',
    topic: 'resources',
    messages: resourceMessages,
    titles: resourceTitles,
    fix: 'sometimes',
    examples: [
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    mem_limit: 512Mi\n',
        good: 'services:\n  web:\n    image: web:1.4\n    mem_limit: 512m\n',
      },
      {
        file: 'compose.yaml',
        bad: 'services:\n  web:\n    image: web:1.4\n    mem_limit: 256m\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n',
        good: 'services:\n  web:\n    image: web:1.4\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n',
      },
    ],
    options: {},
    sources: [],
  },
  *check(service) {
    const read = sizesOf(service);
    const load = composeLoad(read.sizes);
    for (const problem of load.problems) {
      const found = sizeProposal(problem, service, read, load);
      if (found !== undefined) yield found;
    }
    for (const path of [['shm_size'], ['build', 'shm_size']]) {
      const text = knownText(service.node, ...path);
      if (text === undefined || text.value.includes('$') || parseRamInBytes(text.value).ok) continue;
      yield unreadable(service, path.join('.'), text);
    }
    const cpus = read.written.get('deploy.resources.limits.cpus') ?? read.written.get('cpus');
    const reserved = knownText(service.node, 'deploy', 'resources', 'reservations', 'cpus');
    const [most, least] = [cpus, reserved].map((text) => parseComposeCpus(text?.value ?? ''));
    if (cpus && reserved && most !== undefined && least !== undefined && most > 0n && least > most)
      yield {
        message: 'wasted',
        severity: 'information',
        data: { text: reserved.value, limit: cpus.value },
        span: reserved.span,
      };
  },
});
