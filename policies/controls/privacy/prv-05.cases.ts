import type { ControlCases, RegisterCase } from '../../../lib/control/cases';
import type { Claim, Register } from '../../../lib/control/claim';
import type { Agreement, PrivacyNotice } from '../../../lib/control/publication';
import type { Vendor } from '../../../lib/control/vendor';

const claim: Claim = {
  id: 'cfus-dpa-on-request',
  document: 'doc',
  section: 'Data residency',
  lines: [1],
  statement: 'Customers receive an agreement.',
  kind: 'legal',
  enforceability: 'procedure',
  planned: false,
  figures: [],
  controls: ['prv-05'],
  runbook: 'sign-dpa',
};
const annexed: Claim = { ...claim, id: 'cfus-subprocessors-full-in-dpa' };
const health: Claim = { ...claim, id: 'cfeu-hipaa-baa', runbook: 'sign-baa' };
const told: Claim = { ...claim, id: 'clvr-privacy-policy', runbook: undefined };

const host: Vendor = {
  id: 'host',
  name: 'A host',
  country: 'LU',
  purpose: 'hosting',
  role: 'host',
  dataCategories: ['settings of the account'],
  dpa: { signed: true, date: '2026-01-01', reference: 'terms of the host' },
  domains: [],
  profiles: ['strictest'],
  answersFor: ['its data centres'],
  auth: { kind: 'iam' },
};
const mail: Vendor = {
  ...host,
  id: 'mail',
  role: 'sub-processor',
  dataCategories: ['mail address'],
  dpa: { signed: true, date: '2026-02-01', reference: 'sign-dpa/2026-02-01/mail.pdf' },
};
const unsigned: Vendor = { ...mail, dpa: { signed: false } };
const source: Vendor = { ...unsigned, id: 'source', role: 'source', dataCategories: ['public data only'] };

const evidence = { reference: 'sign-dpa/2026-10-01/agreement.pdf', sha256: '0'.repeat(64) };
const dpa: Agreement = {
  kind: 'dpa',
  version: '5',
  by: 'privacy lead',
  reviewed: '2026-10-01',
  annex: ['mail'],
  evidence,
};
const baa: Agreement = { kind: 'baa', version: '1', by: 'privacy lead', reviewed: '2026-10-01', evidence };
const accepted: Agreement = { ...baa, kind: 'provider-baa' };
const notice: PrivacyNotice = {
  url: 'https://www.example.com/privacy',
  version: '3',
  by: 'privacy lead',
  reviewed: '2026-10-01',
  evidence,
};

function registerOf(...claims: Claim[]): Register {
  return {
    document: 'doc',
    title: 'A document',
    source: { file: 'doc.txt', sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
    claims,
  };
}

function given(
  claims: readonly Claim[],
  records: RegisterCase['records'],
  expect: RegisterCase['expect'],
): Omit<RegisterCase, 'name'> {
  return { registers: [registerOf(...claims)], records, expect };
}

export const cases: ControlCases = {
  compliant: {},
  mutations: [],
  registers: [
    {
      name: 'an agreement with its annex, and every vendor has signed',
      ...given(
        [claim, annexed],
        { vendors: [host, mail, source], agreements: [dpa] },
        { 'dpa 5': 'satisfied', host: 'satisfied', mail: 'satisfied', source: 'not-applicable' },
      ),
    },
    {
      name: 'nobody read an agreement: no pass',
      ...given([claim], { vendors: [host], agreements: [baa] }, { dpa: 'not-assessed' }),
    },
    {
      name: 'a vendor of personal data that has not signed is awaited, by its name',
      ...given([claim], { vendors: [host, unsigned], agreements: [dpa] }, { host: 'satisfied', mail: 'not-assessed' }),
    },
    {
      name: 'without any vendor on record nothing is known of signatures',
      ...given([claim], { agreements: [{ ...dpa, annex: [] }] }, { vendors: 'not-assessed' }),
    },
    {
      name: 'a vendor of another profile is in no annex',
      ...given(
        [annexed],
        { vendors: [host, { ...mail, profiles: ['cfus'] }], agreements: [{ ...dpa, annex: [] }] },
        { 'dpa 5': 'satisfied' },
      ),
    },
    {
      name: 'the newest look counts, wherever it stands in the file',
      ...given(
        [annexed],
        { vendors: [mail], agreements: [{ ...dpa, version: '4', reviewed: '2025-01-01', annex: [] }, dpa] },
        { 'dpa 4': 'not-applicable', 'dpa 5': 'satisfied' },
      ),
    },
    {
      name: 'for health information the agreement with the provider counts beside the one for customers',
      ...given([health], { agreements: [baa, accepted] }, { 'baa 1': 'satisfied', 'provider-baa 1': 'satisfied' }),
    },
    {
      name: 'an agreement for customers alone is no pass for health information',
      ...given([health], { agreements: [baa] }, { 'baa 1': 'satisfied', 'provider-baa': 'not-assessed' }),
    },
    {
      name: 'a privacy notice was held against what is done',
      ...given([told], { privacyNotices: [notice] }, { [notice.url]: 'satisfied' }),
    },
    {
      name: 'no privacy notice is no pass',
      ...given([told], { agreements: [dpa] }, { 'privacy notice': 'not-assessed' }),
    },
    {
      name: 'a claim that nobody said what it rests on is not assessed',
      ...given([{ ...claim, id: 'doc-other' }], { vendors: [host] }, { 'doc-other': 'not-assessed' }),
    },
    {
      name: 'fails where the annex lacks a sub-processor',
      ...given(
        [annexed],
        { vendors: [mail], agreements: [{ ...dpa, annex: [] }] },
        { 'dpa 5': { message: 'notInAnnex' } },
      ),
    },
    {
      name: 'fails where the annex lists who processes nothing',
      ...given(
        [annexed],
        { vendors: [host, mail], agreements: [{ ...dpa, annex: ['host', 'mail'] }] },
        { 'dpa 5': { message: 'stranger' } },
      ),
    },
    {
      name: 'a look counts for a year and a day',
      ...given([told], { privacyNotices: [{ ...notice, reviewed: '2025-11-30' }] }, { [notice.url]: 'satisfied' }),
    },
    {
      name: 'fails on the day after',
      ...given(
        [told],
        { privacyNotices: [{ ...notice, reviewed: '2025-11-29' }] },
        { [notice.url]: { message: 'stale' } },
      ),
    },
    {
      name: 'fails where an agreement was read on a day that has not come',
      ...given(
        [health],
        { agreements: [{ ...baa, reviewed: '2026-12-02' }, accepted] },
        { 'baa 1': { message: 'future' } },
      ),
    },
    {
      name: 'fails where a vendor signed on a day that has not come',
      ...given(
        [claim],
        { vendors: [{ ...mail, dpa: { ...mail.dpa, date: '2026-12-02' } }], agreements: [dpa] },
        { mail: { message: 'future' } },
      ),
    },
  ],
};
