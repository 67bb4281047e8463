import type { LiveCase } from '../../../lib/control/cases';

const recorder = {
  arn: 'arn:aws:config:eu-central-1:111122223333:configuration-recorder/default/xh0yxlpwbuu1e2gd',
  name: 'default',
  roleARN: 'arn:aws:iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
  recordingGroup: {
    allSupported: true,
    includeGlobalResourceTypes: true,
    resourceTypes: [],
    exclusionByResourceTypes: { resourceTypes: [] },
    recordingStrategy: { useOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' },
  },
  recordingMode: { recordingFrequency: 'CONTINUOUS' },
  recordingScope: 'PAID',
};

const recording = {
  arn: recorder.arn,
  name: 'default',
  lastStartTime: '2025-11-20T08:00:00.000Z',
  recording: true,
  lastStatus: 'SUCCESS',
  lastStatusChangeTime: '2026-03-02T11:58:01.000Z',
};

const channel = { name: 'default', s3BucketName: 'config-history-111122223333' };

const delivered = { lastStatus: 'SUCCESS', lastSuccessfulTime: '2026-03-02T10:11:12.000Z' };

const delivery = {
  name: 'default',
  configSnapshotDeliveryInfo: delivered,
  configHistoryDeliveryInfo: delivered,
  configStreamDeliveryInfo: { lastStatus: 'NOT_APPLICABLE' },
};

const rule = (name: string, state = 'ACTIVE') => ({
  ConfigRuleName: name,
  ConfigRuleArn: `arn:aws:config:eu-central-1:111122223333:config-rule/config-rule-${name}`,
  Source: { Owner: 'AWS', SourceIdentifier: 'RDS_STORAGE_ENCRYPTED' },
  ConfigRuleState: state,
});

const result = (ConfigRuleName: string, ComplianceType: string, count?: object) => ({
  ConfigRuleName,
  Compliance: { ComplianceType, ...(count ? { ComplianceContributorCount: count } : {}) },
});

interface Account {
  readonly recorders?: readonly object[];
  readonly recorderStatuses?: readonly object[];
  readonly channels?: readonly object[];
  readonly channelStatuses?: readonly object[];
  readonly rules?: readonly object[];
  readonly compliance?: readonly object[];
}

/** An account that keeps the promise, but for what is given. */
function account(given: Account = {}): LiveCase['answers'] {
  return {
    'config:DescribeConfigurationRecorders': { value: { ConfigurationRecorders: given.recorders ?? [recorder] } },
    'config:DescribeConfigurationRecorderStatus': {
      value: { ConfigurationRecordersStatus: given.recorderStatuses ?? [recording] },
    },
    'config:DescribeDeliveryChannels': { value: { DeliveryChannels: given.channels ?? [channel] } },
    'config:DescribeDeliveryChannelStatus': {
      value: { DeliveryChannelsStatus: given.channelStatuses ?? [delivery] },
    },
    'config:DescribeConfigRules': { value: { ConfigRules: given.rules ?? [rule('databases-encrypted')] } },
    'config:DescribeComplianceByConfigRule': {
      value: { ComplianceByConfigRules: given.compliance ?? [result('databases-encrypted', 'COMPLIANT')] },
    },
  };
}

const withGroup = (recordingGroup: object) => account({ recorders: [{ ...recorder, recordingGroup }] });
const withMode = (recordingMode: object | null) => account({ recorders: [{ ...recorder, recordingMode }] });
const withStatus = (status: object) => account({ recorderStatuses: [{ ...recording, ...status }] });
const withDelivery = (status: object) => account({ channelStatuses: [{ ...delivery, ...status }] });

const kept = (name: string, answers: LiveCase['answers'], figures?: LiveCase['figures']): LiveCase => ({
  name,
  answers,
  figures,
  expect: { verdict: 'satisfied', subject: 'default' },
});

const broken = (name: string, message: string, answers: LiveCase['answers'], subject = 'default'): LiveCase => ({
  name,
  answers,
  expect: { verdict: 'not-satisfied', message, subject },
});

const unseen = (name: string, subject: string, answers: LiveCase['answers']): LiveCase => ({
  name,
  answers,
  expect: { verdict: 'not-assessed', subject },
});

export const liveCases: readonly LiveCase[] = [
  kept('a recorder that runs and delivers, and a rule that holds', account()),
  kept('status words as the documentation has them', withStatus({ lastStatus: 'Success' })),
  kept('a recorder from before there was a choice of mode', withMode(null)),
  kept('once a day, where the profile asks no more', withMode({ recordingFrequency: 'DAILY' }), {
    'config.mode': 'DAILY',
  }),
  kept(
    'IAM left to another Region',
    withGroup({
      allSupported: false,
      recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
      exclusionByResourceTypes: {
        resourceTypes: ['AWS::IAM::Group', 'AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::IAM::User'],
      },
    }),
  ),
  kept('history not yet due, snapshot delivered', withDelivery({ configHistoryDeliveryInfo: {} })),
  kept(
    'a rule that is being deleted counts no more',
    account({ rules: [rule('databases-encrypted'), rule('old', 'DELETING_RESULTS')] }),
  ),
  kept(
    'a rule with nothing in its scope beside one that holds',
    account({
      rules: [rule('databases-encrypted'), rule('topics-encrypted')],
      compliance: [result('databases-encrypted', 'COMPLIANT'), result('topics-encrypted', 'NOT_APPLICABLE')],
    }),
  ),
  {
    name: 'no recorder',
    answers: account({
      recorders: [],
      recorderStatuses: [],
      channels: [],
      channelStatuses: [],
      rules: [],
      compliance: [],
    }),
    expect: { verdict: 'not-satisfied', message: 'missing', subject: '111122223333' },
  },
  broken(
    'no recorder, whatever else cannot be read',
    'missing',
    {
      ...account({ recorders: [], recorderStatuses: [], channels: [], channelStatuses: [], rules: [] }),
      'config:DescribeComplianceByConfigRule': { failure: 'not-implemented' },
    },
    '111122223333',
  ),
  broken('once a day', 'infrequent', withMode({ recordingFrequency: 'DAILY' })),
  broken(
    'one type once a day',
    'infrequent',
    withMode({
      recordingFrequency: 'CONTINUOUS',
      recordingModeOverrides: [{ recordingFrequency: 'DAILY', resourceTypes: ['AWS::EC2::Instance'] }],
    }),
  ),
  broken(
    'a few types only',
    'partial',
    withGroup({
      allSupported: false,
      resourceTypes: ['AWS::S3::Bucket'],
      recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' },
    }),
  ),
  broken(
    'buckets left out',
    'partial',
    withGroup({
      allSupported: false,
      recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
      exclusionByResourceTypes: { resourceTypes: ['AWS::S3::Bucket'] },
    }),
  ),
  broken('the recorder is stopped', 'recorderStopped', withStatus({ recording: false })),
  broken(
    'the recorder fails',
    'recorderFails',
    withStatus({ lastStatus: 'FAILURE', lastErrorCode: 'AccessDenied', lastErrorMessage: 'cannot assume the role' }),
  ),
  broken('no delivery channel', 'noChannel', account({ channels: [], channelStatuses: [] })),
  broken(
    'the history is refused by the bucket',
    'channelFails',
    withDelivery({ configHistoryDeliveryInfo: { lastStatus: 'FAILURE', lastErrorCode: 'AccessDenied' } }),
  ),
  broken('the topic refuses', 'channelFails', withDelivery({ configStreamDeliveryInfo: { lastStatus: 'FAILURE' } })),
  broken('no rule at all', 'noRules', account({ rules: [], compliance: [] }), '111122223333'),
  broken(
    'one rule among several is broken',
    'nonCompliant',
    account({
      rules: [rule('databases-encrypted'), rule('keys-rotate')],
      compliance: [
        result('databases-encrypted', 'COMPLIANT'),
        result('keys-rotate', 'NON_COMPLIANT', { CappedCount: 25, CapExceeded: true }),
      ],
    }),
    'keys-rotate',
  ),
  broken(
    'a rule that is being evaluated again is judged by its last result',
    'nonCompliant',
    account({
      rules: [rule('keys-rotate', 'EVALUATING')],
      compliance: [result('keys-rotate', 'NON_COMPLIANT')],
    }),
    'keys-rotate',
  ),
  unseen('no status of the recorder', 'default', account({ recorderStatuses: [] })),
  unseen('a status that is still to come', 'default', withStatus({ lastStatus: 'PENDING' })),
  unseen('a status that nobody knows', 'default', withStatus({ lastStatus: 'SLEEPING' })),
  unseen(
    'nothing delivered yet',
    'default',
    withDelivery({ configHistoryDeliveryInfo: {}, configSnapshotDeliveryInfo: {} }),
  ),
  unseen('no status of the channel', 'default', account({ channelStatuses: [] })),
  unseen(
    'a rule without results',
    'databases-encrypted',
    account({ compliance: [result('databases-encrypted', 'INSUFFICIENT_DATA')] }),
  ),
  unseen('a rule that the compliance listing does not hold', 'databases-encrypted', account({ compliance: [] })),
  unseen(
    'a result that nobody knows',
    'databases-encrypted',
    account({ compliance: [result('databases-encrypted', 'MOSTLY_FINE')] }),
  ),
  unseen('a status without recording is no status', '111122223333', withStatus({ recording: null })),
  unseen('a recorder without a group', '111122223333', withGroup({})),
];
