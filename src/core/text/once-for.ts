/** What functions said of one object, the latest first. */
interface Answer {
  readonly by: unknown;
  readonly value: unknown;
  readonly earlier: Answer | undefined;
}

/** One table for all functions: each one of its own would cost the garbage collector much more than the few steps along a list. */
const answers = new WeakMap<object, Answer>();

/**
 * A function that is asked once for each object and then remembers, for as long as the object lives. For what is read
 * from documents that are kept by their text: nothing read from them ever changes.
 */
export function onceFor<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  return (key) => {
    // What stands under `make` was made by it.
    for (let at = answers.get(key); at !== undefined; at = at.earlier) if (at.by === make) return at.value as Value;
    const value = make(key);
    answers.set(key, { by: make, value, earlier: answers.get(key) });
    return value;
  };
}
