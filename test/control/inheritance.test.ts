import { dump } from 'js-yaml';
import { loadPolicies } from '../../bin/policies';
import { scopeLines } from '../../lib/control/inheritance';
import { parseInheritance } from '../../lib/control/inheritance-file';
import { refuseUnknownCertificateProfiles } from '../../lib/control/inheritance-names';
import { messageOf } from './fixtures';

const file = 'policies/registers/inheritance.yaml';
const certificate = {
  id: 'iso-27001',
  title: 'ISO/IEC 27001 certificate',
  holder: 'Amazon Web Services',
  fetch: 'AWS Artifact',
  scopePage: 'https://example.com/scope',
  scopeRead: '2026-11-01',
  covers: ['Amazon S3'],
  excludes: ['Amazon QLDB'],
  neededFor: [
    { profiles: ['clvr'], services: 'every' as const },
    { profiles: ['cfeu'], services: ['Amazon S3'] },
  ],
  document: { reference: 'report-abc', sha256: '0'.repeat(64), from: '2026-10-01', until: '2027-09-30' },
};
const services = [
  { name: 'Amazon S3', types: ['AWS::S3', 'AWS::S3Express'] },
  { name: 'Amazon QLDB', types: ['AWS::QLDB'] },
  { name: 'AWS Budgets', types: ['AWS::Budgets'] },
];
const parsed = (changes: object = {}, of: readonly object[] = services) =>
  parseInheritance(file, dump({ certificates: [{ ...certificate, ...changes }], services: of }, { noRefs: true }));
const refusal = (changes: object, of?: readonly object[]) => messageOf(() => parsed(changes, of));

test('the register is read as it stands', () => {
  expect(parsed()).toEqual({ certificates: [certificate], services });
});

test('its scope is a line for each beginning of types, by what a profile leans on', () => {
  expect(scopeLines(parsed(), 'clvr')).toEqual([
    'AWS::Budgets iso-27001:unread AWS Budgets',
    'AWS::QLDB iso-27001:out Amazon QLDB',
    'AWS::S3 iso-27001:in Amazon S3',
    'AWS::S3Express iso-27001:in Amazon S3',
  ]);
  expect(scopeLines(parsed(), 'cfeu')).toContain('AWS::QLDB iso-27001:unneeded Amazon QLDB');
  expect(scopeLines(parsed(), 'tdb')).toContain('AWS::S3 iso-27001:unneeded Amazon S3');
});

test.each([
  ['covers a service that it does not list', { covers: ['Amazon S4'] }, "unknown service 'Amazon S4'"],
  ['needs a service that it does not list', { neededFor: [{ profiles: ['cfeu'], services: ['S3'] }] }, "'S3'"],
  ['covers and excludes one service', { excludes: ['Amazon S3'] }, "'Amazon S3' is in covers and in excludes"],
  ['repeats a scope that was read on no day', { scopeRead: undefined }, 'scopeRead is missing'],
  ['has a scope at no address', { scopePage: 'the website' }, 'scopePage is "the website"'],
  [
    'has a document that ends before it begins',
    { document: { ...certificate.document, until: '2026-09-30' } },
    'until',
  ],
  ['has a document that nothing pins', { document: { ...certificate.document, sha256: 'yes' } }, 'sha256 is "yes"'],
  ['is needed nowhere', { neededFor: [] }, 'neededFor is []'],
  ['says that it is ours', { ours: true }, 'unknown key "certificates/0/ours"'],
])('fails where a certificate %s', (_name, changes, message) => {
  expect(refusal(changes)).toContain(message);
});

test('fails where a service or its types stand twice', () => {
  const [first = {}] = services;
  expect(refusal({}, [...services, first])).toContain("service 'Amazon S3' stands twice");
  expect(refusal({}, [...services, { name: 'S3 again', types: ['AWS::S3'] }])).toContain("types 'AWS::S3' stand twice");
});

test('fails on a profile that is not there', () => {
  const profiles = [...loadPolicies().profiles.values()];
  const needed = { ...certificate, neededFor: [{ profiles: ['clvrr'], services: 'every' as const }] };
  expect(messageOf(() => refuseUnknownCertificateProfiles([needed], profiles))).toContain(
    "certificate 'iso-27001': unknown profile 'clvrr': known are cfeu",
  );
});
