import { type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const stackSet = 'AWS::CloudFormation::StackSet';
const template = { Resources: { Files: { Type: 'AWS::S3::Bucket' } } };
const policy = 'AWS::Organizations::Policy';

const guardRail = {
  Type: policy,
  Properties: {
    Type: 'SERVICE_CONTROL_POLICY',
    TargetIds: ['r-abcd'],
    Content: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          NotAction: ['iam:*', 'route53:*', 's3:ListAllMyBuckets'],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1'] } },
        },
      ],
    },
  },
};

/** The statement of a guard-rail that speaks of Regions. */
function regionStatement(properties: Json): Json {
  const content = properties.Content;
  const statements: unknown[] = isObject(content) && Array.isArray(content.Statement) ? content.Statement : [];
  const found = statements.find((statement) => JSON.stringify(statement).includes('aws:RequestedRegion'));
  if (!isObject(found)) {
    throw new Error('no statement speaks of Regions');
  }
  return found;
}

const edited = (edit: (statement: Json) => void) => change(policy, (properties) => edit(regionStatement(properties)));
const ofRegions = (resource: Json) => JSON.stringify(resource).includes('aws:RequestedRegion');
const guarded = 'an organization that stays in two Regions';

export const cases: ControlCases = {
  compliant: {
    'a stack in Frankfurt': { template },
    'a stack in Dublin': { template, region: 'eu-west-1' },
    'a stack in the European Sovereign Cloud': { template, region: 'eusc-de-east-1' },
    'a stack in Frankfurt where nothing else is promised': {
      template,
      figures: { 'residency.regions': ['eu-central-1'] },
    },
    [guarded]: { template: { Resources: { Guard: guardRail } } },
    'an organization with another guard-rail too': {
      template: {
        Resources: {
          Guard: guardRail,
          Other: {
            Type: policy,
            Properties: {
              Type: 'SERVICE_CONTROL_POLICY',
              Content: { Statement: [{ Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }] },
            },
          },
        },
      },
    },
    'a stack set for two Regions': {
      template: {
        Resources: {
          Set: {
            Type: stackSet,
            Properties: {
              TemplateBody: JSON.stringify(template),
              StackInstancesGroup: [
                { Regions: ['eu-central-1', 'eu-north-1'], DeploymentTargets: { Accounts: ['111122223333'] } },
                { Regions: [{ Ref: 'AWS::Region' }], DeploymentTargets: { Accounts: ['111122223333'] } },
              ],
            },
          },
        },
      },
    },
  },
  mutations: [
    {
      name: 'a guard-rail is attached to nothing',
      of: guarded,
      edit: remove(policy, 'TargetIds'),
      expect: { message: 'guardRailLoose' },
      shippedWhere: ofRegions,
    },
    {
      name: 'trap 35: a guard-rail lets in London',
      of: guarded,
      edit: edited((statement) => {
        statement.Condition = { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-2'] } };
      }),
      expect: { message: 'guardRailWide' },
      shippedWhere: ofRegions,
    },
    {
      name: 'trap 35: a guard-rail knows Regions by their prefix',
      of: guarded,
      edit: edited((statement) => {
        statement.Condition = { StringNotLike: { 'aws:RequestedRegion': 'eu-*' } };
      }),
      expect: { message: 'guardRailWide' },
      shippedWhere: ofRegions,
    },
    {
      name: 'a guard-rail lets requests pass that name no Region',
      of: guarded,
      edit: edited((statement) => {
        statement.Condition = { StringNotEqualsIfExists: { 'aws:RequestedRegion': ['eu-central-1'] } };
      }),
      expect: { message: 'guardRailWide' },
      shippedWhere: ofRegions,
    },
    {
      name: 'a guard-rail spares somebody',
      of: guarded,
      edit: edited((statement) => {
        statement.Condition = {
          ...(statement.Condition as Json),
          ArnNotLike: { 'aws:PrincipalArn': 'arn:*:iam::*:role/admin' },
        };
      }),
      expect: { message: 'guardRailNarrowed' },
      shippedWhere: ofRegions,
    },
    {
      name: 'trap 36: a guard-rail spares keys and buckets',
      of: guarded,
      edit: edited((statement) => {
        statement.NotAction = ['iam:*', 'kms:*', 's3:*'];
      }),
      expect: { message: 'guardRailSpares' },
      shippedWhere: ofRegions,
    },
    {
      name: 'a guard-rail speaks of one service alone',
      of: guarded,
      edit: edited((statement) => {
        delete statement.NotAction;
        statement.Action = ['ec2:*'];
      }),
      expect: { message: 'guardRailSpares' },
      shippedWhere: ofRegions,
    },
    {
      name: 'no guard-rail speaks of Regions',
      of: 'an organization with another guard-rail too',
      edit: removeResource(policy),
      target: 'Guard',
      expect: { message: 'noGuardRail', at: '' },
      shippedWhere: ofRegions,
    },
    {
      name: 'a stack set reaches London',
      of: 'a stack set for two Regions',
      edit: set(stackSet, 'StackInstancesGroup.0.Regions.1', 'eu-west-2'),
      expect: { message: 'elsewhere' },
    },
    {
      name: 'a stack set gets its instances elsewhere',
      of: 'a stack set for two Regions',
      edit: remove(stackSet, 'StackInstancesGroup'),
      expect: { message: 'not-assessed' },
    },
  ],
  others: [
    ...['us-east-1', 'eu-west-2', 'eu-central-2', 'eu-isoe-west-1', 'cn-north-1', 'eu-central-10'].map((region) => ({
      name: `fails for a stack in ${region}`,
      template,
      region,
      expect: { Case: { message: 'outside' } },
    })),
    {
      name: 'fails for a stack in Dublin where only Frankfurt is promised',
      template,
      region: 'eu-west-1',
      figures: { 'residency.regions': ['eu-central-1'] },
      expect: { Case: { message: 'outside' } },
    },
    {
      name: 'fails for a stack of an assembly without a Region',
      template,
      region: '',
      expect: { Case: { message: 'unnamed' } },
    },
  ],
  absentKeeps: {
    [`${policy}: Content.Statement.*.Condition.StringNotEquals.aws:RequestedRegion.*`]: 'fewer Regions are stricter',
    [`${policy}: Content.Statement.*.NotAction.*`]: 'sparing less is stricter',
    'AWS::CloudFormation::StackSet: StackInstancesGroup.*.Regions.*': 'the other Regions are judged',
  },
};
