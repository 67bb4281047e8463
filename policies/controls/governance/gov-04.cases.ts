import type { AssuranceRecord } from '../../../lib/control/assurance';
import type { ControlCases, RegisterCase } from '../../../lib/control/cases';
import type { Claim, Register } from '../../../lib/control/claim';

const claim: Claim = {
  id: 'doc-pentest',
  document: 'doc',
  section: 'Monitoring',
  lines: [1],
  statement: 'Outside testers try to break in.',
  kind: 'procedure',
  enforceability: 'procedure',
  planned: false,
  figures: [],
  controls: ['gov-04'],
  runbook: 'commission-pentest',
};

const audited: Claim = { ...claim, id: 'doc-audit', runbook: 'commission-security-audit' };

const pentest: AssuranceRecord = {
  id: 'pentest-2026-q4',
  kind: 'pentest',
  by: 'Outside Testers GmbH',
  independence: 'They neither built nor run the service.',
  ended: '2026-10-30',
  scope: ['app.example.com'],
  report: { reference: 'commission-pentest/2026-10-30/report.pdf', sha256: '0'.repeat(64) },
  undatedFindings: 0,
  nextDue: '2027-01-30',
};

const audit: AssuranceRecord = {
  ...pentest,
  id: 'audit-2026',
  kind: 'audit',
  ended: '2026-03-01',
  nextDue: '2027-03-01',
};

function registerOf(...claims: Claim[]): Register {
  return {
    document: 'doc',
    title: 'A document',
    source: { file: 'doc.txt', sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
    claims,
  };
}

function given(records: readonly AssuranceRecord[], expect: RegisterCase['expect']): Omit<RegisterCase, 'name'> {
  return {
    registers: [registerOf(claim)],
    records: { assurance: records },
    figures: { 'assurance.pentestDays': 92 },
    expect,
  };
}

const changed = (change: Partial<AssuranceRecord>) => [{ ...pentest, ...change }];

export const cases: ControlCases = {
  compliant: {},
  mutations: [],
  registers: [
    { name: 'a test in time is on record', ...given([pentest], { 'pentest-2026-q4': 'satisfied' }) },
    {
      name: 'it counts to the day on which the next one is due, and that day too',
      ...given([pentest], { 'pentest-2026-q4': 'satisfied' }),
      today: '2027-01-30',
    },
    {
      name: 'nobody commissioned one: no pass, whatever else is on record',
      ...given([audit], { pentest: 'not-assessed' }),
    },
    {
      name: 'an audit is another thing than a test, and has its own time',
      ...given([pentest, audit], { 'pentest-2026-q4': 'satisfied', 'audit-2026': 'satisfied' }),
      registers: [registerOf(claim, audited)],
    },
    {
      name: 'the newest of a kind counts, wherever it stands in the file',
      ...given([{ ...pentest, id: 'pentest-2026-q3', ended: '2026-07-31', undatedFindings: 3 }, pentest], {
        'pentest-2026-q3': 'not-applicable',
        'pentest-2026-q4': 'satisfied',
      }),
    },
    {
      name: 'a claim that another runbook signs is not assessed',
      ...given([pentest], { 'doc-pentest': 'not-assessed' }),
      registers: [registerOf({ ...claim, runbook: 'review-access' })],
    },
    {
      name: 'fails on the day after it is too old',
      ...given([pentest], { 'pentest-2026-q4': { message: 'stale' } }),
      today: '2027-01-31',
    },
    {
      name: 'fails when the next one was due before, by its own entry',
      ...given(changed({ nextDue: '2026-11-30' }), { 'pentest-2026-q4': { message: 'overdue' } }),
    },
    {
      name: 'fails when the next one is planned for too late a day',
      ...given(changed({ nextDue: '2027-01-31' }), { 'pentest-2026-q4': { message: 'lateNext' } }),
    },
    {
      name: 'fails when a test is entered before it ended',
      ...given(changed({ ended: '2026-12-02' }), { 'pentest-2026-q4': { message: 'future' } }),
    },
    {
      name: 'fails when what it found waits without a date',
      ...given(changed({ undatedFindings: 2 }), { 'pentest-2026-q4': { message: 'undated' } }),
    },
    {
      name: 'fails when an audit is older than a year',
      ...given([{ ...audit, ended: '2025-11-29', nextDue: '2026-11-29' }], { 'audit-2026': { message: 'stale' } }),
      registers: [registerOf(audited)],
    },
  ],
};
