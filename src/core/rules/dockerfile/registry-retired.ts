import { imagesUsed } from '../../dockerfile/images-used.ts';
import { defineRule } from '../../engine/rule.ts';
import { dockerHub } from '../../images/registries.ts';
import { kubernetesRegistry, retiredRegistry } from '../../images/retired-registries.ts';
import { replace } from '../../text/edit.ts';

export default defineRule('dockerfile', {
  meta: {
    id: 'dockerfile/registry-retired',
    rows: ['D209'],
    summary: 'An image should come from a place that is still looked after.',
    why: 'The images of Kubernetes live at registry.k8s.io: k8s.gcr.io is only redirected for as long as somebody pays for that, and gcr.io/google_containers is older still. The projects of quay.io/coreos have moved, each to a place of its own. The versions of Bitnami left Docker Hub in September 2025 for `bitnamilegacy`, where they get no updates and are not meant to stay.',
    severity: 'warning',
    topic: 'base image',
    messages: {
      retired: '`{registry}` is retired: the images of Kubernetes are at {successor}',
      moved: '`{registry}` is retired: this project publishes its images elsewhere now',
      legacy: '`bitnami` has no versions any more: they lie in `bitnamilegacy`, without updates',
    },
    titles: { move: 'Take it from `{to}`' },
    fix: 'sometimes',
    examples: [
      {
        file: 'Dockerfile',
        bad: 'FROM k8s.gcr.io/build-image/debian-base:v2.1.3\n',
        good: 'FROM registry.k8s.io/build-image/debian-base:v2.1.3\n',
      },
    ],
    options: {},
    sources: ['kubescape C-0253'],
  },
  *check(dockerfile) {
    for (const { parts, text, span, nameSpan } of imagesUsed(dockerfile)) {
      const at = (length: number) =>
        nameSpan === undefined ? span : { start: nameSpan.start, end: nameSpan.start + length };
      const old = retiredRegistry(text);
      if (old !== undefined) {
        const { registry, image, same } = old;
        const place = at(registry.length);
        const to = kubernetesRegistry;
        yield {
          message: image === undefined ? 'moved' : 'retired',
          data: { registry, successor: to },
          span: place,
          ...(image === undefined && { severity: 'information' }),
          fixes:
            image === undefined || nameSpan === undefined
              ? []
              : [{ title: 'move', data: { to }, safety: same ? 'safe' : 'suggested', edits: [replace(place, to)] }],
        };
        continue;
      }
      const hub = parts.registry === undefined || dockerHub.has(parts.registry);
      // `latest` is still there.
      if (!hub || !/^bitnami\//.test(parts.repository) || !/^v?\d/.test(parts.tag ?? '')) continue;
      const host = parts.registry === undefined ? 0 : parts.registry.length + 1;
      const whole = at(host + 'bitnami'.length);
      const place = { start: nameSpan === undefined ? whole.start : whole.start + host, end: whole.end };
      yield {
        message: 'legacy',
        span: place,
        fixes: nameSpan
          ? [
              {
                title: 'move',
                data: { to: 'bitnamilegacy' },
                safety: 'suggested',
                edits: [replace(place, 'bitnamilegacy')],
              },
            ]
          : [],
      };
    }
  },
});
