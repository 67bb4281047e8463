import type { Register } from './claim';
import { refuse } from './input-error';
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

/**
 * Refuses profiles that name a document or a claim that is not there, or let a claim yield that they do not bind.
 *
 * @throws InputError naming profile, name got and names known
 */
export function refuseUnknownNames(profiles: readonly Profile[], registers: readonly Register[]): void {
  const documents = registers.map(({ document }) => document).sort();
  const documentOf = new Map(
    registers.flatMap(({ document, claims }) => claims.map(({ id }) => [id, document] as const)),
  );
  refuse(
    profiles.flatMap((profile) => [
      ...profile.documents
        .filter((document) => !documents.includes(document))
        .map(
          (document) => `profile '${profile.name}': unknown document '${document}': known are ${documents.join(', ')}`,
        ),
      ...profile.resolutions.flatMap(({ parameter, yields }) =>
        yields.flatMap((claim) => yieldProblem(profile, documentOf.get(claim), claim, parameter) ?? []),
      ),
    ]),
  );
}

function yieldProblem(
  profile: Profile,
  document: string | undefined,
  claim: string,
  parameter: string,
): string | undefined {
  const place = `profile '${profile.name}': resolution of '${parameter}'`;
  if (document === undefined) {
    return `${place}: unknown claim '${claim}' under yields: name one of policies/claims`;
  }
  return profile.documents.includes(document)
    ? undefined
    : `${place}: claim '${claim}' under yields belongs to '${document}', which this profile does not bind: remove it`;
}
