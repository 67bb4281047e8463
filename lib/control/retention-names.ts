import { refuse } from './input-error';
import type { Profile } from './profile';
import type { RetentionRule } from './retention';

/**
 * Refuses rules of the retention schedule that are for profiles which do not exist: they would bind nobody, for ever.
 *
 * @throws InputError naming rule and profile
 */
export function refuseUnknownRetentionProfiles(rules: readonly RetentionRule[], profiles: readonly Profile[]): void {
  const known = profiles.map(({ name }) => name);
  refuse(
    rules.flatMap(({ id, profiles: named = [] }) =>
      named
        .filter((name) => !known.includes(name))
        .map((name) => `retention rule '${id}': unknown profile '${name}': known are ${known.join(', ')}`),
    ),
  );
}
