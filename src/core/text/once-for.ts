/** What a function said of one object, and for which detail; the latest first. */
interface Answer {
  readonly by: unknown;
  detail: unknown;
  value: unknown;
  readonly earlier: Answer | undefined;
}

class Itself {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: so that the fields of what extends it are put on this object
    return object;
  }
}

/**
 * Writes answers into the objects themselves, as a private field, which nobody sees, spreads or prints. A WeakMap would
 * do the same, but costs the garbage collector more than the answers are worth.
 */
class Answers extends Itself {
  #latest: Answer | undefined;

  static latestOf(object: object): Answer | undefined {
    return #latest in object ? object.#latest : undefined;
  }

  static add(object: object, by: unknown, detail: unknown, value: unknown): void {
    const answers = #latest in object ? object : (new Answers(object) as Answers);
    answers.#latest = { by, detail, value, earlier: answers.#latest };
  }
}

/**
 * A function that is asked once for each object and then remembers, for as long as the object lives. For what is read
 * from documents that are kept by their text: nothing read from them ever changes.
 */
export function onceFor<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  return (key) => {
    // What stands under `make` was made by it.
    for (let at = Answers.latestOf(key); at !== undefined; at = at.earlier)
      if (at.by === make) return at.value as Value;
    const value = make(key);
    Answers.add(key, make, undefined, value);
    return value;
  };
}

/**
 * As `onceFor`, for what depends on something besides the object: the last answer about the object is kept with the detail
 * that it was given for. Two details are the same where they are one value or one object.
 */
export function lastFor<Key extends object, Detail, Value>(
  make: (key: Key, detail: Detail) => Value,
): (key: Key, detail: Detail) => Value {
  return (key, detail) => {
    let known = Answers.latestOf(key);
    while (known !== undefined && known.by !== make) known = known.earlier;
    if (known !== undefined && Object.is(known.detail, detail)) return known.value as Value;
    const value = make(key, detail);
    if (known === undefined) Answers.add(key, make, detail, value);
    else {
      known.detail = detail;
      known.value = value;
    }
    return value;
  };
}

/**
 * An object that says what answers depend on, for `lastFor`: the last one that was made beside `key`, for as long as the
 * next ones have the same values.
 */
export function sameFor<Made extends object>(): (key: object, made: Made) => Made {
  const lastOf = onceFor((_key: object): { made: Made | undefined } => ({ made: undefined }));
  return (key, made) => {
    const last = lastOf(key);
    const names = Object.keys(made) as (keyof Made)[];
    const { made: known } = last;
    if (known !== undefined && names.every((name) => Object.is(known[name], made[name]))) return known;
    last.made = made;
    return made;
  };
}
