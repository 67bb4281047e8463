import type { Register } from './claim';
import { refuse } from './input-error';
import type { Profile } from './profile';
import { boundClaims } from './profile-figures';
import { isInEea, isSentPublicDataOnly, type Vendor } from './vendor';

/**
 * Refuses vendors that are used under profiles which do not exist.
 *
 * @throws InputError naming vendor and profile
 */
export function refuseUnknownVendorProfiles(vendors: readonly Vendor[], profiles: readonly Profile[]): void {
  const known = profiles.map(({ name }) => name);
  refuse(
    vendors.flatMap(({ id, profiles: named }) =>
      named
        .filter((name) => !known.includes(name))
        .map((name) => `vendor '${id}': unknown profile '${name}': known are ${known.join(', ')}`),
    ),
  );
}

/**
 * Refuses vendors outside the EEA under a profile that promises that no data leaves it. The promise is about data of customers: a vendor that is
 * sent public data only may have its seat anywhere.
 *
 * @throws InputError naming vendor, country, profile and claim
 */
export function refuseVendorsAbroad(
  vendors: readonly Vendor[],
  profiles: readonly Profile[],
  registers: readonly Register[],
): void {
  const abroad = vendors.filter((vendor) => !isInEea(vendor) && !isSentPublicDataOnly(vendor));
  refuse(
    profiles.flatMap((profile) => {
      const used = abroad.filter((vendor) => vendor.profiles.includes(profile.name));
      const [promise] = used.length > 0 ? promisesOfNoTransfer(profile, registers) : [];
      return promise === undefined
        ? []
        : used.map(
            ({ id, country }) =>
              `vendor '${id}' has its seat in ${country}, but profile '${profile.name}' binds '${promise}', which lets no data leave the EEA: remove the profile from the vendor`,
          );
    }),
  );
}

function promisesOfNoTransfer(profile: Profile, registers: readonly Register[]): readonly string[] {
  const parameter = 'residency.transfers';
  const yields = profile.resolutions.filter((each) => each.parameter === parameter).flatMap((each) => each.yields);
  return boundClaims(profile, registers)
    .filter(({ id, planned }) => !planned && !yields.includes(id))
    .filter(({ figures }) => figures.some((figure) => figure.parameter === parameter && figure.value === 0))
    .map(({ id }) => id);
}
