/** Does some work for each, a few at once, and keeps their order. */
export async function inTurns<T, R>(
  all: readonly T[],
  atOnce: number,
  work: (each: T, at: number) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < all.length; start += atOnce) {
    const turn = all.slice(start, start + atOnce);
    results.push(...(await Promise.all(turn.map((each, at) => work(each, start + at)))));
  }
  return results;
}
