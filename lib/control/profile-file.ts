import type { Profile } from './profile';
import profileSchema from './profile.schema.json';
import { readShaped, refuseOtherName } from './schema';

/**
 * Reads one profile of `policies/profiles/`; `file` is named in errors.
 *
 * @throws InputError where text or shape is wrong
 */
export function parseProfile(file: string, text: string): Profile {
  const profile = readShaped<Profile>(file, text, profileSchema);
  refuseOtherName(file, 'name', profile.name);
  return profile;
}
