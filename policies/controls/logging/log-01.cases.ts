import { type ControlCases, change, remove, set } from '../../../lib/control/cases';
import { liveCases } from './log-01-live.cases';

const trail = 'AWS::CloudTrail::Trail';
const bucket = 'AWS::S3::Bucket';

const closed = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};
const archive = { Type: bucket, Properties: { PublicAccessBlockConfiguration: closed } };
const logGroup = { Type: 'AWS::Logs::LogGroup', Properties: {} };
const key = { Type: 'AWS::KMS::Key', Properties: {} };
const partition = (tail: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, tail]] });

const objects = { Type: 'AWS::S3::Object', Values: [partition(':s3:::')] };
const functions = { Type: 'AWS::Lambda::Function', Values: [partition(':lambda')] };
const sound = {
  IsLogging: true,
  IsMultiRegionTrail: true,
  IncludeGlobalServiceEvents: true,
  EnableLogFileValidation: true,
  KMSKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] },
  S3BucketName: { Ref: 'Archive' },
  CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['LogGroup', 'Arn'] },
};
const around = { Archive: archive, LogGroup: logGroup, Key: key };
const everything = {
  ...sound,
  EventSelectors: [
    { IncludeManagementEvents: true, ReadWriteType: 'All' },
    { IncludeManagementEvents: false, ReadWriteType: 'All', DataResources: [objects] },
    { IncludeManagementEvents: false, DataResources: [functions] },
  ],
};

const field = (Field: string, condition: object) => ({ Field, ...condition });
const management = { FieldSelectors: [field('eventCategory', { Equals: ['Management'] })] };
const dataOf = (type: string, ...more: readonly object[]) => ({
  FieldSelectors: [field('eventCategory', { Equals: ['Data'] }), field('resources.type', { Equals: [type] }), ...more],
});
const withoutOwn = field('resources.ARN', {
  NotStartsWith: [{ 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Archive', 'Arn'] }, '/']] }],
});

const whole = 'a trail that records everything';
const advanced = 'the same by advanced selectors, leaving out its own files';
const classicNotShipped = 'our trail uses the other kind of selectors';
const setAdvanced = (...selectors: readonly object[]) => set(trail, 'AdvancedEventSelectors', selectors);

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: { Trail: { Type: trail, Properties: everything }, ...around } } },
    [advanced]: {
      template: {
        Resources: {
          Trail: {
            Type: trail,
            Properties: {
              ...sound,
              AdvancedEventSelectors: [
                management,
                dataOf('AWS::S3::Object', withoutOwn, field('readOnly', { Equals: ['true'] })),
                dataOf('AWS::S3::Object', withoutOwn, field('readOnly', { Equals: ['false'] })),
                dataOf('AWS::Lambda::Function'),
                dataOf('AWS::DynamoDB::Table'),
              ],
            },
          },
          ...around,
          Sessions: { Type: 'AWS::DynamoDB::Table', Properties: {} },
        },
      },
    },
    'management events alone, where no data events are promised': {
      figures: { 'audit.dataEvents': false },
      template: { Resources: { Trail: { Type: trail, Properties: sound }, ...around } },
    },
  },
  mutations: [
    { name: 'logging stopped', of: whole, edit: set(trail, 'IsLogging', false), expect: { message: 'stopped' } },
    {
      name: 'one Region',
      of: whole,
      edit: set(trail, 'IsMultiRegionTrail', false),
      expect: { message: 'oneRegion' },
    },
    {
      name: 'one Region by default',
      of: whole,
      edit: remove(trail, 'IsMultiRegionTrail'),
      expect: { message: 'oneRegion' },
    },
    {
      name: 'global services left out',
      of: whole,
      edit: set(trail, 'IncludeGlobalServiceEvents', false),
      expect: { message: 'withoutGlobalServices' },
    },
    {
      name: 'validation switched off',
      of: whole,
      edit: set(trail, 'EnableLogFileValidation', false),
      expect: { message: 'unsigned' },
    },
    {
      name: 'validation forgotten',
      of: whole,
      edit: remove(trail, 'EnableLogFileValidation'),
      expect: { message: 'unsigned' },
    },
    { name: 'no key', of: whole, edit: remove(trail, 'KMSKeyId'), expect: { message: 'withoutKey' } },
    {
      name: 'no log group',
      of: whole,
      edit: remove(trail, 'CloudWatchLogsLogGroupArn'),
      expect: { message: 'unwatched' },
    },
    {
      name: 'a bucket that a policy may open',
      of: whole,
      edit: set(bucket, 'PublicAccessBlockConfiguration.BlockPublicPolicy', false),
      expect: { message: 'openArchive', at: 'Trail' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('ObjectLockEnabled'),
    },
    {
      name: 'a bucket somewhere else',
      of: whole,
      edit: set(trail, 'S3BucketName', 'logs-of-somebody'),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'writes only',
      of: whole,
      edit: set(trail, 'EventSelectors.0.ReadWriteType', 'WriteOnly'),
      expect: { message: 'omitsManagement' },
      notShipped: classicNotShipped,
    },
    {
      name: 'management events switched off',
      of: whole,
      edit: set(trail, 'EventSelectors.0.IncludeManagementEvents', false),
      expect: { message: 'omitsManagement' },
      notShipped: classicNotShipped,
    },
    {
      name: 'calls of KMS left out',
      of: whole,
      edit: set(trail, 'EventSelectors.0.ExcludeManagementEventSources', ['kms.amazonaws.com']),
      expect: { message: 'omitsManagement' },
      notShipped: classicNotShipped,
    },
    {
      name: 'calls of KMS left out of every selector',
      of: whole,
      edit: change(trail, (properties) => {
        properties.EventSelectors = [
          {
            ...everything.EventSelectors[0],
            DataResources: [objects, functions, { Type: 'AWS::DynamoDB::Table', Values: [partition(':dynamodb')] }],
            ExcludeManagementEventSources: ['kms.amazonaws.com', 'rdsdata.amazonaws.com'],
          },
        ];
      }),
      expect: { message: 'omitsManagement' },
      notShipped: classicNotShipped,
    },
    {
      name: 'no selectors, as the CDK writes it: management events and nothing else',
      of: whole,
      edit: set(trail, 'EventSelectors', []),
      expect: { message: 'omitsData' },
      notShipped: classicNotShipped,
    },
    {
      name: 'objects, but not functions',
      of: whole,
      edit: set(trail, 'EventSelectors', [{ DataResources: [objects] }]),
      expect: { message: 'omitsData' },
      notShipped: classicNotShipped,
    },
    {
      name: 'functions, but not objects',
      of: whole,
      edit: set(trail, 'EventSelectors', [{ DataResources: [functions] }]),
      expect: { message: 'omitsData' },
      notShipped: classicNotShipped,
    },
    {
      name: 'objects of one bucket',
      of: whole,
      edit: set(trail, 'EventSelectors', [
        { DataResources: [{ ...objects, Values: ['arn:aws:s3:::files/'] }, functions] },
      ]),
      expect: { message: 'omitsData' },
      notShipped: classicNotShipped,
    },
    {
      name: 'calls of KMS left out by an advanced selector',
      of: advanced,
      edit: set(
        trail,
        'AdvancedEventSelectors.0.FieldSelectors.1',
        field('eventSource', { NotEquals: ['kms.amazonaws.com'] }),
      ),
      expect: { message: 'omitsManagement' },
    },
    {
      name: 'writes only by an advanced selector',
      of: advanced,
      edit: set(trail, 'AdvancedEventSelectors.0.FieldSelectors.1', field('readOnly', { Equals: ['false'] })),
      expect: { message: 'omitsManagement' },
    },
    {
      name: 'reads of objects forgotten',
      of: advanced,
      edit: remove(trail, 'AdvancedEventSelectors.1'),
      expect: { message: 'omitsData' },
    },
    {
      name: 'objects of one bucket by an advanced selector',
      of: advanced,
      edit: set(
        trail,
        'AdvancedEventSelectors.1.FieldSelectors.2',
        field('resources.ARN', { StartsWith: ['arn:aws:s3:::files/'] }),
      ),
      expect: { message: 'omitsData' },
    },
    {
      name: 'a bucket of customers left out by an advanced selector',
      of: advanced,
      edit: set(
        trail,
        'AdvancedEventSelectors.1.FieldSelectors.2',
        field('resources.ARN', { NotStartsWith: ['arn:aws:s3:::files/'] }),
      ),
      expect: { message: 'omitsData' },
    },
    {
      name: 'a table whose calls nobody records',
      of: advanced,
      edit: remove(trail, 'AdvancedEventSelectors.4'),
      expect: { message: 'omitsData' },
    },
    {
      name: 'data events without management events',
      of: advanced,
      edit: setAdvanced(dataOf('AWS::S3::Object'), dataOf('AWS::Lambda::Function'), dataOf('AWS::DynamoDB::Table')),
      expect: { message: 'omitsManagement' },
    },
  ],
  others: [
    {
      name: 'fails closed without any trail',
      template: { Resources: { Archive: archive } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'two sound trails record everything between them',
      template: {
        Resources: {
          Calls: { Type: trail, Properties: sound },
          Data: {
            Type: trail,
            Properties: {
              ...sound,
              EventSelectors: [{ IncludeManagementEvents: false, DataResources: [objects, functions] }],
            },
          },
          ...around,
        },
      },
      expect: { Calls: 'satisfied', Data: 'satisfied' },
    },
    {
      name: 'of two trails the broken one answers for its part, the other does not repeat it',
      template: {
        Resources: {
          Calls: { Type: trail, Properties: { ...sound, IsLogging: false } },
          Data: {
            Type: trail,
            Properties: {
              ...sound,
              EventSelectors: [{ IncludeManagementEvents: false, DataResources: [objects, functions] }],
            },
          },
          ...around,
        },
      },
      expect: { Calls: { message: 'stopped' }, Data: 'satisfied' },
    },
    {
      name: 'a lesser trail does no harm beside one that records everything',
      template: {
        Resources: {
          Trail: { Type: trail, Properties: everything },
          Old: { Type: trail, Properties: { IsLogging: false, S3BucketName: 'old-logs' } },
          ...around,
        },
      },
      expect: { Trail: 'satisfied', Old: 'not-applicable' },
    },
    {
      name: 'a trail whose selectors the deployer chooses is not assessed',
      template: {
        Parameters: { Way: { Type: 'String' } },
        Resources: {
          Trail: {
            Type: trail,
            Properties: {
              ...sound,
              EventSelectors: [{ ReadWriteType: { Ref: 'Way' }, DataResources: [objects, functions] }],
            },
          },
          ...around,
        },
      },
      expect: { Trail: 'not-assessed' },
    },
    {
      name: 'a trail that logs in production only breaks it',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Trail: { Type: trail, Properties: { ...everything, IsLogging: { 'Fn::If': ['IsProd', true, false] } } },
          ...around,
        },
      },
      expect: { Trail: { message: 'stopped' } },
    },
    {
      name: 'a trail that exists in production only leaves the other branch without any',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: { Trail: { Type: trail, Condition: 'IsProd', Properties: everything }, ...around },
      },
      expect: { '': { message: 'missing' }, Trail: 'satisfied' },
    },
    {
      name: 'a bucket without a block is closed by S3 itself',
      template: {
        Resources: { Trail: { Type: trail, Properties: everything }, ...around, Archive: { Type: bucket } },
      },
      expect: { Trail: 'satisfied' },
    },
  ],
  live: liveCases,
  absentKeeps: {
    [`${trail}: IncludeGlobalServiceEvents`]: 'CloudTrail refuses a trail of all Regions without global services',
    [`${trail}: EventSelectors.*.ReadWriteType`]:
      'All by default: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html',
    [`${trail}: EventSelectors.*.IncludeManagementEvents`]:
      'true by default: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html',
    [`${trail}: AdvancedEventSelectors.*.FieldSelectors.*.NotStartsWith.*`]: 'what is not named is not left out',
    [`${bucket}: PublicAccessBlockConfiguration`]: 'S3 closes new buckets by itself',
  },
};
