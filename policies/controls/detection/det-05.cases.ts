import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';
import { liveCases } from './det-05-live.cases';

const recorder = 'AWS::Config::ConfigurationRecorder';
const channel = 'AWS::Config::DeliveryChannel';
const rule = 'AWS::Config::ConfigRule';

const role = {
  'Fn::Join': [
    '',
    [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':iam::111122223333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
    ],
  ],
};

const wholeGroup = { AllSupported: true, IncludeGlobalResourceTypes: true };

/** A recorder with everything that it needs, but for what is given. */
function deployed(properties: Json, resources: Json = {}): Json {
  return {
    Resources: {
      History: { Type: 'AWS::S3::Bucket' },
      Recorder: { Type: recorder, Properties: { RoleARN: role, ...properties } },
      Channel: { Type: channel, Properties: { S3BucketName: { Ref: 'History' } } },
      Rule: {
        Type: rule,
        Properties: { Source: { Owner: 'AWS', SourceIdentifier: 'RDS_STORAGE_ENCRYPTED' } },
        DependsOn: ['Recorder'],
      },
      ...resources,
    },
  };
}

const stackSet = 'AWS::CloudFormation::StackSet';

/** A stack set that brings the members of an organization what is given. */
const members = (Resources: Json, Regions: readonly string[] = ['eu-central-1']): Json => ({
  Type: stackSet,
  Properties: {
    AutoDeployment: { Enabled: true },
    StackInstancesGroup: [{ Regions, DeploymentTargets: { OrganizationalUnitIds: ['r-abcd'] } }],
    TemplateBody: JSON.stringify({ Resources }),
  },
});
const recording = {
  MemberRecorder: { Type: recorder, Properties: { RoleARN: role, RecordingGroup: wholeGroup } },
  Channel: { Type: channel, Properties: { S3BucketName: 'config-history' } },
  Rule: { Type: rule, Properties: { Source: { Owner: 'AWS', SourceIdentifier: 'RDS_STORAGE_ENCRYPTED' } } },
};
const administrator = { Type: 'AWS::SecurityHub::DelegatedAdmin', Properties: { AdminAccountId: '111122223333' } };
const organizationTrail = { Type: 'AWS::CloudTrail::Trail', Properties: { IsOrganizationTrail: true } };
const organization = 'an organization whose members are recorded';

/** Takes the recorder out of the template that a stack set carries. */
const withoutRecorder = change(stackSet, (properties) => {
  const body: { Resources: Record<string, Json> } = JSON.parse(String(properties.TemplateBody));
  body.Resources = Object.fromEntries(Object.entries(body.Resources).filter(([, { Type }]) => Type !== recorder));
  properties.TemplateBody = JSON.stringify(body);
});

const excluding = (...types: readonly string[]) => ({
  RecordingGroup: {
    RecordingStrategy: { UseOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
    ExclusionByResourceTypes: { ResourceTypes: [...types] },
  },
});

const continuous = {
  RecordingGroup: wholeGroup,
  RecordingMode: {
    RecordingFrequency: 'CONTINUOUS',
    RecordingModeOverrides: [{ RecordingFrequency: 'CONTINUOUS', ResourceTypes: ['AWS::EC2::Instance'] }],
  },
};

const usual = 'all types, continuously, with a channel and a rule';

export const cases: ControlCases = {
  compliant: {
    [usual]: { template: deployed(continuous) },
    'nothing said: the service records all types continuously': { template: deployed({}) },
    'all types by strategy': {
      template: deployed({ RecordingGroup: { RecordingStrategy: { UseOnly: 'ALL_SUPPORTED_RESOURCE_TYPES' } } }),
    },
    'IAM left to another Region': { template: deployed(excluding('AWS::IAM::Role', 'AWS::IAM::User')) },
    'once a day, where the profile asks no more': {
      figures: { 'config.mode': 'DAILY' },
      template: deployed({ RecordingGroup: wholeGroup, RecordingMode: { RecordingFrequency: 'DAILY' } }),
    },
    [organization]: {
      template: deployed({}, { Administrator: administrator, Trail: organizationTrail, Members: members(recording) }),
    },
    'a conformance pack instead of rules': {
      template: {
        Resources: {
          Recorder: { Type: recorder, Properties: { RoleARN: role, RecordingGroup: wholeGroup } },
          Channel: { Type: channel, Properties: { S3BucketName: 'config-history-111122223333' } },
          Pack: { Type: 'AWS::Config::ConformancePack', Properties: { ConformancePackName: 'baseline' } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'no stack set brings the members a recorder',
      of: organization,
      edit: removeResource(stackSet),
      expect: { message: 'members', at: 'Trail' },
    },
    {
      name: 'the stack set brings everything but the recorder',
      of: organization,
      edit: withoutRecorder,
      expect: { message: 'members', at: 'Trail' },
    },
    {
      name: 'accounts that join are not recorded',
      of: organization,
      edit: set(stackSet, 'AutoDeployment.Enabled', false),
      expect: { message: 'joiners' },
    },
    {
      name: 'the management account is not recorded where the members are',
      of: organization,
      edit: set(stackSet, 'StackInstancesGroup.0.Regions', ['eu-central-1', 'eu-west-1']),
      expect: { message: 'management', at: 'Members' },
    },
    {
      name: 'recording once a day',
      of: usual,
      edit: set(recorder, 'RecordingMode.RecordingFrequency', 'DAILY'),
      expect: { message: 'infrequent' },
    },
    {
      name: 'one type is recorded once a day',
      of: usual,
      edit: set(recorder, 'RecordingMode.RecordingModeOverrides', [
        { RecordingFrequency: 'DAILY', ResourceTypes: ['AWS::EC2::Instance'] },
      ]),
      expect: { message: 'infrequent' },
    },
    {
      name: 'not all types are recorded',
      of: usual,
      edit: set(recorder, 'RecordingGroup.AllSupported', false),
      expect: { message: 'partial' },
    },
    {
      name: 'a list of types replaces all types',
      of: usual,
      edit: set(recorder, 'RecordingGroup', { ResourceTypes: ['AWS::S3::Bucket'] }),
      expect: { message: 'partial' },
    },
    {
      name: 'a strategy that includes a few',
      of: 'all types by strategy',
      edit: set(recorder, 'RecordingGroup.RecordingStrategy.UseOnly', 'INCLUSION_BY_RESOURCE_TYPES'),
      expect: { message: 'partial' },
    },
    {
      name: 'buckets are left out',
      of: 'IAM left to another Region',
      edit: set(recorder, 'RecordingGroup', excluding('AWS::IAM::Role', 'AWS::S3::Bucket').RecordingGroup),
      expect: { message: 'partial' },
    },
    {
      name: 'there is no delivery channel',
      of: usual,
      edit: removeResource(channel),
      expect: { message: 'noChannel', at: 'Recorder' },
    },
    {
      name: 'the channel leads nowhere',
      of: usual,
      edit: remove(channel, 'S3BucketName'),
      expect: { message: 'noDestination', at: 'Recorder' },
    },
    {
      name: 'there is no recorder',
      of: usual,
      edit: removeResource(recorder),
      expect: { message: 'missing', at: '' },
    },
    {
      name: 'no rule watches what is recorded',
      of: usual,
      edit: change(rule, (_properties, template, logicalId) => {
        const { [logicalId]: _removed, ...rest } = template.Resources as Json;
        template.Resources = rest;
      }),
      expect: { message: 'not-assessed', at: 'Recorder' },
      notShipped: 'the project deploys many rules: taking one away leaves the others to watch',
    },
  ],
  others: [
    {
      name: 'trap 41: what a stack set brings to the members is judged like what is here',
      template: deployed(
        {},
        {
          Trail: organizationTrail,
          Members: members({
            MemberRecorder: {
              Type: recorder,
              Properties: { RoleARN: role, RecordingMode: { RecordingFrequency: 'DAILY' } },
            },
            Rule: recording.Rule,
          }),
        },
      ),
      expect: { MemberRecorder: { message: 'noChannel' }, Members: 'satisfied' },
    },
    {
      name: 'nothing records the management account itself',
      template: {
        Resources: { Administrator: administrator, Trail: organizationTrail, Members: members(recording) },
      },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'who manages no organization is asked for nothing elsewhere',
      template: deployed(
        {},
        {
          Trail: organizationTrail,
          Members: members(recording, ['eu-central-1', 'eu-west-1']),
        },
      ),
      expect: { Members: 'satisfied' },
    },
    {
      name: 'a recorder of the members records nothing here',
      template: {
        Resources: { Hub: { Type: 'AWS::SecurityHub::Hub' }, Members: members(recording) },
      },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'a stack set whose template is elsewhere may bring a recorder or not',
      template: deployed(
        {},
        {
          Trail: organizationTrail,
          Members: { Type: stackSet, Properties: { TemplateURL: 'https://s3.test/members' } },
        },
      ),
      expect: { Trail: 'not-assessed', Members: 'not-assessed' },
    },
    {
      name: 'a trail of one account needs no stack set',
      template: deployed({}, { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsOrganizationTrail: false } } }),
      expect: { Recorder: 'satisfied' },
    },
    {
      name: 'a bucket alone is no concern where only what is present is judged',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'a channel that some deployments leave out breaks it',
      template: {
        ...deployed(
          {},
          {
            Channel: { Type: channel, Condition: 'Keep', Properties: { S3BucketName: { Ref: 'History' } } },
          },
        ),
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { Keep: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      },
      expect: { Recorder: { message: 'noChannel' } },
    },
    {
      name: 'recorder and channel under one condition hold together, but may both be left out',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { Keep: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        Resources: {
          Recorder: { Type: recorder, Condition: 'Keep', Properties: { RoleARN: role } },
          Channel: { Type: channel, Condition: 'Keep', Properties: { S3BucketName: 'config-history' } },
          Hub: { Type: 'AWS::SecurityHub::Hub' },
        },
      },
      expect: { Recorder: 'satisfied', '': { message: 'missing' } },
    },
    {
      name: 'one branch of a condition once a day breaks it',
      template: {
        ...deployed({
          RecordingMode: { RecordingFrequency: { 'Fn::If': ['IsProd', 'CONTINUOUS', 'DAILY'] } },
        }),
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
      },
      expect: { Recorder: { message: 'infrequent' } },
    },
    {
      name: 'a mode that the deployer chooses is not assessed',
      template: {
        ...deployed({ RecordingMode: { RecordingFrequency: { Ref: 'Mode' } } }),
        Parameters: { Mode: { Type: 'String', Default: 'CONTINUOUS', AllowedValues: ['CONTINUOUS', 'DAILY'] } },
      },
      expect: { Recorder: 'not-assessed' },
    },
    {
      name: 'a group without any member is not assessed',
      template: deployed({ RecordingGroup: {} }),
      expect: { Recorder: 'not-assessed' },
    },
    {
      name: 'a bucket that the deployer names is a bucket',
      template: {
        ...deployed({}, { Channel: { Type: channel, Properties: { S3BucketName: { Ref: 'BucketName' } } } }),
        Parameters: { BucketName: { Type: 'String' } },
      },
      expect: { Recorder: 'satisfied' },
    },
  ],
  absentKeeps: {
    [`${recorder}: RecordingMode.RecordingFrequency`]: 'continuous is the default of the service',
    [`${recorder}: RecordingGroup.ExclusionByResourceTypes.ResourceTypes.*`]: 'what is not excluded is recorded',
  },
  indifferent: {
    [`${channel}: S3BucketName`]: 'which bucket it is, and who reads it, is judged by the controls of buckets',
  },
  live: liveCases,
};
