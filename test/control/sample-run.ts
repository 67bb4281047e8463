import type { Claim } from '../../lib/control/claim';
import { type ClaimRun, type ControlHalves, computeClaimStatuses } from '../../lib/control/claim-status';
import type { ControlEvidence } from '../../lib/control/evidence';
import { claim, subject } from './fixtures';

const nothing: ControlHalves = { template: false, live: false, database: false, attested: false };
export const templateOnly: ControlHalves = { ...nothing, template: true };
export const liveOnly: ControlHalves = { ...nothing, live: true };
export const databaseOnly: ControlHalves = { ...nothing, database: true };
export const both: ControlHalves = { ...nothing, template: true, live: true };

export function runOf(
  results: readonly ControlEvidence[],
  changes: Partial<ClaimRun> & { readonly halves?: Readonly<Record<string, ControlHalves>> } = {},
): ClaimRun {
  const { halves = { 'net-01': templateOnly }, ...rest } = changes;
  return {
    looked: { template: {} },
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

/** What each kind of run sees by itself. */
export const check: ClaimRun['looked'] = { template: {} };
export const verify: ClaimRun['looked'] = { live: {} };
export const verifyDatabase: ClaimRun['looked'] = { database: {} };

export const promised = claim('tdb-a');
export const open = subject({ verdict: 'not-satisfied', message: 'database Db is open to the world' });
export const excusedSubject = { ...open, exception: 'legacy-db' };
