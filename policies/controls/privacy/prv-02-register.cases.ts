import type { RegisterCase } from '../../../lib/control/cases';
import type { Claim } from '../../../lib/control/claim';
import type { ProcessingRegister } from '../../../lib/control/processing';
import type { PrivacyContact } from '../../../lib/control/publication';

const officer: Claim = {
  id: 'cfeu-contact-dpo',
  document: 'doc',
  section: 'Contact',
  lines: [1],
  statement: 'The officer has an address.',
  kind: 'legal',
  enforceability: 'verified',
  planned: false,
  figures: [],
  controls: ['prv-02'],
  runbook: 'designate-dpo',
};
const requests: Claim = { ...officer, id: 'clvr-dsr-contact', enforceability: 'enforced' };

const contact: PrivacyContact = {
  office: 'dpo',
  address: 'dpo@example.com',
  url: 'https://www.example.com/privacy',
  by: 'legal counsel',
  answered: '2026-10-01',
  evidence: { reference: 'designate-dpo/2026-10-01/test.md', sha256: '0'.repeat(64) },
};
const mailbox: PrivacyContact = { ...contact, office: 'requests', address: 'privacy@example.com' };

const processing: ProcessingRegister = {
  controller: { name: 'Example', contact: 'privacy@example.com', officer: 'dpo@example.com' },
  reviewed: '2026-10-01',
  processing: [],
  impersonal: [],
};

const given = (
  claims: readonly Claim[],
  privacyContacts: readonly PrivacyContact[],
): Omit<RegisterCase, 'name' | 'expect'> => ({
  registers: [
    {
      document: 'doc',
      title: 'A document',
      source: { file: 'doc.txt', sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
      claims,
    },
  ],
  records: { privacyContacts, processing },
});

export const registerCases: readonly RegisterCase[] = [
  {
    name: 'both mailboxes answered within the year',
    ...given([officer, requests], [contact, mailbox]),
    expect: { 'dpo@example.com': 'satisfied', 'privacy@example.com': 'satisfied' },
  },
  {
    name: 'nobody wrote to either: no pass',
    ...given([officer, requests], []),
    expect: {
      'address of the data protection officer': 'not-assessed',
      'address for requests about personal data': 'not-assessed',
    },
  },
  {
    name: 'the address for requests is not the one of the officer',
    ...given([officer], [mailbox]),
    expect: { 'address of the data protection officer': 'not-assessed' },
  },
  {
    name: 'an answer of 366 days ago counts',
    ...given([requests], [{ ...mailbox, answered: '2025-11-30' }]),
    expect: { 'privacy@example.com': 'satisfied' },
  },
  {
    name: 'fails a day later',
    ...given([requests], [{ ...mailbox, answered: '2025-11-29' }]),
    expect: { 'privacy@example.com': { message: 'stale' } },
  },
  {
    name: 'fails on an answer that has not come yet',
    ...given([requests], [{ ...mailbox, answered: '2026-12-02' }]),
    expect: { 'privacy@example.com': { message: 'future' } },
  },
  {
    name: 'fails where the records of processing name another officer',
    ...given([officer], [{ ...contact, address: 'privacy@example.com' }]),
    expect: { 'privacy@example.com': { message: 'otherOffice' } },
  },
  {
    name: 'the newest answer counts, wherever it stands in the file',
    ...given([requests], [{ ...mailbox, address: 'old@example.com', answered: '2025-01-01' }, mailbox]),
    expect: { 'privacy@example.com': 'satisfied', 'old@example.com': 'not-applicable' },
  },
];
