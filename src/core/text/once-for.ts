/**
 * A function that is asked once for each object and then remembers, for as long as the object lives. For what is read
 * from documents that are kept by their text: nothing read from them ever changes.
 */
export function onceFor<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const kept = known.get(key);
    if (kept !== undefined) return kept.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}
