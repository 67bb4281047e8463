import { addBeside, type ControlCases, type RegisterCase } from '../../../lib/control/cases';
import type { Claim, Register } from '../../../lib/control/claim';
import type { Certificate, CertificateDocument } from '../../../lib/control/inheritance';

const bucket = 'AWS::S3::Bucket';
const whole = 'a bucket and a table of covered services';
const lines = [
  'AWS::Budgets iso-27001:unread soc-2:unneeded AWS Budgets',
  'AWS::DynamoDB iso-27001:in soc-2:unneeded Amazon DynamoDB',
  'AWS::EC2 iso-27001:in Amazon EC2',
  'AWS::EC2::VPC iso-27001:out Amazon VPC',
  'AWS::QLDB iso-27001:out soc-2:unneeded Amazon QLDB',
  'AWS::S3 iso-27001:in soc-2:in Amazon S3',
];
const figures = { 'inheritance.scope': lines };
const beside = (Type: string) => addBeside(bucket, 'Other', () => ({ Type }));
const notShipped =
  'nobody has read the scopes of the project’s register yet: tried in test/policies/inheritance.test.ts';

const claim: Claim = {
  id: 'doc-certified',
  document: 'doc',
  section: 'Hosting',
  lines: [1],
  statement: 'The operator of the buildings is certified.',
  kind: 'third-party',
  enforceability: 'procedure',
  planned: false,
  figures: [],
  controls: ['gov-01'],
  runbook: 'collect-provider-certificates',
  equivalent: {
    delivered: 'AWS takes its place.',
    publish: 'We run on services covered by the ISO 27001 certificate of AWS.',
  },
};

const document: CertificateDocument = {
  reference: 'report-abc',
  sha256: '0'.repeat(64),
  from: '2026-10-01',
  until: '2027-09-30',
};

const certificate: Certificate = {
  id: 'iso-27001',
  title: 'ISO/IEC 27001 certificate',
  holder: 'Amazon Web Services',
  fetch: 'AWS Artifact',
  scopePage: 'https://aws.amazon.com/compliance/services-in-scope/ISO/',
  scopeRead: '2026-11-01',
  covers: ['Amazon S3'],
  excludes: [],
  neededFor: [{ profiles: ['strictest'], services: 'every' }],
  document,
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
  changes: Partial<Certificate>,
  expect: RegisterCase['expect'],
): Pick<RegisterCase, 'registers' | 'records' | 'expect'> {
  return { registers: [registerOf(claim)], records: { certificates: [{ ...certificate, ...changes }] }, expect };
}

/** A claim that publishes other words, in the place of its own sentence or as that sentence itself. */
function publishing(publish: string, message?: string): Pick<RegisterCase, 'registers' | 'records' | 'expect'> {
  const words = { delivered: 'A part.', publish };
  return {
    ...given({}, { 'doc-certified': message === undefined ? 'satisfied' : { message } }),
    registers: [registerOf({ ...claim, equivalent: words })],
  };
}

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: {
          Files: { Type: bucket },
          Table: { Type: 'AWS::DynamoDB::Table' },
          Setup: { Type: 'Custom::Setup' },
          Machine: { Type: 'AWS::EC2::Instance' },
        },
      },
      figures,
    },
  },
  mutations: [
    {
      name: 'a service is deployed that the certificate does not cover',
      of: whole,
      edit: beside('AWS::QLDB::Ledger'),
      expect: { message: 'outOfScope', at: 'Amazon QLDB' },
      notShipped,
    },
    {
      name: 'a part of a service is listed for itself, and is not covered',
      of: whole,
      edit: beside('AWS::EC2::VPC'),
      expect: { message: 'outOfScope', at: 'Amazon VPC' },
      notShipped,
    },
    {
      name: 'nobody has read whether a service is covered',
      of: whole,
      edit: beside('AWS::Budgets::Budget'),
      expect: { message: 'not-assessed', at: 'iso-27001' },
      notShipped,
    },
    {
      name: 'a type belongs to no service of the register, however its name begins',
      of: whole,
      edit: beside('AWS::S3Express::DirectoryBucket'),
      expect: { message: 'not-assessed', at: 'AWS::S3Express::DirectoryBucket' },
      notShipped,
    },
    {
      name: 'a type of a third party',
      of: whole,
      edit: beside('Example::Search::Index'),
      expect: { message: 'not-assessed', at: 'Example::Search::Index' },
      notShipped,
    },
  ],
  others: [
    {
      name: 'a certificate that nothing leans on for a service is no concern, and custom resources are calls of a function',
      template: { Resources: { Table: { Type: 'AWS::DynamoDB::Table' }, Call: { Type: 'Custom::Setup' } } },
      figures: { 'inheritance.scope': ['AWS::DynamoDB soc-2:unneeded Amazon DynamoDB'] },
      expect: {},
    },
    {
      name: 'without a register nothing is covered',
      template: { Resources: { Files: { Type: bucket } } },
      expect: { [bucket]: 'not-assessed' },
    },
  ],
  registers: [
    {
      name: 'the document is on file, covers today, and the words say whose it is',
      ...given({}, { 'doc-certified': 'satisfied', 'iso-27001': 'satisfied' }),
    },
    {
      name: 'nobody has fetched the document: no pass',
      ...given({ document: undefined }, { 'iso-27001': 'not-assessed' }),
    },
    {
      name: 'the last day still counts',
      ...given({ document: { ...document, until: '2026-12-01' } }, { 'iso-27001': 'satisfied' }),
    },
    {
      name: 'fails on the day after the document expired',
      ...given({ document: { ...document, until: '2026-11-30' } }, { 'iso-27001': { message: 'expired' } }),
    },
    {
      name: 'fails when the document does not cover today yet',
      ...given(
        { document: { ...document, from: '2026-12-02' }, scopeRead: '2026-12-03' },
        { 'iso-27001': { message: 'notYet' } },
      ),
    },
    {
      name: 'fails when the scope was read of an older document',
      ...given({ scopeRead: '2026-09-30' }, { 'iso-27001': { message: 'olderScope' } }),
    },
    {
      name: 'a certificate for other profiles is none here, and a claim that leans on it fails',
      ...given(
        { neededFor: [{ profiles: ['cfeu'], services: 'every' }] },
        { 'iso-27001': 'not-applicable', 'doc-certified': { message: 'unregistered' } },
      ),
    },
    {
      name: 'holder and reports by name',
      ...publishing('Amazon Web Services holds an ISO 27001 certificate and SOC 2 reports.'),
    },
    { name: 'words without any certificate', ...publishing('Our application runs in data centres of AWS.') },
    { name: 'fails when we are certified', ...publishing('We are ISO 27001 certified, on AWS.', 'ownWords') },
    {
      name: 'fails when the platform is what only the provider is',
      ...publishing('Our platform is SOC 2 Type II compliant thanks to AWS.', 'ownWords'),
    },
    {
      name: 'fails when the application is covered by the certificate',
      ...publishing('Our application and database are covered by the ISO 27001 certificate of AWS.', 'ownWords'),
    },
    { name: 'fails when it is our certificate', ...publishing('AWS and our ISO 27001 certificate.', 'ownWords') },
    { name: 'fails when nobody holds it', ...publishing('All services are ISO 27001 certified.', 'whose') },
    {
      name: 'fails when one sentence names the holder and the next does not',
      ...publishing('The ISO 27001 certificate is that of AWS. SOC 2 reports are available.', 'whose'),
    },
    {
      name: 'fails when the sentence of the document stands alone and names nobody',
      ...given({}, { 'doc-certified': { message: 'whose' } }),
      registers: [registerOf({ ...claim, equivalent: undefined })],
    },
    { name: 'fails on a certificate that nobody gives', ...publishing('AWS is GDPR certified.', 'noSuchThing') },
  ],
};
