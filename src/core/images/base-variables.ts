import type { BaseImage } from './base-images.ts';

/**
 * The ENV variables that official images bring along beside PATH. Those of golang and node are from their own Dockerfiles
 * (docker-library/golang, nodejs/docker-node); a plain system's image is taken to have none.
 */
const systems = [
  ...['scratch', 'debian', 'ubuntu', 'alpine', 'busybox', 'rockylinux', 'almalinux', 'oraclelinux', 'amazonlinux'],
  ...['buildpack-deps', 'centos'],
];
const languages: Readonly<Record<string, readonly string[]>> = {
  node: ['NODE_VERSION', 'YARN_VERSION'],
  golang: ['GOLANG_VERSION', 'GOTOOLCHAIN', 'GOPATH'],
};

/** All the variables that an image is known to set; undefined for images of which nothing or not all is known. */
export function variablesOfBase({ registry, repository }: BaseImage): readonly string[] | undefined {
  if (registry !== undefined && registry !== 'docker.io') return undefined;
  const name = repository.startsWith('library/') ? repository.slice('library/'.length) : repository;
  const own = systems.includes(name) ? [] : Object.hasOwn(languages, name) ? languages[name] : undefined;
  return own && ['PATH', ...own];
}
