import { dump } from 'js-yaml';
import { loadPolicies } from '../../bin/policies';
import type { AssuranceRecord, SourceReview } from '../../lib/control/assurance';
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
const review: SourceReview = {
  repository: 'example/app',
  by: 'security lead',
  looked: '2026-11-01',
  visibility: 'private',
  secondFactorRequired: true,
  requiredReviews: 1,
  unentitledPeople: 0,
  evidence: { reference: 'review-access/2026-11-01/', sha256: '0'.repeat(64) },
};
const parsed = (...assurance: readonly object[]) =>
  parseAssurance(file, dump({ assurance, sourceReviews: [] }, { noRefs: true }));
const reviewed = (...sourceReviews: readonly object[]) =>
  parseAssurance(file, dump({ assurance: [], sourceReviews }, { noRefs: true }));

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

test('a look at the source is read as it stands, newer ones beside it', () => {
  const newer = { ...review, looked: '2027-01-01' };
  expect(reviewed(review, newer).sourceReviews).toEqual([review, newer]);
  expect(messageOf(() => reviewed(review, review))).toContain(
    "source review of 'example/app' on 2026-11-01 stands twice",
  );
});

test.each([
  ['is of no repository', { repository: 'app' }, 'repository is "app"'],
  ['says nothing of the second factor', { secondFactorRequired: undefined }, 'secondFactorRequired is missing'],
  ['says in words how many reviews', { requiredReviews: 'one' }, 'requiredReviews is "one"'],
  ['has evidence that nothing pins', { evidence: { reference: 'a' } }, 'evidence/sha256 is missing'],
])('fails where a look at the source %s', (_name, change, message) => {
  expect(messageOf(() => reviewed({ ...review, ...change }))).toContain(message);
});

test('nobody has commissioned anything yet, nor looked', () => {
  const { assurance, sourceReviews } = loadPolicies().records;
  expect([...assurance, ...sourceReviews]).toEqual([]);
});
