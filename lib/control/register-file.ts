import type { Claim, Register } from './claim';
import { refuse } from './input-error';
import registerSchema from './register.schema.json';
import { readShaped, refuseOtherName } from './schema';

type RegisterFile = Omit<Register, 'claims'> & { readonly claims: readonly Omit<Claim, 'document'>[] };

/**
 * Reads one register of `policies/claims/`; `file` is named in errors.
 *
 * @throws InputError where text, shape or content is wrong
 */
export function parseRegister(file: string, text: string): Register {
  const data = readShaped<RegisterFile>(file, text, registerSchema);
  refuseOtherName(file, 'document', data.document);
  const register = { ...data, claims: data.claims.map((claim) => ({ ...claim, document: data.document })) };
  refuse(registerProblems(file, register));
  return register;
}

/** What is wrong inside one register that its shape cannot show. */
function registerProblems(file: string, register: Register): string[] {
  const { document, claims } = register;
  const prefix = `${document}-`;
  const strangers = claims
    .filter((claim) => !claim.id.startsWith(prefix))
    .map((claim) => `${file}: claim '${claim.id}': id must begin with "${prefix}", the code of its document`);
  return [...strangers, ...duplicateProblems(file, claims), ...coverageProblems(file, register)];
}

function duplicateProblems(file: string, claims: readonly Claim[]): string[] {
  const seen = new Set<string>();
  return claims
    .filter((claim) => seen.size === seen.add(claim.id).size)
    .map((claim) => `${file}: claim '${claim.id}' stands twice: ids are never reused, rename one`);
}

/** Every non-blank line is registered: as a claim or as furniture, not both, not neither. */
function coverageProblems(file: string, { source, claims }: Register): string[] {
  const known = new Set(Object.keys(source.fingerprints).map(Number));
  const last = Math.max(...known);
  const claimOf = new Map(claims.flatMap((claim) => claim.lines.map((line) => [line, claim.id] as const)));
  const furniture = new Set(source.nonClaimLines);
  const unknown = (line: number) =>
    line > last
      ? `line ${line} is beyond the last line with a fingerprint, ${last}`
      : `line ${line} has no fingerprint: blank lines are not registered`;
  return [
    ...claims.flatMap((claim) =>
      claim.lines.filter((line) => !known.has(line)).map((line) => `${file}: claim '${claim.id}': ${unknown(line)}`),
    ),
    ...source.nonClaimLines
      .filter((line) => !known.has(line))
      .map((line) => `${file}: source/nonClaimLines: ${unknown(line)}`),
    ...source.nonClaimLines
      .filter((line) => claimOf.has(line))
      .map(
        (line) => `${file}: line ${line} is in nonClaimLines and in claim '${claimOf.get(line)}': keep one of the two`,
      ),
    ...[...known]
      .filter((line) => !claimOf.has(line) && !furniture.has(line))
      .map((line) => `${file}: line ${line} is in no claim: add it to one, or to source/nonClaimLines`),
  ];
}
