import type { Certificate } from './inheritance';
import { refuse } from './input-error';
import type { Profile } from './profile';

/**
 * Refuses certificates that are needed under profiles which do not exist.
 *
 * @throws InputError naming certificate and profile
 */
export function refuseUnknownCertificateProfiles(
  certificates: readonly Certificate[],
  profiles: readonly Profile[],
): void {
  const known = profiles.map(({ name }) => name);
  refuse(
    certificates.flatMap(({ id, neededFor }) =>
      neededFor
        .flatMap(({ profiles: named }) => named)
        .filter((name) => !known.includes(name))
        .map((name) => `certificate '${id}': unknown profile '${name}': known are ${known.join(', ')}`),
    ),
  );
}
