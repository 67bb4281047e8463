import { dump } from 'js-yaml';
import { loadPolicies } from '../../bin/policies';
import type { AssuranceRecord } from '../../lib/control/assurance';
import { parseAssurance } from '../../lib/control/assurance-file';
import { messageOf } from './fixtures';

const file = 'policies/registers/assurance.yaml';
const record: AssuranceRecord = {
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
const parsed = (...assurance: readonly object[]) => parseAssurance(file, dump({ assurance }, { noRefs: true }));

test('a record is read as it stands, and none at all is an honest register', () => {
  expect(parsed(record).assurance).toEqual([record]);
  expect(parsed().assurance).toEqual([]);
});

test.each([
  ['is of a kind that nobody knows', { kind: 'scan' }, 'kind is "scan"'],
  ['has a report that nothing pins', { report: { reference: 'a.pdf' } }, 'report/sha256 is missing'],
  ['covers nothing', { scope: [] }, 'scope is []'],
  ['ended on a day that is none', { ended: '2026-11-31' }, 'ended is "2026-11-31"'],
  ['has no next one', { nextDue: undefined }, 'nextDue is missing'],
  ['is followed by the next one before it ended', { nextDue: '2026-10-30' }, 'expected a day after 2026-10-30'],
  [
    'says in one word why they are independent',
    { independence: 'yes.' },
    'independence is "yes.", expected a sentence',
  ],
  ['says that it passed', { passed: true }, 'unknown key "assurance/0/passed"'],
])('fails where a record %s', (_name, change, message) => {
  expect(messageOf(() => parsed({ ...record, ...change }))).toContain(message);
});

test('fails where a record stands twice', () => {
  expect(messageOf(() => parsed(record, record))).toContain("record 'pentest-2026-q4' stands twice");
});

test('nobody has commissioned anything yet', () => {
  expect(loadPolicies().records.assurance).toEqual([]);
});
