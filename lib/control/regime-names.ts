import { refuse } from './input-error';
import type { Profile } from './profile';
import type { Regime } from './regime';

/**
 * Refuses regimes that bind under profiles which do not exist.
 *
 * @throws InputError naming regime and profile
 */
export function refuseUnknownRegimeProfiles(regimes: readonly Regime[], profiles: readonly Profile[]): void {
  const known = profiles.map(({ name }) => name);
  refuse(
    regimes.flatMap(({ id, profiles: named }) =>
      named
        .filter((name) => !known.includes(name))
        .map((name) => `regime '${id}': unknown profile '${name}': known are ${known.join(', ')}`),
    ),
  );
}
