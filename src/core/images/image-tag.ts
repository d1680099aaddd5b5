/** A tag taken apart: `3.14.0rc1-slim-bookworm` is 3.14.0, rc1, slim-bookworm. */
export interface ImageTag {
  /** Leading dotted number; undefined where there is none. An optional `v` is dropped. */
  readonly version: string | undefined;
  /** The mark of a version that is not released yet: `rc1`, `beta2`. */
  readonly preview: string | undefined;
  /** All after that, without the dash. */
  readonly variant: string;
}

const versionPattern = /^v?(\d+(?:\.\d+)*(?:_\d+)?(?:u\d+(?:-b\d+)?)?)(.*)$/;
const previewPattern =
  /^[._-]?(?:\d+\.\d+\.(?:beta|dev)|(?:rc|beta|alpha|preview|pre|ea|dev|milestone|snapshot|nightly|next)(?:[.-]?\d+(?:\.\d+)*)?|[mMab]\d+)(?=$|-)/i;

/** Takes a tag apart. Never throws. */
export function parseTag(tag: string): ImageTag {
  const [, version, after = ''] = versionPattern.exec(tag) ?? [];
  if (version === undefined) return { version: undefined, preview: undefined, variant: tag };
  const mark = previewPattern.exec(after)?.[0];
  const rest = after.slice(mark?.length ?? 0);
  return { version, preview: mark?.replace(/^[._-]/, ''), variant: rest.replace(/^-/, '') };
}

/** A stamp of a day, such as 20260805, and no version. */
export function isDayStamp(version: string): boolean {
  return /^\d{6,}/.test(version);
}

function numbers(version: string): readonly number[] {
  return version.split(/[._u]|-b/).map(Number);
}

/** Below zero where `a` is the older version; a longer one is newer than its own beginning. */
export function compareVersions(a: string, b: string): number {
  const [x, y] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(x.length, y.length); index++) {
    const difference = (x[index] ?? -1) - (y[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version lies in a line: 3.14.2 in 3.14 and in 3. */
export function isInLine(version: string, line: string): boolean {
  return version === line || (version.startsWith(line) && /^[._u]/.test(version.slice(line.length)));
}
