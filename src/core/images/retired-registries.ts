/** Where the images of Kubernetes are published now. */
export const kubernetesRegistry = 'registry.k8s.io';

/** Registries of Kubernetes' own images, as they begin: only the newest of them gets new ones. */
const retired: readonly string[] = [
  'k8s.gcr.io/',
  'us.gcr.io/k8s-artifacts-prod/',
  'eu.gcr.io/k8s-artifacts-prod/',
  'asia.gcr.io/k8s-artifacts-prod/',
  'gcr.io/google_containers/',
  'gcr.io/google-containers/',
];

/** etcd is still published there. */
const coreos = /^quay\.io\/coreos\/(?!etcd(?:[:@]|$))/;

/** The registry, with the path that belongs to it, that an image is no longer published at. */
export interface RetiredRegistry {
  readonly registry: string;
  /** The image at the registry that took its place; undefined where each project went elsewhere. */
  readonly image: string | undefined;
  /** The old one is redirected to the new one; otherwise it has images that were never copied. */
  readonly same: boolean;
}

/** Whether an image, as it is written, comes from a registry that its project has left. */
export function retiredRegistry(image: string): RetiredRegistry | undefined {
  const old = retired.find((start) => image.startsWith(start));
  const start = old ?? coreos.exec(image)?.[0];
  if (start === undefined) return undefined;
  return {
    registry: start.slice(0, -1),
    image: old && `${kubernetesRegistry}/${image.slice(old.length)}`,
    same: !start.includes('google'),
  };
}
