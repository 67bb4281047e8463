import { addBeside, type ControlCases, type RegisterCase, removeResource, set } from '../../../lib/control/cases';
import type { Register } from '../../../lib/control/claim';
import { defineControl } from '../../../lib/control/control';
import type { ProcessingRecord, ProcessingRegister } from '../../../lib/control/processing';
import type { Vendor } from '../../../lib/control/vendor';
import type { Json } from '../../../lib/template/parse';

const cluster = 'AWS::RDS::DBCluster';
const bucket = 'AWS::S3::Bucket';
const table = 'AWS::DynamoDB::Table';
const queue = 'AWS::SQS::Queue';

const tags = (pairs: Readonly<Record<string, string>>) => Object.entries(pairs).map(([Key, Value]) => ({ Key, Value }));

const resources: Json = {
  Database: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } },
  Files: { Type: bucket, Properties: { Tags: tags({ retention: 'files', 'data-class': 'personal' }) } },
  MoreFiles: { Type: bucket, Properties: { Tags: tags({ retention: 'files', 'data-class': 'personal' }) } },
  Content: { Type: bucket, Properties: { Tags: tags({ retention: 'content', 'data-class': 'public' }) } },
  Attempts: { Type: table, Properties: {} },
  Logs: { Type: bucket, Properties: {} },
};

const figures = {
  'retention.schedule': [
    `account-data ${cluster} untagged while-active`,
    `files ${bucket} tagged while-active`,
    `content ${bucket} tagged while-active`,
    `attempts ${table} untagged 1`,
    `log-files ${bucket} untagged 731`,
  ],
  'retention.rows': ['messages app.message 30'],
  'processing.records': [
    '- content',
    'logging log-files',
    'service account-data',
    'service files',
    'service messages',
    'signing-in attempts',
  ],
};

const usual = 'every store in a record';
const isFiles = (resource: Json) => JSON.stringify(resource).includes('tenant-files');

const record: ProcessingRecord = {
  id: 'payments',
  purpose: 'collect payments',
  role: 'controller',
  basis: 'GDPR Art. 6(1)(b)',
  subjects: ['customers'],
  data: ['payment data'],
  recipients: ['pay'],
  transfers: [{ recipient: 'pay', by: 'standard-clauses', reference: 'annex' }],
  retention: ['account-data'],
  measures: ['enc-04'],
};
const register: ProcessingRegister = {
  controller: { name: 'Example GmbH', contact: 'privacy@example.com', officer: 'dpo@example.com' },
  reviewed: '2026-11-20',
  processing: [record],
  impersonal: [],
};
const vendor: Vendor = {
  id: 'pay',
  name: 'Pay, Inc.',
  country: 'US',
  role: 'sub-processor',
  purpose: 'payments',
  dataCategories: ['payment data'],
  dpa: { signed: true, date: '2026-01-01' },
  domains: ['api.pay.example'],
  profiles: ['strictest'],
  answersFor: ['its own systems'],
  auth: { kind: 'iam' },
};
const promising: Register = {
  document: 'clvr',
  title: 'a document',
  source: { file: 'document.txt', sha256: '0'.repeat(64), fingerprints: {}, nonClaimLines: [] },
  claims: [
    {
      id: 'clvr-ropa-release-review',
      document: 'clvr',
      section: 'Data Governance',
      lines: [1],
      statement: 'The records are reviewed at each release.',
      kind: 'procedure',
      enforceability: 'enforced',
      planned: false,
      figures: [],
      controls: ['prv-01'],
    },
  ],
};
const measuring = defineControl({
  id: 'enc-04',
  title: 'Databases are encrypted',
  family: 'encryption',
  claims: [],
  doesNotProve: 'Anything else.',
  parameters: {},
  messages: {},
});

function given(
  expect: RegisterCase['expect'],
  over: { readonly record?: Partial<ProcessingRecord>; readonly vendor?: Partial<Vendor> } = {},
  more: Partial<ProcessingRegister> = {},
): Omit<RegisterCase, 'name'> {
  return {
    registers: [promising],
    catalogue: [measuring],
    records: {
      processing: { ...register, processing: [{ ...record, ...over.record }], ...more },
      vendors: [{ ...vendor, ...over.vendor }],
    },
    expect,
  };
}

export const cases: ControlCases = {
  compliant: { [usual]: { template: { Resources: resources }, figures } },
  mutations: [
    {
      name: 'a database that no rule knows',
      of: usual,
      edit: addBeside(cluster, 'More', () => ({ Type: 'AWS::DocDB::DBCluster', Properties: {} })),
      expect: { message: 'unscheduled', at: 'More' },
    },
    {
      name: 'a queue whose messages nobody wrote down',
      of: usual,
      edit: addBeside(cluster, 'More', () => ({ Type: queue, Properties: {} })),
      expect: { message: 'unscheduled', at: 'More' },
    },
    {
      name: 'a store that names a rule which is not there',
      of: usual,
      target: 'Files',
      edit: set(bucket, 'Tags.0', { Key: 'retention', Value: 'pictures' }),
      expect: { message: 'unscheduled' },
      shippedWhere: isFiles,
    },
    {
      name: 'what is public is tagged as personal',
      of: usual,
      target: 'Content',
      edit: set(bucket, 'Tags.1.Value', 'personal'),
      expect: { message: 'taggedOtherwise' },
      notShipped: 'no store of ours is impersonal',
    },
    {
      name: 'what is public carries no tag that says so',
      of: usual,
      target: 'Content',
      edit: set(bucket, 'Tags.1.Key', 'class'),
      expect: { message: 'taggedOtherwise' },
      notShipped: 'no store of ours is impersonal',
    },
    {
      name: 'a record whose store is gone',
      of: usual,
      edit: removeResource(table),
      expect: { message: 'nothingThere', at: 'signing-in' },
    },
  ],
  others: [
    {
      name: 'an instance stands where its cluster does',
      template: {
        Resources: {
          Database: { Type: cluster, Properties: { Engine: 'aurora-postgresql' } },
          Instance: { Type: 'AWS::RDS::DBInstance', Properties: { DBClusterIdentifier: { Ref: 'Database' } } },
        },
      },
      figures: {
        'retention.schedule': [`data ${cluster} untagged while-active`],
        'processing.records': ['service data'],
      },
      expect: { Database: 'satisfied', Instance: 'not-applicable' },
    },
    {
      name: 'a template without a store',
      template: { Resources: { Key: { Type: 'AWS::KMS::Key' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a rule that no record is about',
      template: { Resources: { Table: { Type: table } } },
      figures: { 'retention.schedule': [`sessions ${table} untagged 30`] },
      expect: { Table: { message: 'unrecorded' } },
    },
    {
      name: 'a rule that both a record and nobody is about holds personal data',
      template: { Resources: { Table: { Type: table, Properties: { Tags: tags({ 'data-class': 'personal' }) } } } },
      figures: {
        'retention.schedule': [`sessions ${table} untagged 30`],
        'processing.records': ['- sessions', 'service sessions'],
      },
      expect: { Table: 'satisfied' },
    },
    {
      name: 'somebody’s store stands in somebody’s records',
      template: { Resources: { Bucket: { Type: bucket } } },
      presentOnly: true,
      expect: { Bucket: 'not-applicable' },
    },
  ],
  registers: [
    {
      name: 'a record whose clauses are signed',
      ...given({ payments: 'satisfied', pay: 'satisfied', reviewed: 'satisfied' }),
    },
    {
      name: 'a recipient in the EEA needs no transfer',
      ...given({ payments: 'satisfied' }, { vendor: { country: 'IE' }, record: { transfers: [] } }),
    },
    {
      name: 'a country that is held adequate needs no signed clauses',
      ...given(
        { payments: 'satisfied' },
        {
          vendor: { country: 'CH', dpa: { signed: false } },
          record: { transfers: [{ recipient: 'pay', by: 'adequacy', reference: '2000/518/EC' }] },
        },
      ),
    },
    {
      name: 'clauses that nobody signed',
      ...given({ payments: { message: 'clausesUnsigned' } }, { vendor: { dpa: { signed: false } } }),
    },
    {
      name: 'nothing says what allows a transfer',
      ...given({ payments: { message: 'transferUnsaid' } }, { record: { transfers: [] } }),
    },
    {
      name: 'a recipient that the profile does not use',
      ...given({ payments: { message: 'recipientUnused' } }, { vendor: { profiles: ['cly'] } }),
    },
    {
      name: 'a recipient in no record',
      ...given(
        { pay: { message: 'recipientUnrecorded' }, payments: 'satisfied' },
        { record: { recipients: [], transfers: [] } },
      ),
    },
    {
      name: 'a record of another profile names nobody here',
      ...given({ pay: { message: 'recipientUnrecorded' } }, { record: { profiles: ['cly'] } }),
    },
    {
      name: 'a measure that is no control',
      ...given({ payments: { message: 'measureUnknown' } }, { record: { measures: ['enc-99'] } }),
    },
    { name: 'a review to come', ...given({ reviewed: { message: 'reviewAhead' } }, {}, { reviewed: '2026-12-03' }) },
    { name: 'a review that is too old', ...given({ reviewed: 'not-assessed' }, {}, { reviewed: '2026-08-30' }) },
    {
      name: 'a profile may ask for a review more often',
      ...given({ reviewed: 'not-assessed' }),
      figures: { 'processing.reviewDays': 8 },
    },
    {
      name: 'nobody keeps records',
      registers: [promising],
      records: {},
      expect: { processing: { message: 'noRegister' }, reviewed: 'not-assessed' },
    },
  ],
  indifferent: {
    [`${bucket}: Tags.*.Key`]: 'another key is another tag',
  },
};
