import type { BaseImage } from './base-images.ts';

/** What the tag of NVIDIA's own CUDA image tells: `12.4.1-cudnn-devel-ubuntu22.04`. */
export interface CudaImage {
  readonly major: number;
  readonly minor: number;
  /** With compiler and headers. */
  readonly devel: boolean;
}

/** CUDA's version and kind by a base image's reference; undefined for other images and tags without a version. */
export function cudaImage({ repository, tag }: BaseImage): CudaImage | undefined {
  if (repository !== 'nvidia/cuda') return undefined;
  const version = /^(\d+)\.(\d+)/.exec(tag ?? '');
  if (version === null) return undefined;
  return { major: Number(version[1]), minor: Number(version[2]), devel: /-devel(?:-|$)/.test(tag ?? '') };
}
