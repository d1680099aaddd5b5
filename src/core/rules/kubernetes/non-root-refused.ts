import { defineRule } from '../../engine/rule.ts';
import type { BuiltImage, Container, KubernetesFile } from '../../kubernetes/model.ts';
import { type SecurityField, securityField } from '../../kubernetes/security-context.ts';
import { workloadsOf } from '../../kubernetes/service.ts';
import { builtImage } from '../../workspace/images.ts';
import { patchFix } from '../patch-fix.ts';

const manifest = (user: string) => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: shop/web:1.4
      securityContext:
        runAsNonRoot: true
${user}`;

export default defineRule('kubernetes-file', {
  meta: {
    id: 'kubernetes/non-root-refused',
    rows: ['X102'],
    summary: 'With `runAsNonRoot`, the user of an image must be a number other than 0.',
    why: 'The kubelet does not look into an image: with `runAsNonRoot: true` it refuses one whose user is root, and one that names its user, since a name may be root too. The pod stays at CreateContainerConfigError. Known of images that a Compose file of the workspace builds from a Dockerfile.',
    severity: 'warning',
    topic: 'correctness',
    messages: {
      root: 'The image runs as root: `runAsNonRoot` without `runAsUser` keeps it from starting',
      named: 'The image names its user, {user}: `runAsNonRoot` wants a number, and keeps it from starting',
      says: 'The user of the image comes from here',
    },
    titles: {
      user: 'Run as {user}, which is {number}',
      complete: 'Add a user to complete',
    },
    fix: 'sometimes',
    examples: [
      {
        file: 'web.yaml',
        around: {
          'compose.yaml': 'services:\n  web:\n    image: shop/web\n    build: .\n',
          Dockerfile: 'FROM debian:13\nRUN useradd --uid 1000 app\nUSER app\n',
        },
        bad: manifest(''),
        good: manifest('        runAsUser: 1000\n'),
      },
    ],
    options: {},
    sources: [],
  },
  *check(file) {
    const { images } = file.neighbours ?? {};
    if (images === undefined || images.size === 0) return;
    for (const { container, start, field } of nonRootContainers(file)) {
      if (container.image === undefined) continue;
      const built = builtImage(images, container.image.value);
      if (built === undefined || (/^\d+$/.test(built.user) && Number(built.user) !== 0)) continue;
      yield {
        message: /^(?:root|0+)$/.test(built.user) ? 'root' : 'named',
        data: { user: built.user, number: built.number ?? '' },
        // What the pod says holds for others too.
        span: field.level === 'pod' ? container.image.span : field.span,
        offset: start,
        related: [{ message: 'says', span: built.span, file: { path: built.path, text: built.text } }],
        fixes: fixesOf(container, field, built),
      };
    }
  },
});

/** Containers that must not be root and are told no user, with what says so. */
function* nonRootContainers(
  file: KubernetesFile,
): Generator<{ readonly container: Container; readonly start: number; readonly field: SecurityField }> {
  for (const { workload, start } of workloadsOf(file)) {
    if (workload.windows) continue;
    for (const container of workload.containers) {
      const field = securityField(container, 'runAsNonRoot');
      if (field === undefined || field === 'unknown' || field.text !== 'true') continue;
      if (securityField(container, 'runAsUser') === undefined) yield { container, start, field };
    }
  }
}

function fixesOf(container: Container, field: SecurityField, { user, number }: BuiltImage) {
  const { document } = container.workload.object;
  // Other containers of the pod may have other users.
  const alone = field.level === 'container' || container.workload.containers.length === 1;
  const path = alone ? [...field.path.slice(0, -1), 'runAsUser'] : [...container.path, 'securityContext', 'runAsUser'];
  if (number !== undefined && Number(number) !== 0) {
    const patches = [{ kind: 'set', path, value: Number(number) }] as const;
    return patchFix(document, { title: 'user', data: { user, number }, safety: 'suggested', patches });
  }
  return patchFix(document, {
    title: 'complete',
    safety: 'manual',
    patches: [{ kind: 'set', path, value: '<number>' }],
  });
}
