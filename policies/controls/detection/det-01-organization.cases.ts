import {
  addBeside,
  change,
  type Mutation,
  type OtherCase,
  remove,
  removeResource,
  set,
} from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { reportingRule } from './example-alerts';

const threats = 'Custom::OrganizationThreatDetection';
const center = 'AWS::SecurityHub::OrganizationConfiguration';
const policy = 'AWS::SecurityHub::ConfigurationPolicy';
const association = 'AWS::SecurityHub::PolicyAssociation';
const delegation = 'Custom::DelegatedAdministrators';
const hubDelegation = 'AWS::SecurityHub::DelegatedAdmin';
const aggregator = 'Custom::FindingAggregator';

export const organizationWatches = 'an organization brings both to every account';

const all = (Name: string, more: Json = {}): Json => ({ Name, AutoEnable: 'ALL', ...more });

/** The management account and the administrator's in one template: cases have one. */
export const organizationDeployed: Json = {
  Administrators: {
    Type: delegation,
    Properties: {
      AccountId: '111122223333',
      Services: ['config', 'guardduty', 'inspector2'],
      Regions: ['eu-west-1', 'eu-central-1'],
    },
  },
  HubAdministrator: { Type: hubDelegation, Properties: { AdminAccountId: '111122223333' } },
  Threats: {
    Type: threats,
    Properties: {
      Regions: ['eu-central-1', 'eu-west-1'],
      AutoEnable: 'ALL',
      FindingPublishingFrequency: 'FIFTEEN_MINUTES',
      Features: [
        all('S3_DATA_EVENTS'),
        all('EBS_MALWARE_PROTECTION'),
        all('RDS_LOGIN_EVENTS'),
        all('LAMBDA_NETWORK_LOGS'),
        all('RUNTIME_MONITORING', { AdditionalConfiguration: [all('ECS_FARGATE_AGENT_MANAGEMENT')] }),
      ],
    },
  },
  Rule: reportingRule({
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', 4] }] },
  }),
  Topic: { Type: 'AWS::SNS::Topic' },
  Home: { Type: aggregator, Properties: { HomeRegion: 'eu-central-1', LinkedRegions: ['eu-west-1'] } },
  Center: { Type: center, Properties: { ConfigurationType: 'CENTRAL', AutoEnable: false } },
  Policy: {
    Type: policy,
    Properties: {
      Name: 'every-account',
      ConfigurationPolicy: {
        SecurityHub: {
          ServiceEnabled: true,
          EnabledStandardIdentifiers: [
            'arn:aws:securityhub:eu-central-1::standards/aws-foundational-security-best-practices/v/1.0.0',
          ],
          SecurityControlsConfiguration: { DisabledSecurityControlIdentifiers: ['Macie.1'] },
        },
      },
    },
  },
  EveryAccount: {
    Type: association,
    Properties: { ConfigurationPolicyId: { 'Fn::GetAtt': ['Policy', 'Id'] }, TargetType: 'ROOT', TargetId: 'r-abcd' },
  },
};

const at = (name: string, edit: Mutation['edit'], message: string, subject?: string): Mutation => ({
  name,
  of: organizationWatches,
  edit,
  expect: { message, ...(subject === undefined ? {} : { at: subject }) },
});

/** Changes a feature, or an agent inside one, found by its name. */
const feature = (name: string, edit: (place: Json) => void): Mutation['edit'] =>
  change(threats, ({ Features: features }) => {
    const places: Json[] = Array.isArray(features) ? features : [];
    const inside = places.flatMap(({ AdditionalConfiguration: agents }) => (Array.isArray(agents) ? agents : []));
    for (const place of [...places, ...inside].filter((each) => each.Name === name)) {
      edit(place);
    }
  });

/** Takes a service out of those that are delegated. */
const undelegated = (service: string): Mutation['edit'] =>
  change(delegation, (properties) => {
    const services: unknown = properties.Services;
    properties.Services = Array.isArray(services) ? services.filter((each) => each !== service) : [];
  });

const exempts = (account: string) =>
  addBeside(association, 'Exempt', () => ({
    Type: association,
    Properties: { ConfigurationPolicyId: 'SELF_MANAGED_SECURITY_HUB', TargetType: 'ACCOUNT', TargetId: account },
  }));

const ofRule = (name: string, edit: Mutation['edit']): Mutation => ({
  ...at(name, edit, 'unrouted', 'Threats'),
  shippedWhere: ({ Properties: properties }) =>
    isObject(properties) && JSON.stringify(properties.EventPattern ?? '').includes('GuardDuty Finding"'),
});

export const organizationMutations: readonly Mutation[] = [
  at('the organization switches nothing on', set(threats, 'AutoEnable', 'NONE'), 'notEveryone'),
  at('only accounts that join later are watched', set(threats, 'AutoEnable', 'NEW'), 'notEveryone'),
  at('nothing says which accounts are watched', remove(threats, 'AutoEnable'), 'notEveryone'),
  at('the organization publishes every six hours', set(threats, 'FindingPublishingFrequency', 'SIX_HOURS'), 'slow'),
  ...['S3_DATA_EVENTS', 'RUNTIME_MONITORING', 'ECS_FARGATE_AGENT_MANAGEMENT'].map((name) =>
    at(
      `${name} is on in accounts that join alone`,
      feature(name, (place) => {
        place.AutoEnable = 'NEW';
      }),
      'featureOff',
    ),
  ),
  at(
    'a feature of the organization is not named',
    feature('RDS_LOGIN_EVENTS', (place) => {
      place.Name = 'EKS_AUDIT_LOGS';
    }),
    'featureOff',
  ),
  {
    ...at('the Region is not among those of the organization', set(threats, 'Regions', ['eu-west-1']), 'unwatched'),
    expect: { message: 'unwatched', at: '111122223333 eu-central-1' },
  },
  at('findings are gathered for another Region', set(aggregator, 'HomeRegion', 'eu-north-1'), 'wrongHome'),
  at('nobody administers GuardDuty', undelegated('guardduty'), 'notDelegated', 'Threats'),
  at('another account administers it', set(delegation, 'AccountId', '999999999999'), 'notDelegated', 'Threats'),
  at('a Region has no administrator', set(delegation, 'Regions', ['eu-west-1']), 'notDelegated', 'Threats'),
  at('nobody administers anything', removeResource(delegation), 'notDelegated', 'Threats'),
  at('nobody administers Security Hub', removeResource(hubDelegation), 'notDelegated', 'Center'),
  at(
    'another account administers Security Hub',
    set(hubDelegation, 'AdminAccountId', '999999999999'),
    'notDelegated',
    'Center',
  ),
  ofRule('the rule of the organization is off', set('AWS::Events::Rule', 'State', 'DISABLED')),
  at('accounts configure themselves', set(center, 'ConfigurationType', 'LOCAL'), 'notCentral'),
  at('nothing says who configures', remove(center, 'ConfigurationType'), 'notCentral'),
  at('nothing is configured centrally', removeResource(center), 'noCenter', 'Threats'),
  at('findings are gathered nowhere', removeResource(aggregator), 'noHome', 'Center'),
  at('the policy binds nobody', removeResource(association), 'nobodyBound', 'Center'),
  at('the policy binds one unit alone', set(association, 'TargetType', 'ORGANIZATIONAL_UNIT'), 'nobodyBound', 'Center'),
  at(
    'the policy switches Security Hub off',
    set(policy, 'ConfigurationPolicy.SecurityHub.ServiceEnabled', false),
    'policyOff',
  ),
  at(
    'the policy names no standard',
    set(policy, 'ConfigurationPolicy.SecurityHub.EnabledStandardIdentifiers', []),
    'policyWithoutStandard',
  ),
  at('an account that is not ours is left to itself', exempts('999999999999'), 'exempt', 'Exempt'),
  at(
    'the whole organization is left to itself',
    set(association, 'ConfigurationPolicyId', 'SELF_MANAGED_SECURITY_HUB'),
    'exempt',
    'EveryAccount',
  ),
  {
    ...at('the organization’s detection is gone', removeResource(threats), 'missing', ''),
    expect: { message: 'missing', at: '' },
  },
];

const selfManaged: Json = {
  Type: association,
  Properties: { ConfigurationPolicyId: 'SELF_MANAGED_SECURITY_HUB', TargetType: 'ACCOUNT', TargetId: '111122223333' },
};

export const organizationOthers: readonly OtherCase[] = [
  {
    name: 'an account with a hub of its own may manage it',
    template: {
      Resources: {
        ...organizationDeployed,
        Own: selfManaged,
        Hub: { Type: 'AWS::SecurityHub::Hub', Properties: { EnableDefaultStandards: true } },
        Recorder: { Type: 'AWS::Config::ConfigurationRecorder', Properties: {} },
      },
    },
    expect: { Own: 'satisfied', Center: 'satisfied' },
  },
  {
    name: 'a policy that lies elsewhere is not known',
    template: {
      Resources: {
        ...organizationDeployed,
        Other: {
          Type: association,
          Properties: {
            ConfigurationPolicyId: '0b1c2d3e-0000-4000-8000-000000000000',
            TargetType: 'ACCOUNT',
            TargetId: '111122223333',
          },
        },
      },
    },
    expect: { Other: 'not-assessed' },
  },
];
