/** Tells whether a value that came from outside has the shape of a `T`. */
export type Guard<T> = (value: unknown) => value is T;

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** A whole number from zero on: an id, a version, an offset. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && isNumber(value) && value >= 0;
}

/** One of the given constants. */
export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Guard<T> {
  return (value): value is T => values.some((candidate) => candidate === value);
}

/** `T`, or nothing at all: messages travel as JSON, which drops what is undefined. */
export function maybe<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function listOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(guard);
}

/** Properties of any name that all have one shape. */
export function recordOf<T>(guard: Guard<T>): Guard<Readonly<Record<string, T>>> {
  return (value): value is Readonly<Record<string, T>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(guard);
}

/** Either of two shapes. */
export function either<A, B>(first: Guard<A>, second: Guard<B>): Guard<A | B> {
  return (value): value is A | B => first(value) || second(value);
}

type IsOptional<T, Key extends keyof T> = Record<never, never> extends Pick<T, Key> ? true : false;

/** A guard for every property; those that may be missing take one that accepts undefined. */
type Fields<T> = { readonly [Key in keyof T]-?: Guard<IsOptional<T, Key> extends true ? T[Key] | undefined : T[Key]> };

/** An object whose properties all have their shape. Properties that are not named are let through unread. */
export function shaped<T extends object>(fields: Fields<T>): Guard<T> {
  const checks: readonly (readonly [string, Guard<unknown>])[] = Object.entries(fields);
  return (value): value is T => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    return checks.every(([name, guard]) => guard(Reflect.get(value, name)));
  };
}
