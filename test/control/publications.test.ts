import { dump } from 'js-yaml';
import { loadPolicies } from '../../bin/policies';
import { loadPromises } from '../../bin/promises';
import {
  type Agreement,
  type PrivacyContact,
  type PrivacyNotice,
  privacyAddresses,
  type StatusPage,
  statusHosts,
} from '../../lib/control/publication';
import { parsePublications } from '../../lib/control/publication-file';
import { messageOf } from './fixtures';

const file = 'policies/registers/publications.yaml';
const evidence = { reference: 'sign-dpa/2026-10-01/agreement.pdf', sha256: '0'.repeat(64) };
const page: StatusPage = {
  url: 'https://status.example.net/',
  provider: 'A company',
  by: 'support lead',
  drilled: '2026-10-01',
  evidence,
};
const notice: PrivacyNotice = {
  url: 'https://www.example.com/privacy',
  version: '3',
  by: 'privacy lead',
  reviewed: '2026-10-01',
  evidence,
};
const dpa: Agreement = { kind: 'dpa', version: '5', by: 'privacy lead', reviewed: '2026-10-01', annex: [], evidence };
const baa: Agreement = { kind: 'baa', version: '5', by: 'privacy lead', reviewed: '2026-10-01', evidence };

const officer: PrivacyContact = {
  office: 'dpo',
  address: 'dpo@example.com',
  url: 'https://www.example.com/privacy',
  by: 'legal counsel',
  answered: '2026-10-01',
  evidence,
};

const parsed = (over: object) =>
  parsePublications(
    file,
    dump(
      { statusPages: [], privacyNotices: [], agreements: [], privacyContacts: [], ...over },
      { noRefs: true, skipInvalid: true },
    ),
  );

test('entries are read as they stand, and none at all is an honest register', () => {
  const register = {
    statusPages: [page],
    privacyNotices: [notice],
    agreements: [dpa, baa],
    privacyContacts: [officer, { ...officer, office: 'requests' }],
  };
  expect(parsed(register)).toEqual(register);
  expect(parsed({})).toEqual({ statusPages: [], privacyNotices: [], agreements: [], privacyContacts: [] });
});

test.each([
  ['a status page without encryption', { statusPages: [{ ...page, url: 'http://status.example.net/' }] }, 'url is'],
  ['a status page that nobody drilled', { statusPages: [{ ...page, drilled: undefined }] }, 'drilled is missing'],
  ['a day that is none', { privacyNotices: [{ ...notice, reviewed: '2026-11-31' }] }, 'reviewed is "2026-11-31"'],
  ['evidence that nothing pins', { agreements: [{ ...baa, evidence: { reference: 'a' } }] }, 'sha256 is missing'],
  ['an agreement of an unknown kind', { agreements: [{ ...baa, kind: 'nda' }] }, 'kind is "nda"'],
  ['a dpa without its annex', { agreements: [{ ...dpa, annex: undefined }] }, "agreement 'dpa' 5: annex belongs to"],
  ['an annex where none belongs', { agreements: [{ ...baa, annex: [] }] }, "agreement 'baa' 5: annex belongs to"],
  ['an agreement that stands twice', { agreements: [dpa, dpa] }, "agreement 'dpa' 5 stands twice"],
  ['an address that is none', { privacyContacts: [{ ...officer, address: 'the officer' }] }, 'address is'],
  ['an office that there is not', { privacyContacts: [{ ...officer, office: 'sales' }] }, 'office is'],
  ['a contact that nobody tried', { privacyContacts: [{ ...officer, answered: undefined }] }, 'answered is missing'],
  [
    'a contact that stands twice',
    { privacyContacts: [officer, officer] },
    "privacy contact 'dpo' dpo@example.com stands twice",
  ],
  ['a page that stands twice', { statusPages: [page, page] }, "status page 'https://status.example.net/' stands twice"],
  [
    'a notice that stands twice',
    { privacyNotices: [notice, notice] },
    "'https://www.example.com/privacy' 3 stands twice",
  ],
  ['a promise that nobody reads', { statusPages: [{ ...page, uptime: '99.9' }] }, 'unknown key "statusPages/0/uptime"'],
])('fails with %s', (_name, over, message) => {
  expect(messageOf(() => parsed(over))).toContain(message);
});

test('the hosts of status pages are known to the judge of the service’s zones', () => {
  expect(
    statusHosts([page, { ...page, url: 'https://a.example.net/b' }, { ...page, url: 'https://a.example.net/' }]),
  ).toEqual(['a.example.net', 'status.example.net']);
  const { statusPages } = loadPolicies().records;
  expect(loadPromises('cly').figures.set('status.hosts')).toEqual(statusHosts(statusPages));
});

test('addresses for requests are a figure of every profile', () => {
  const contacts = [officer, { ...officer, address: 'A@example.com' }, { ...officer, office: 'requests' as const }];
  expect(privacyAddresses(contacts)).toEqual(['a@example.com', 'dpo@example.com']);
  const { privacyContacts } = loadPolicies().records;
  expect(loadPromises('clvr').figures.set('dsr.contacts')).toEqual(privacyAddresses(privacyContacts));
});
