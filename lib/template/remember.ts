/** Texts whose answers are kept: more than an application has proxies and patterns, and few enough to hold in memory. */
const mostTexts = 512;

/** Computes once for each object; the answer goes when the object does. The object must not change. */
export function oncePerObject<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const remembered = known.get(key);
    if (remembered) {
      return remembered.value;
    }
    const value = compute(key);
    known.set(key, { value });
    return value;
  };
}

/** Computes once for each text, of which the latest are kept. The answer must not be changed by whoever gets it. */
export function oncePerText<V>(compute: (text: string) => V): (text: string) => V {
  const known = new Map<string, { readonly value: V }>();
  return (text) => {
    const remembered = known.get(text);
    if (remembered) {
      return remembered.value;
    }
    const [oldest] = known.size < mostTexts ? [] : known.keys();
    if (oldest !== undefined) {
      known.delete(oldest);
    }
    const value = compute(text);
    known.set(text, { value });
    return value;
  };
}
