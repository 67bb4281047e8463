import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { loadPolicies, packageRoot } from '../../bin/policies';
import { processingPage } from '../../bin/processing-page';
import { loadPromises } from '../../bin/promises';
import { type ProcessingRecord, type ProcessingRegister, processingLines } from '../../lib/control/processing';
import { parseProcessing } from '../../lib/control/processing-file';
import { refuseUnknownProcessingNames } from '../../lib/control/processing-names';
import { messageOf } from './fixtures';

const file = 'policies/registers/processing.yaml';
const { profiles, records } = loadPolicies();
const record: ProcessingRecord = {
  id: 'payments',
  purpose: 'collect payments',
  role: 'controller',
  basis: 'GDPR Art. 6(1)(b)',
  subjects: ['customers'],
  data: ['payment data'],
  recipients: ['stripe'],
  transfers: [{ recipient: 'stripe', by: 'standard-clauses', reference: 'annex' }],
  retention: ['account-data'],
  measures: ['enc-04'],
};
const register: ProcessingRegister = {
  controller: { name: 'Example GmbH', contact: 'privacy@example.com', officer: 'dpo@example.com' },
  reviewed: '2026-11-20',
  processing: [record],
  impersonal: [],
};
const parsed = (over: object, whole: object = {}) =>
  parseProcessing(file, dump({ ...register, processing: [{ ...record, ...over }], ...whole }, { noRefs: true }));

test('a record is read as it stands', () => {
  expect(parsed({})).toEqual(register);
});

test.each([
  ['has no purpose', { purpose: undefined }, {}, 'processing/0/purpose is missing'],
  ['is about nobody', { subjects: [] }, {}, 'subjects is []'],
  ['lies nowhere', { retention: [] }, {}, 'retention is []'],
  ['is protected by nothing', { measures: [] }, {}, 'measures is []'],
  ['is done in another role', { role: 'owner' }, {}, 'role is "owner"'],
  [
    'transfers to whom it names nowhere',
    { recipients: [] },
    {},
    "transfer to 'stripe', which is none of its recipients",
  ],
  ['transfers twice', { transfers: [...record.transfers, ...record.transfers] }, {}, "two transfers to 'stripe'"],
  ['stands twice', {}, { processing: [record, record] }, "record 'payments' stands twice"],
  [
    'is about what is impersonal',
    {},
    { impersonal: [{ retention: 'account-data', because: 'Nobody is in it.' }] },
    "names rule 'account-data', which is impersonal as well",
  ],
  [
    'says in a word why nobody is in it',
    {},
    { impersonal: [{ retention: 'x', because: 'empty' }] },
    'expected a sentence',
  ],
  ['was reviewed on no day', {}, { reviewed: '2026-11-31' }, 'reviewed is "2026-11-31"'],
])('refuses a record that %s', (_name, over, whole, message) => {
  expect(messageOf(() => parsed(over, whole))).toContain(message);
});

test.each([
  ['vendor', { recipients: ['stripes'], transfers: [] }, "unknown vendor 'stripes'"],
  ['rule', { retention: ['accounts'] }, "unknown retention rule 'accounts'"],
  ['profile', { profiles: ['clu'] }, "unknown profile 'clu'"],
  [
    'transfer',
    {
      recipients: ['amazon-web-services'],
      transfers: [{ recipient: 'amazon-web-services', by: 'adequacy', reference: 'x' }],
    },
    "vendor 'amazon-web-services' has its seat in the EEA",
  ],
])('refuses a record with a wrong %s', (_name, over, message) => {
  const known = { ...records, profiles: [...profiles.values()] };
  expect(messageOf(() => refuseUnknownProcessingNames(parsed(over), known))).toContain(message);
  expect(() => refuseUnknownProcessingNames(parsed({}), known)).not.toThrow();
});

test('records become a line for each rule, and impersonal rules one of their own', () => {
  expect(processingLines(undefined, records.retention, 'cly')).toEqual([]);
  expect(processingLines(register, records.retention, 'cly')).toEqual(['payments account-data']);
  const nobody = { ...register, impersonal: [{ retention: 'log-lines', because: 'Nobody is in it.' }] };
  expect(processingLines(nobody, records.retention, 'cly')).toEqual(['- log-lines', 'payments account-data']);
  expect(
    processingLines({ ...nobody, processing: [{ ...record, profiles: ['tdb'] }] }, records.retention, 'cly'),
  ).toEqual(['- log-lines']);
});

test.each([...profiles.keys()])('under profile %s every rule of the schedule is in a record', (name) => {
  const { figures } = loadPromises(name);
  const named = new Set(figures.set('processing.records').map((line) => line.split(' ')[1]));
  const rules = [...figures.set('retention.schedule'), ...figures.set('retention.rows')].map(
    (line) => line.split(' ')[0],
  );
  expect(rules.filter((rule) => !named.has(rule))).toEqual([]);
});

test('a review of the records counts for as long as the evidence of its runbook', () => {
  const page = readFileSync(join(packageRoot(), 'runbooks', 'review-processing-records.md'), 'utf8');
  const validDays = Number(/validDays: (\d+)/.exec(page)?.[1]);
  expect(loadPromises('clvr').figures.number('processing.reviewDays')).toBe(validDays);
});

test('the page for an auditor says of each record who receives it, what allows that, and how long it is kept', () => {
  const page = processingPage({ profiles, records }, (text) => text);
  const cfus = page.slice(page.indexOf('## cfus'), page.indexOf('## clvr'));
  expect(cfus).toContain('**payments: collect what customers pay**');
  expect(cfus).toContain('| recipients | Stripe, Inc. (US) |');
  expect(cfus).toMatch(/stripe: standard-clauses, .*2021\/914/);
  expect(cfus).toContain('as long as the account is in use, then deleted');
  expect(page.slice(page.indexOf('## clvr'), page.indexOf('## cly'))).not.toContain('payments');
  expect(processingPage({ profiles, records: { ...records, processing: undefined } }, String)).toContain(
    'Nobody keeps any',
  );
});
