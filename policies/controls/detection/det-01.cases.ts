import {
  addBeside,
  type ControlCases,
  change,
  type Mutation,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { liveCases } from './det-01-live.cases';
import {
  organizationDeployed,
  organizationMutations,
  organizationOthers,
  organizationWatches,
} from './det-01-organization.cases';
import { reportingRule } from './example-alerts';

const detector = 'AWS::GuardDuty::Detector';
const hub = 'AWS::SecurityHub::Hub';
const rule = 'AWS::Events::Rule';
const recorder = 'AWS::Config::ConfigurationRecorder';
const standard = 'AWS::SecurityHub::Standard';

const on = (Name: string, more: Json = {}): Json => ({ Name, Status: 'ENABLED', ...more });

const deployed: Json = {
  Detector: {
    Type: detector,
    Properties: {
      Enable: true,
      FindingPublishingFrequency: 'FIFTEEN_MINUTES',
      Features: [
        on('S3_DATA_EVENTS'),
        on('EBS_MALWARE_PROTECTION'),
        on('RDS_LOGIN_EVENTS'),
        on('LAMBDA_NETWORK_LOGS'),
        on('RUNTIME_MONITORING', { AdditionalConfiguration: [on('ECS_FARGATE_AGENT_MANAGEMENT')] }),
      ],
    },
  },
  Rule: reportingRule({
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', 4] }] },
  }),
  Topic: { Type: 'AWS::SNS::Topic' },
  Hub: { Type: hub, Properties: { EnableDefaultStandards: false } },
  Standard: {
    Type: standard,
    Properties: {
      StandardsArn: 'arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0',
    },
  },
  Recorder: { Type: recorder, Properties: { RoleARN: 'arn:aws:iam::111122223333:role/config' } },
};

const usual = 'every feature, a rule that reports, and a hub beside the recorder';
const defaults = 'a hub with the standards that it brings';

/** Changes a feature, or an agent inside one, found by its name. */
const feature = (name: string, edit: (place: Json) => void): Mutation['edit'] =>
  change(detector, ({ Features: features }) => {
    const places: Json[] = Array.isArray(features) ? features : [];
    const inside = places.flatMap(({ AdditionalConfiguration: agents }) => (Array.isArray(agents) ? agents : []));
    for (const place of [...places, ...inside]) {
      if (place.Name === name) {
        edit(place);
      }
    }
  });

const off = (place: Json) => {
  place.Status = 'DISABLED';
};

const reportsThreats = ({ Properties: properties }: Json) =>
  isObject(properties) && JSON.stringify(properties.EventPattern ?? '').includes('GuardDuty Finding"');

const ofRule = (name: string, edit: Mutation['edit']): Mutation => ({
  name,
  of: usual,
  edit,
  expect: { message: 'unrouted', at: 'Detector' },
  shippedWhere: reportsThreats,
});

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: { Resources: deployed } },
    [organizationWatches]: { template: { Resources: organizationDeployed } },
    [defaults]: {
      template: {
        Resources: {
          ...deployed,
          Standard: { Type: 'AWS::SSM::Parameter' },
          Hub: { Type: hub, Properties: { EnableDefaultStandards: true } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'the detector is off',
      of: usual,
      edit: set(detector, 'Enable', false),
      expect: { message: 'off' },
    },
    {
      name: 'findings are published every six hours',
      of: usual,
      edit: set(detector, 'FindingPublishingFrequency', 'SIX_HOURS'),
      expect: { message: 'slow' },
    },
    {
      name: 'nothing says how often findings are published',
      of: usual,
      edit: remove(detector, 'FindingPublishingFrequency'),
      expect: { message: 'slow' },
    },
    ...[
      'S3_DATA_EVENTS',
      'EBS_MALWARE_PROTECTION',
      'RDS_LOGIN_EVENTS',
      'LAMBDA_NETWORK_LOGS',
      'RUNTIME_MONITORING',
      'ECS_FARGATE_AGENT_MANAGEMENT',
    ].map(
      (name): Mutation => ({
        name: `${name} is off`,
        of: usual,
        edit: feature(name, off),
        expect: { message: 'featureOff' },
      }),
    ),
    {
      name: 'a feature is not named',
      of: usual,
      edit: feature('RDS_LOGIN_EVENTS', (place) => {
        place.Name = 'EKS_AUDIT_LOGS';
      }),
      expect: { message: 'featureOff' },
    },
    {
      name: 'a filter archives what is found',
      of: usual,
      edit: addBeside(detector, 'Quiet', (id) => ({
        Type: 'AWS::GuardDuty::Filter',
        Properties: {
          DetectorId: { Ref: id },
          Action: 'ARCHIVE',
          Name: 'quiet',
          FindingCriteria: { Criterion: { severity: { Lt: 9 } } },
        },
      })),
      expect: { message: 'suppressed', at: 'Detector' },
    },
    ofRule('the rule is off', set(rule, 'State', 'DISABLED')),
    ofRule('the rule stands where no service puts its events', set(rule, 'EventBusName', 'ours')),
    ofRule('the rule leads nowhere', set(rule, 'Targets', [])),
    ofRule('only severe findings are reported', set(rule, 'EventPattern.detail.severity', [{ numeric: ['>=', 7] }])),
    ofRule('the rule is of another source', set(rule, 'EventPattern.source', ['aws.macie'])),
    {
      name: 'there is no detector',
      of: usual,
      edit: removeResource(detector),
      expect: { message: 'missing', at: '' },
    },
    {
      name: 'there is no hub',
      of: usual,
      edit: removeResource(hub),
      expect: { message: 'noHub', at: 'Detector' },
    },
    {
      name: 'nothing is recorded that the hub could check',
      of: usual,
      edit: removeResource(recorder),
      expect: { message: 'noRecorder', at: 'Hub' },
      notShipped:
        'resources beside the hub are followed without a read; test/policies/detection.test.ts takes the recorder away',
    },
    {
      name: 'the hub brings no standard',
      of: defaults,
      edit: set(hub, 'EnableDefaultStandards', false),
      expect: { message: 'noStandard' },
      notShipped: 'our hub has two standards of its own',
    },
    {
      name: 'the only standard is gone',
      of: usual,
      edit: removeResource(standard),
      expect: { message: 'noStandard', at: 'Hub' },
      notShipped: 'ours has two',
    },
    ...organizationMutations,
  ],
  others: [
    ...organizationOthers,
    {
      name: 'a detector that names no feature',
      template: { Resources: { ...deployed, Detector: { Type: detector, Properties: { Enable: true } } } },
      expect: { Detector: { message: 'featureOff' } },
    },
    {
      name: 'a filter that archives nothing',
      template: {
        Resources: {
          ...deployed,
          Marks: { Type: 'AWS::GuardDuty::Filter', Properties: { DetectorId: { Ref: 'Detector' }, Action: 'NOOP' } },
        },
      },
      expect: { Detector: 'satisfied' },
    },
    {
      name: 'a lone detector in somebody else’s template needs no hub',
      presentOnly: true,
      template: { Resources: { Detector: deployed.Detector, Rule: deployed.Rule, Topic: deployed.Topic } },
      expect: { Detector: 'satisfied' },
    },
  ],
  live: liveCases,
  absentKeeps: {
    'AWS::Events::Rule: State':
      'ENABLED: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-events-rule.html',
    'AWS::SecurityHub::Hub: EnableDefaultStandards':
      'true: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-securityhub-hub.html',
  },
};
