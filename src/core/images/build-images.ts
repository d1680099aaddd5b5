import type { BaseImage } from './base-images.ts';

/** Images whose only purpose is to build: compilers and build tools of languages whose programs run without them. */
const names: ReadonlySet<string> = new Set([
  'golang',
  'rust',
  'maven',
  'gradle',
  'gcc',
  'swift',
  'dart',
  'haskell',
  'sbt',
]);

/** The kind of build image that a reference names; undefined for images that programs run on, and for slim ones. */
export function isBuildImage({ registry, repository, tag }: BaseImage): boolean {
  const name = repository.startsWith('library/') ? repository.slice('library/'.length) : repository;
  if (/(?:^|-)slim(?:$|-)/.test(tag ?? '') && name === 'swift') return false;
  if (registry === undefined || registry === 'docker.io') {
    if (names.has(name)) return true;
    return /^nvidia\/cuda$/.test(name) && /(?:^|-)devel(?:$|-)/.test(tag ?? '');
  }
  return registry === 'mcr.microsoft.com' && /^dotnet\/(?:nightly\/)?sdk$/.test(repository);
}
