import type { LiveAnswer, LiveCase } from '../../../lib/control/cases';

const now = '2026-03-02T12:00:00.000Z';
const own = 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/audit';
const second = 'arn:aws:cloudtrail:eu-central-1:111122223333:trail/data';

const trail = {
  Name: 'audit',
  TrailARN: own,
  S3BucketName: 'audit-archive-111122223333',
  HomeRegion: 'eu-central-1',
  IncludeGlobalServiceEvents: true,
  IsMultiRegionTrail: true,
  IsOrganizationTrail: false,
  LogFileValidationEnabled: true,
  KmsKeyId: 'arn:aws:kms:eu-central-1:111122223333:key/6f6d0a3e-93a2-4c1e-8a54-0f3cbb3f7f10',
  CloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:audit:*',
  CloudWatchLogsRoleArn: 'arn:aws:iam::111122223333:role/audit',
  HasCustomEventSelectors: true,
  HasInsightSelectors: false,
};

const status = {
  IsLogging: true,
  LatestDeliveryTime: '2026-03-02T11:56:12.000Z',
  LatestDigestDeliveryTime: '2026-03-02T11:20:03.000Z',
  LatestCloudWatchLogsDeliveryTime: '2026-03-02T11:58:40.000Z',
  StartLoggingTime: '2025-11-20T08:00:00.000Z',
};

const objects = { Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] };
const functions = { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] };

const everything = {
  TrailARN: own,
  EventSelectors: [
    {
      ReadWriteType: 'All',
      IncludeManagementEvents: true,
      DataResources: [objects, functions],
      ExcludeManagementEventSources: [],
    },
  ],
};

const field = (Field: string, condition: object) => ({ Field, ...condition });
const isManagement = field('eventCategory', { Equals: ['Management'] });
const isData = field('eventCategory', { Equals: ['Data'] });
const ofType = (type: string) => field('resources.type', { Equals: [type] });

const everythingAdvanced = {
  TrailARN: own,
  AdvancedEventSelectors: [
    { Name: 'management', FieldSelectors: [isManagement] },
    {
      Name: 'object reads',
      FieldSelectors: [isData, ofType('AWS::S3::Object'), field('readOnly', { Equals: ['true'] })],
    },
    {
      Name: 'object writes',
      FieldSelectors: [isData, ofType('AWS::S3::Object'), field('readOnly', { Equals: ['false'] })],
    },
    { Name: 'functions', FieldSelectors: [isData, ofType('AWS::Lambda::Function')] },
  ],
};

/** The account with one trail, right but for what is given. */
function account(given: {
  readonly trail?: object;
  readonly status?: object;
  readonly selectors?: object;
}): Readonly<Record<string, LiveAnswer>> {
  return {
    'cloudtrail:DescribeTrails': { value: { trailList: [{ ...trail, ...given.trail }] } },
    'cloudtrail:GetTrailStatus': { value: { ...status, ...given.status } },
    'cloudtrail:GetEventSelectors': { value: { ...(given.selectors ?? everything) } },
  };
}

/** The account with a right trail and a second one of which only what is given is known. */
function twoTrails(
  first: { readonly status?: object; readonly selectors?: object },
  other: { readonly status: LiveAnswer; readonly selectors: LiveAnswer; readonly trail?: object },
): LiveCase['answers'] {
  return {
    'cloudtrail:DescribeTrails': {
      value: { trailList: [trail, { ...trail, Name: 'data', TrailARN: second, ...other.trail }] },
    },
    'cloudtrail:GetTrailStatus': [
      { when: { Name: own }, value: { ...status, ...first.status } },
      { ...other.status, when: { Name: second } },
    ],
    'cloudtrail:GetEventSelectors': [
      { when: { TrailName: own }, value: { ...(first.selectors ?? everything) } },
      { ...other.selectors, when: { TrailName: second } },
    ],
  };
}

const without = (fact: object, ...members: readonly string[]) =>
  Object.fromEntries(Object.entries(fact).filter(([key]) => !members.includes(key)));

const broken = (name: string, message: string, answers: LiveCase['answers']): LiveCase => ({
  name,
  now,
  answers,
  expect: { verdict: 'not-satisfied', message, subject: own },
});

const selecting = (selector: object) => ({
  TrailARN: own,
  EventSelectors: [{ ...everything.EventSelectors[0], ...selector }],
});

const managementOnly = selecting({ DataResources: [] });
const dataOnly = selecting({ IncludeManagementEvents: false });

const leavingOut = (arn: string, more: object = {}) => ({
  AdvancedEventSelectors: [
    { FieldSelectors: [isManagement] },
    { FieldSelectors: [isData, ofType('AWS::S3::Object'), field('resources.ARN', { NotStartsWith: [arn], ...more })] },
    { FieldSelectors: [isData, ofType('AWS::Lambda::Function')] },
  ],
});

export const liveCases: readonly LiveCase[] = [
  {
    name: 'one trail that keeps everything and delivers',
    now,
    answers: account({}),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'the same by advanced selectors, reads and writes apart',
    now,
    answers: account({ selectors: everythingAdvanced }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'a trail that leaves out nothing but its own files',
    now,
    answers: account({ selectors: leavingOut('arn:aws:s3:::audit-archive-111122223333/') }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'a trail of the organization from another Region and partition',
    now,
    answers: account({
      trail: { IsOrganizationTrail: true, HomeRegion: 'eusc-de-east-1' },
      selectors: selecting({
        DataResources: [
          { Type: 'AWS::S3::Object', Values: ['arn:aws-eusc:s3:::'] },
          { Type: 'AWS::Lambda::Function', Values: ['arn:aws-eusc:lambda'] },
        ],
      }),
    }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'a quiet account: no call for hours, but the digests come',
    now,
    answers: account({
      status: {
        LatestDeliveryTime: '2026-03-01T20:00:00.000Z',
        LatestCloudWatchLogsDeliveryTime: '2026-03-01T20:01:00.000Z',
      },
    }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'no log group, so nothing is expected there',
    now,
    answers: {
      ...account({ trail: { CloudWatchLogsLogGroupArn: '' } }),
      'cloudtrail:GetTrailStatus': { value: without(status, 'LatestCloudWatchLogsDeliveryTime') },
    },
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'two sound trails, one for management and one for data',
    now,
    answers: twoTrails({ selectors: managementOnly }, { status: { value: status }, selectors: { value: dataOnly } }),
    expect: { verdict: 'satisfied', subject: second },
  },
  {
    name: 'a stopped second trail does not matter where the first keeps everything',
    now,
    answers: twoTrails({}, { status: { value: { IsLogging: false } }, selectors: { value: managementOnly } }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'management alone, where the profile asks for no data events',
    now,
    figures: { 'audit.dataEvents': false },
    answers: account({ selectors: managementOnly }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'no selector was ever given: management events are recorded, and no others are asked for',
    now,
    figures: { 'audit.dataEvents': false },
    answers: account({ selectors: { TrailARN: own, EventSelectors: [] } }),
    expect: { verdict: 'satisfied', subject: own },
  },
  broken('no selector was ever given', 'trailOmitsData', account({ selectors: { TrailARN: own, EventSelectors: [] } })),
  broken('logging is stopped', 'trailStopped', account({ status: { IsLogging: false } })),
  broken('one Region only', 'trailOneRegion', account({ trail: { IsMultiRegionTrail: false } })),
  broken(
    'global services left out',
    'trailWithoutGlobalServices',
    account({ trail: { IncludeGlobalServiceEvents: false } }),
  ),
  broken('no digests', 'trailUnsigned', account({ trail: { LogFileValidationEnabled: false } })),
  broken('no key', 'trailWithoutKey', account({ trail: { KmsKeyId: '' } })),
  broken('the bucket refuses', 'trailRefused', account({ status: { LatestDeliveryError: 'AccessDenied' } })),
  broken('the digests are refused', 'trailRefused', account({ status: { LatestDigestDeliveryError: 'NoSuchBucket' } })),
  broken(
    'the log group refuses',
    'trailRefused',
    account({ status: { LatestCloudWatchLogsDeliveryError: 'ResourceNotFoundException' } }),
  ),
  broken(
    'nothing was delivered for two days',
    'trailSilent',
    account({ status: { LatestDeliveryTime: '2026-02-28T11:56:12.000Z' } }),
  ),
  broken(
    'four hours without a digest',
    'trailSilent',
    account({ status: { LatestDigestDeliveryTime: '2026-03-02T07:59:00.000Z' } }),
  ),
  broken(
    'nothing ever reached the log group',
    'trailSilent',
    account({ status: { LatestCloudWatchLogsDeliveryTime: null } }),
  ),
  broken('writes only', 'trailOmitsManagement', account({ selectors: selecting({ ReadWriteType: 'WriteOnly' }) })),
  broken(
    'calls of KMS left out',
    'trailOmitsManagement',
    account({ selectors: selecting({ ExcludeManagementEventSources: ['kms.amazonaws.com'] }) }),
  ),
  broken(
    'calls of KMS left out by an advanced selector',
    'trailOmitsManagement',
    account({
      selectors: {
        AdvancedEventSelectors: [
          { FieldSelectors: [isManagement, field('eventSource', { NotEquals: ['kms.amazonaws.com'] })] },
          ...everythingAdvanced.AdvancedEventSelectors.slice(1),
        ],
      },
    }),
  ),
  broken('management events only', 'trailOmitsData', account({ selectors: managementOnly })),
  broken(
    'objects, but not functions',
    'trailOmitsData',
    account({ selectors: selecting({ DataResources: [objects] }) }),
  ),
  broken(
    'objects of one bucket',
    'trailOmitsData',
    account({ selectors: selecting({ DataResources: [{ ...objects, Values: ['arn:aws:s3:::files/'] }, functions] }) }),
  ),
  broken(
    'objects of one bucket by an advanced selector',
    'trailOmitsData',
    account({
      selectors: {
        AdvancedEventSelectors: [
          { FieldSelectors: [isManagement] },
          {
            FieldSelectors: [
              isData,
              ofType('AWS::S3::Object'),
              field('resources.ARN', { StartsWith: ['arn:aws:s3:::files/'] }),
            ],
          },
          { FieldSelectors: [isData, ofType('AWS::Lambda::Function')] },
        ],
      },
    }),
  ),
  broken(
    'one bucket without the own files',
    'trailOmitsData',
    account({
      selectors: leavingOut('arn:aws:s3:::audit-archive-111122223333/', { StartsWith: ['arn:aws:s3:::files/'] }),
    }),
  ),
  broken(
    'files of another bucket left out',
    'trailOmitsData',
    account({ selectors: leavingOut('arn:aws:s3:::audit-archive-111122223333-old/') }),
  ),
  broken(
    'object reads only, by an advanced selector',
    'trailOmitsData',
    account({
      selectors: {
        AdvancedEventSelectors: everythingAdvanced.AdvancedEventSelectors.filter(
          ({ Name }) => Name !== 'object writes',
        ),
      },
    }),
  ),
  broken(
    'a second trail keeps the data, but it is stopped',
    'trailOmitsData',
    twoTrails(
      { selectors: managementOnly },
      { status: { value: { IsLogging: false } }, selectors: { value: everything } },
    ),
  ),
  {
    name: 'no trail at all',
    now,
    answers: { ...account({}), 'cloudtrail:DescribeTrails': { value: { trailList: [] } } },
    expect: { verdict: 'not-satisfied', message: 'missing' },
  },
  {
    name: 'started ten minutes ago, nothing delivered yet',
    now,
    answers: {
      ...account({}),
      'cloudtrail:GetTrailStatus': { value: { IsLogging: true, StartLoggingTime: '2026-03-02T11:50:00.000Z' } },
    },
    expect: { verdict: 'not-assessed', subject: own },
  },
  {
    name: 'the first trail leaves data out, and the second cannot be looked at',
    now,
    answers: twoTrails(
      { selectors: managementOnly },
      { status: { failure: 'denied' }, selectors: { failure: 'denied' } },
    ),
    expect: { verdict: 'not-assessed', subject: second },
  },
  {
    name: 'the first trail keeps everything, and the second cannot be looked at',
    now,
    answers: twoTrails({}, { status: { failure: 'denied' }, selectors: { failure: 'denied' } }),
    expect: { verdict: 'satisfied', subject: own },
  },
  {
    name: 'a status without IsLogging is no status',
    now,
    answers: { ...account({}), 'cloudtrail:GetTrailStatus': { value: without(status, 'IsLogging') } },
    expect: { verdict: 'not-assessed' },
  },
  {
    name: 'selectors of neither kind',
    now,
    answers: account({ selectors: { TrailARN: own } }),
    expect: { verdict: 'not-assessed' },
  },
];
