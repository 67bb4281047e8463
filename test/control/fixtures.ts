import type { Claim, Figure, Register } from '../../lib/control/claim';
import type { ControlEvidence, ExceptionEvidence, SubjectEvidence } from '../../lib/control/evidence';
import { fingerprintText, sha256 } from '../../lib/control/fingerprint';
import type { Profile } from '../../lib/control/profile';

export function claim(id: string, changes: Partial<Claim> = {}): Claim {
  return {
    id,
    document: id.slice(0, id.indexOf('-')),
    section: 'Security',
    lines: [1],
    statement: 'Something is promised.',
    kind: 'infrastructure',
    enforceability: 'enforced',
    planned: false,
    figures: [],
    controls: ['net-01'],
    ...changes,
  };
}

export function promise(id: string, bound: Figure['bound'], value: Figure['value'], parameter = 'p'): Claim {
  return claim(id, { figures: [{ parameter, value, bound }] });
}

/** A register of one document whose text is given: every line without a claim is furniture. */
export function register(document: string, claims: readonly Claim[], text = 'one'): Register {
  const lines = fingerprintText(text);
  const claimed = new Set(claims.flatMap((entry) => entry.lines));
  return {
    document,
    title: `The ${document} paper`,
    source: {
      file: `${document}.txt`,
      sha256: sha256(text),
      nonClaimLines: lines.map(({ line }) => line).filter((line) => !claimed.has(line)),
      fingerprints: Object.fromEntries(lines.map(({ line, fingerprint }) => [String(line), fingerprint])),
    },
    claims,
  };
}

export function profile(documents: readonly string[], changes: Partial<Profile> = {}): Profile {
  return { name: 'sample', title: 'A sample', documents, resolutions: [], tightens: [], ...changes };
}

export function subject(changes: Partial<SubjectEvidence> = {}): SubjectEvidence {
  return {
    target: 'a.json',
    logicalId: 'Db',
    type: 'AWS::RDS::DBCluster',
    verdict: 'satisfied',
    observations: [],
    ...changes,
  };
}

export function result(
  id: string,
  verdict: ControlEvidence['verdict'],
  subjects: readonly SubjectEvidence[] = [subject({ verdict })],
): ControlEvidence {
  return { id, title: `The ${id} holds`, verdict, parameters: {}, subjects };
}

export function exceptionEvidence(changes: Partial<ExceptionEvidence> = {}): ExceptionEvidence {
  return {
    id: 'legacy-db',
    used: true,
    expires: '2026-12-31',
    state: 'live',
    reason: 'it is being replaced',
    owner: 'Ada',
    approver: 'Grace',
    claims: ['tdb-a'],
    ...changes,
  };
}

/** Message of what a function throws; fails where it throws nothing. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  throw new Error('expected an error, but none was thrown');
}
