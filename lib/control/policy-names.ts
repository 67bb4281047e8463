import type { Register } from './claim';
import type { Exception } from './exception';
import { refuse } from './input-error';
import type { Profile } from './profile';

/**
 * Refuses claim ids that two registers share.
 *
 * @throws InputError naming both documents
 */
export function refuseSharedIds(registers: readonly Register[]): void {
  const owner = new Map<string, string>();
  const problems: string[] = [];
  for (const { document, claims } of registers) {
    for (const { id } of claims) {
      const other = owner.get(id);
      if (other === undefined) {
        owner.set(id, document);
      } else {
        problems.push(`claim '${id}' stands in '${other}' and in '${document}': ids are never reused, rename one`);
      }
    }
  }
  refuse(problems);
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

/**
 * Refuses exceptions for claims that no register holds.
 *
 * @throws InputError naming exception and claim
 */
export function refuseUnknownClaims(exceptions: readonly Exception[], known: ReadonlySet<string>): void {
  refuse(
    exceptions.flatMap(({ id, claims }) =>
      claims
        .filter((claim) => !known.has(claim))
        .map((claim) => `exception '${id}': unknown claim '${claim}': name one of policies/claims`),
    ),
  );
}

/**
 * Refuses exceptions that apply under profiles which do not exist: they would excuse nothing, for ever.
 *
 * @throws InputError naming exception and profile
 */
export function refuseUnknownProfiles(exceptions: readonly Exception[], profiles: readonly Profile[]): void {
  const known = profiles.map(({ name }) => name);
  refuse(
    exceptions.flatMap(({ id, profiles: named = [] }) =>
      named
        .filter((name) => !known.includes(name))
        .map((name) => `exception '${id}': unknown profile '${name}': known are ${known.join(', ')}`),
    ),
  );
}
