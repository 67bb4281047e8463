import type { Claim } from '../../lib/control/claim';
import { type ClaimRun, type ControlHalves, computeClaimStatuses } from '../../lib/control/claim-status';
import type { ControlEvidence } from '../../lib/control/evidence';
import { claim, subject } from './fixtures';

export const templateOnly: ControlHalves = { template: true, live: false, attested: false };
export const liveOnly: ControlHalves = { template: false, live: true, attested: false };
export const both: ControlHalves = { template: true, live: true, attested: false };

export function runOf(
  results: readonly ControlEvidence[],
  changes: Partial<ClaimRun> & { readonly halves?: Readonly<Record<string, ControlHalves>> } = {},
): ClaimRun {
  const { halves = { 'net-01': templateOnly }, ...rest } = changes;
  return {
    kind: 'check',
    today: '2026-06-01',
    catalog: new Map(Object.entries(halves)),
    results: new Map(results.map((evidence) => [evidence.id, evidence])),
    exceptions: [],
    ...rest,
  };
}

/** `status: reason | reason` of one claim. */
export function statusOf(bound: Claim, run: ClaimRun): string {
  return computeClaimStatuses([bound], run)
    .map(({ status, reasons }) => [status, reasons.join(' | ')].filter((part) => part !== '').join(': '))
    .join('\n');
}

export const promised = claim('tdb-a');
export const open = subject({ verdict: 'not-satisfied', message: 'database Db is open to the world' });
export const excusedSubject = { ...open, exception: 'legacy-db' };
