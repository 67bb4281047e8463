import type { LiveCase } from '../../../lib/control/cases';

const account = '111122223333';
const home = `${account} eu-central-1`;
const detectorId = '12abc34d567e8fa901bc2d34e56789f0';
const hubArn = `arn:aws:securityhub:eu-central-1:${account}:hub/default`;

const on = (Name: string, more: object = {}) => ({
  Name,
  Status: 'ENABLED',
  UpdatedAt: '2025-11-20T08:00:00.000Z',
  ...more,
});

const agent = on('ECS_FARGATE_AGENT_MANAGEMENT');

const features = [
  on('CLOUD_TRAIL'),
  on('S3_DATA_EVENTS'),
  on('EBS_MALWARE_PROTECTION'),
  on('RDS_LOGIN_EVENTS'),
  on('LAMBDA_NETWORK_LOGS'),
  on('RUNTIME_MONITORING', { AdditionalConfiguration: [agent] }),
];

const detector = {
  CreatedAt: '2025-11-20T08:00:00.000Z',
  FindingPublishingFrequency: 'FIFTEEN_MINUTES',
  ServiceRole: `arn:aws:iam::${account}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
  Status: 'ENABLED',
  Features: features,
};

const standard = (StandardsStatus: string, more: object = {}) => ({
  StandardsArn: 'arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0',
  StandardsSubscriptionArn: `arn:aws:securityhub:eu-central-1:${account}:subscription/aws-foundational-security-best-practices/v/1.0.0`,
  StandardsStatus,
  ...more,
});

/** An account that keeps the promise, but for what is given. */
const answers = (given: LiveCase['answers'] = {}): LiveCase['answers'] => ({
  'guardduty:ListDetectors': { value: { DetectorIds: [detectorId] } },
  'guardduty:GetDetector': { when: { DetectorId: detectorId }, value: detector },
  'securityhub:DescribeHub': { value: { HubArn: hubArn, AutoEnableControls: true } },
  'securityhub:GetEnabledStandards': { value: { StandardsSubscriptions: [standard('READY')] } },
  ...given,
});

const withDetector = (more: object) => answers({ 'guardduty:GetDetector': { value: { ...detector, ...more } } });

const without = (name: string) =>
  withDetector({ Features: features.map((each) => (each.Name === name ? { ...each, Status: 'DISABLED' } : each)) });

const withStandards = (...StandardsSubscriptions: object[]) =>
  answers({ 'securityhub:GetEnabledStandards': { value: { StandardsSubscriptions } } });

const judged = (
  name: string,
  given: LiveCase['answers'],
  verdict: LiveCase['expect']['verdict'],
  subject: string,
  message?: string,
): LiveCase => ({ name, answers: given, expect: { verdict, subject, message } });

export const liveCases: readonly LiveCase[] = [
  judged('a detector with every feature, and a hub with a standard', answers(), 'satisfied', detectorId),
  judged(
    'there is no detector',
    answers({ 'guardduty:ListDetectors': { value: { DetectorIds: [] } } }),
    'not-satisfied',
    home,
    'undetected',
  ),
  judged('the detector is suspended', withDetector({ Status: 'DISABLED' }), 'not-satisfied', detectorId, 'off'),
  judged(
    'findings are published every six hours',
    withDetector({ FindingPublishingFrequency: 'SIX_HOURS' }),
    'not-satisfied',
    detectorId,
    'slow',
  ),
  judged('reads of objects are not looked at', without('S3_DATA_EVENTS'), 'not-satisfied', detectorId, 'featureOff'),
  judged('no feature is named', withDetector({ Features: undefined }), 'not-satisfied', detectorId, 'featureOff'),
  judged(
    'no agent comes along into tasks',
    withDetector({
      Features: features.map((each) =>
        each.Name === 'RUNTIME_MONITORING' ? on(each.Name, { AdditionalConfiguration: [] }) : each,
      ),
    }),
    'not-satisfied',
    detectorId,
    'featureOff',
  ),
  judged('an answer without a status proves nothing', withDetector({ Status: undefined }), 'not-assessed', account),
  judged(
    'the account has no Security Hub',
    answers({
      'securityhub:DescribeHub': {
        failure: 'denied',
        message: `InvalidAccessException: Account ${account} is not subscribed to AWS Security Hub`,
      },
    }),
    'not-satisfied',
    home,
    'unsubscribed',
  ),
  judged('a hub without a standard', withStandards(), 'not-satisfied', hubArn, 'unchecked'),
  judged('a standard that failed', withStandards(standard('INCOMPLETE')), 'not-satisfied', hubArn, 'unchecked'),
  judged(
    'a standard that waits for AWS Config',
    withStandards(
      standard('PENDING', { StandardsStatusReason: { StatusReasonCode: 'NO_AVAILABLE_CONFIGURATION_RECORDER' } }),
    ),
    'not-assessed',
    hubArn,
  ),
  judged(
    'a Region that may be used has no detector',
    answers({
      'guardduty:ListDetectors': [
        { region: 'eu-west-1', value: { DetectorIds: [] } },
        { value: { DetectorIds: [detectorId] } },
      ],
    }),
    'not-satisfied',
    `${account} eu-west-1`,
    'undetected',
  ),
  judged(
    'a detector elsewhere looks at less',
    answers({
      'guardduty:ListDetectors': [
        { region: 'eu-north-1', value: { DetectorIds: ['north'] } },
        { value: { DetectorIds: [detectorId] } },
      ],
      'guardduty:GetDetector': [
        { when: { DetectorId: 'north' }, region: 'eu-north-1', value: { ...detector, Features: [] } },
        { when: { DetectorId: detectorId }, value: detector },
      ],
    }),
    'not-satisfied',
    'north',
    'featureOff',
  ),
  judged(
    'a Region that may be used has no Security Hub',
    answers({
      'securityhub:DescribeHub': [
        {
          region: 'eu-west-3',
          failure: 'denied',
          message: 'InvalidAccessException: not subscribed to AWS Security Hub',
        },
        { value: { HubArn: hubArn } },
      ],
    }),
    'not-satisfied',
    `${account} eu-west-3`,
    'unsubscribed',
  ),
  judged(
    'a Region that is not switched on cannot be looked at',
    answers({
      'guardduty:ListDetectors': [
        {
          region: 'eu-south-2',
          failure: 'denied',
          message: 'UnrecognizedClientException: The security token is invalid',
        },
        { value: { DetectorIds: [detectorId] } },
      ],
    }),
    'not-assessed',
    `${account} eu-south-2`,
  ),
  {
    ...judged(
      'nobody looks where nothing may be deployed, nor into another partition',
      Object.fromEntries(
        Object.entries(answers()).map(([action, answer]) => [action, { ...answer, region: 'eu-central-1' }]),
      ) as LiveCase['answers'],
      'satisfied',
      detectorId,
    ),
    figures: { 'residency.regions': ['eu-central-1', 'eusc-de-east-1'] },
  },
  {
    ...judged(
      'the Region of the run counts, promised or not',
      answers({ 'guardduty:ListDetectors': { value: { DetectorIds: [] } } }),
      'not-satisfied',
      home,
      'undetected',
    ),
    figures: { 'residency.regions': ['eu-west-1'] },
  },
];
