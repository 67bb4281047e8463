import type { ClaimEvidence, ControlEvidence, Evidence } from '../control/evidence';

/**
 * Counts a run: claims by status, controls by verdict, judgements and findings. A judgement is one control on one subject
 * that reached `satisfied` or `not-satisfied`; a finding is every `not-satisfied` one, excused or not.
 */
export function summarize(claims: readonly ClaimEvidence[], controls: readonly ControlEvidence[]): Evidence['summary'] {
  const statuses = {
    total: claims.length,
    kept: 0,
    broken: 0,
    unproven: 0,
    excepted: 0,
    awaiting: 0,
    attested: 0,
    planned: 0,
  };
  for (const { status } of claims) {
    statuses[status] += 1;
  }
  const verdicts = { satisfied: 0, 'not-satisfied': 0, 'not-applicable': 0, 'not-assessed': 0 };
  const judgements = { satisfied: 0, 'not-satisfied': 0, 'not-applicable': 0, 'not-assessed': 0 };
  for (const control of controls) {
    verdicts[control.verdict] += 1;
    for (const subject of control.subjects) {
      judgements[subject.verdict] += 1;
    }
  }
  const findings = judgements['not-satisfied'];
  return { claims: statuses, controls: verdicts, subjects: { judged: judgements.satisfied + findings, findings } };
}
