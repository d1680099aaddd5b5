import { cacheContainers } from '../../caches/in-kubernetes.ts';
import { defineRule } from '../../engine/rule.ts';
import { fieldAt, knownText } from '../../yaml/field.ts';
import { patchFix } from '../patch-fix.ts';

/** The user that the official image makes for its server, on Debian and Alpine alike (its Dockerfile). */
const redisUser = 999;

const manifest = (user: string) => `apiVersion: v1
kind: Pod
metadata:
  name: cache
spec:
  containers:
    - name: redis
      image: redis:8
      securityContext:
        runAsNonRoot: true
${user}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/cache-container-user',
    rows: ['R116'],
    summary: 'With `runAsNonRoot`, a Redis image has to be told its user.',
    why: 'The official Redis image starts as root and changes its user itself. `runAsNonRoot: true` without a `runAsUser` refuses to start it, with `CreateContainerConfigError`.',
    severity: 'warning',
    topic: 'correctness',
    messages: { refused: 'The image starts as root: `runAsNonRoot` without `runAsUser` keeps {name} from starting' },
    titles: { user: 'Run as the image’s own user, {user}' },
    fix: 'sometimes',
    examples: [{ file: 'cache.yaml', bad: manifest(''), good: manifest('        runAsUser: 999\n') }],
    options: {},
    sources: [],
  },
  *check(file) {
    for (const { container, server, start } of cacheContainers(file)) {
      const { node, workload, image } = container;
      if (!server.official || server.program !== 'redis') continue;
      const own = knownText(node, 'securityContext', 'runAsNonRoot');
      const nonRoot = own ?? knownText(workload.spec, 'securityContext', 'runAsNonRoot');
      if (nonRoot?.value !== 'true') continue;
      if (fieldAt(node, 'securityContext', 'runAsUser') !== undefined) continue;
      if (fieldAt(workload.spec, 'securityContext', 'runAsUser') !== undefined) continue;
      const user = /(?:^|\/)redis(?:[:@]|$)/.test(image?.value ?? '') ? redisUser : undefined;
      const path = own === undefined ? workload.specPath : container.path;
      yield {
        message: 'refused',
        data: { name: container.name?.value ?? 'it' },
        span: nonRoot.span,
        offset: start,
        fixes:
          user === undefined
            ? []
            : patchFix(workload.object.document, {
                title: 'user',
                data: { user },
                safety: 'suggested',
                patches: [{ kind: 'set', path: [...path, 'securityContext', 'runAsUser'], value: user }],
              }),
      };
    }
  },
});
