/**
 * Does the same in each Region, one after the other: services that are set here throttle by account.
 *
 * @throws Error that names the Region, with the words of the first failure
 */
export async function inEachRegion(regions: readonly string[], work: (region: string) => Promise<void>): Promise<void> {
  if (regions.length === 0) {
    throw new Error('no Region is named, expected one or more');
  }
  for (const region of regions) {
    try {
      await work(region);
    } catch (error) {
      const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new Error(`in ${region}: ${words}`, { cause: error });
    }
  }
}

/**
 * Settings of a client for one Region. A new organization is slow to answer and its calls are throttled together, so that the SDK tries
 * longer than its three times.
 */
export function clientSettings(region: string): { region: string; maxAttempts: number } {
  return { region, maxAttempts: 8 };
}
