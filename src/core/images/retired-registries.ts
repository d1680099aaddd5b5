import { dockerHub } from './registries.ts';

/** The month in which the places below were last looked at. */
export const retiredAsOf = '2026-08';

/** A place that images are no longer published at, in an image as it is written. */
export interface RetiredPlace {
  readonly kind: 'kubernetes' | 'coreos' | 'bitnami';
  /** A registry with the path that belongs to it, or a namespace on Docker Hub, and where in the image it begins. */
  readonly place: string;
  readonly start: number;
  /** ISO day from which nothing new is there; undefined where no one day is known. */
  readonly since: string | undefined;
  /** What is written in place of it; undefined where each project went elsewhere. */
  readonly successor: string | undefined;
  /** The old one is redirected to the new one; otherwise it has images that were never copied, or the new one is no better. */
  readonly same: boolean;
}

/**
 * Registries of Kubernetes' own images, as they begin: only the newest of them gets new ones. k8s.gcr.io was frozen
 * (kubernetes.io, 2023-02-06) and is redirected; k8s-artifacts-prod is what lies behind it.
 */
const kubernetes: readonly string[] = [
  'k8s.gcr.io/',
  'us.gcr.io/k8s-artifacts-prod/',
  'eu.gcr.io/k8s-artifacts-prod/',
  'asia.gcr.io/k8s-artifacts-prod/',
  'gcr.io/google_containers/',
  'gcr.io/google-containers/',
];
const frozen = '2023-04-03';

/** etcd is still published there. */
const coreos = /^quay\.io\/coreos\/(?!etcd(?:[:@]|$))/;

/**
 * Bitnami's versions were moved to a namespace without updates (bitnami/containers, issue 83267); `latest` is still there for
 * some, and so are the versions of sealed-secrets (bitnami/sealed-secrets, issue 1785). What a digest means nobody can tell.
 */
const bitnami = /^(?:([^/]+)\/)?bitnami\/(?!sealed-secrets)[^/:@]+:v?\d[^@]*$/;
const bitnamiMoved = '2025-09-29';

/** Whether an image, as it is written, comes from a place that its project has left. */
export function retiredPlace(image: string): RetiredPlace | undefined {
  const start = kubernetes.find((one) => image.startsWith(one));
  if (start !== undefined) {
    const isOld = start.includes('google');
    const place = start.slice(0, -1);
    const since = isOld ? undefined : frozen;
    return { kind: 'kubernetes', place, start: 0, since, successor: 'registry.k8s.io', same: !isOld };
  }
  if (coreos.test(image))
    return {
      kind: 'coreos',
      place: 'quay.io/coreos',
      start: 0,
      since: undefined,
      successor: undefined,
      same: false,
    };
  const [found, host] = bitnami.exec(image) ?? [];
  if (found === undefined || (host !== undefined && !dockerHub.has(host))) return undefined;
  return {
    kind: 'bitnami',
    place: 'bitnami',
    start: host === undefined ? 0 : host.length + 1,
    since: bitnamiMoved,
    successor: 'bitnamilegacy',
    same: false,
  };
}
