import { type RetiredPlace, retiredAsOf } from '../../../images/retired-registries.ts';

/** What the rules about retired places say: of the place alone, whoever's image it is. */
export const retiredWords = {
  summary: 'An image should come from a place that is still looked after.',
  why: 'The images of Kubernetes live at registry.k8s.io: k8s.gcr.io got its last ones in April 2023 and is only redirected for as long as somebody pays for that, and gcr.io/google_containers is older still. The projects of quay.io/coreos have moved, each to a place of its own, and what is left there gets no fixes. The versions of Bitnami left Docker Hub in September 2025 for `bitnamilegacy`, where they get no updates and are not meant to stay.',
  messages: {
    retired: '`{place}` is retired{since}: the images of Kubernetes are at {successor} (as of {asOf})',
    moved: '`{place}` is retired: this project publishes its images elsewhere now (as of {asOf})',
    legacy: '`{place}` has no versions since {day}: they lie in `{successor}`, without updates (as of {asOf})',
  },
  titles: { move: 'Take it from `{successor}`' },
} as const;

/** The message of an image at such a place, and the safety of going where its successor is. */
export function retiredFinding({ kind, place, since, successor = '', same }: RetiredPlace) {
  const safety = same ? ('safe' as const) : ('suggested' as const);
  switch (kind) {
    case 'kubernetes': {
      const data = { place, successor, since: since === undefined ? '' : ` since ${since}`, asOf: retiredAsOf };
      return { found: { message: 'retired', data }, safety } as const;
    }
    case 'coreos':
      return {
        found: { message: 'moved', data: { place, asOf: retiredAsOf }, severity: 'information' },
        safety,
      } as const;
    case 'bitnami':
      return {
        found: { message: 'legacy', data: { place, successor, day: since ?? '', asOf: retiredAsOf }, peers: [] },
        safety,
      } as const;
  }
}

/** The image at the place that took over; undefined where each project has its own. */
export function successorOf(image: string, { place, start, successor }: RetiredPlace): string | undefined {
  return successor && image.slice(0, start) + successor + image.slice(start + place.length);
}
