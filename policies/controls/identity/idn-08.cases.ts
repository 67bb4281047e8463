import { type ControlCases, change, remove, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { liveCases } from './idn-08-live.cases';

const policy = 'AWS::Organizations::Policy';
const permissionSet = 'AWS::SSO::PermissionSet';
const managed = 'AWS::IAM::ManagedPolicy';

const rootDenied = {
  Sid: 'NobodyIsRoot',
  Effect: 'Deny',
  Action: '*',
  Resource: '*',
  Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' } },
};

const factorAsked = {
  Sid: 'SecondFactor',
  Effect: 'Deny',
  NotAction: ['iam:EnableMFADevice', 'sts:GetSessionToken'],
  Resource: '*',
  Condition: {
    BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' },
    ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:user/*' },
  },
};

const guardRail = (...Statement: readonly object[]) => ({
  Type: policy,
  Properties: {
    Name: 'identity',
    Type: 'SERVICE_CONTROL_POLICY',
    TargetIds: ['r-abcd'],
    Content: { Version: '2012-10-17', Statement },
  },
});

const administrator = {
  Type: permissionSet,
  Properties: {
    Name: 'BreakGlass',
    InstanceArn: 'arn:aws:sso:::instance/ssoins-1111111111111111',
    SessionDuration: 'PT1H',
    ManagedPolicies: [{ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' }],
  },
};

const people = (SessionDuration: string) => ({
  Type: permissionSet,
  Properties: { Name: 'Auditor', SessionDuration, ManagedPolicies: ['arn:aws:iam::aws:policy/SecurityAudit'] },
});

const whole = 'an organization with guard-rails, and short sessions';

/** Statements of a policy's content. */
function statementsOf(properties: Json): Json[] {
  const content = properties.Content;
  return isObject(content) && Array.isArray(content.Statement) ? content.Statement : [];
}

function statementWhere(properties: Json, key: string): Json {
  const found = statementsOf(properties).find((statement) => JSON.stringify(statement).includes(key));
  if (!found) {
    throw new Error(`no statement speaks of ${key}`);
  }
  return found;
}

const holds = (key: string) => (resource: Json) => JSON.stringify(resource).includes(key);

export const cases: ControlCases = {
  compliant: {
    [whole]: {
      template: {
        Resources: { Guard: guardRail(rootDenied, factorAsked), Emergency: administrator, Auditor: people('PT4H') },
      },
    },
  },
  mutations: [
    {
      name: 'root is only kept from some things',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, ':root').Action = ['s3:*', 'ec2:*'];
      }),
      expect: { message: 'rootNotDenied', at: '' },
      shippedWhere: holds(':iam::*:root'),
    },
    {
      name: 'root is denied with a second condition, which narrows it',
      of: whole,
      edit: change(policy, (properties) => {
        const condition = statementWhere(properties, ':root').Condition;
        if (isObject(condition)) {
          condition.StringEquals = { 'aws:RequestedRegion': 'eu-central-1' };
        }
      }),
      expect: { message: 'rootNotDenied', at: '' },
      shippedWhere: holds(':iam::*:root'),
    },
    {
      name: 'root of one account alone is denied',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, ':root').Condition = {
          ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:root' },
        };
      }),
      expect: { message: 'rootNotDenied', at: '' },
      shippedWhere: holds(':iam::*:root'),
    },
    {
      name: 'trap 19: the second factor is asked with a plain Bool',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, 'MultiFactorAuthPresent').Condition = {
          Bool: { 'aws:MultiFactorAuthPresent': 'false' },
        };
        statementsOf(properties).push(structuredClone(factorAsked));
      }),
      expect: { message: 'plainBool' },
      shippedWhere: holds('MultiFactorAuthPresent'),
    },
    {
      name: 'nobody asks for the second factor',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, 'MultiFactorAuthPresent').Effect = 'Allow';
      }),
      expect: { message: 'noSecondFactor', at: '' },
      shippedWhere: holds('MultiFactorAuthPresent'),
    },
    {
      name: 'the second factor is asked of everything but the data',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, 'MultiFactorAuthPresent').NotAction = ['s3:*', 'iam:EnableMFADevice'];
      }),
      expect: { message: 'noSecondFactor', at: '' },
      shippedWhere: holds('MultiFactorAuthPresent'),
    },
    {
      name: 'who has no second factor makes access keys',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, 'MultiFactorAuthPresent').NotAction = ['iam:CreateAccessKey', 'iam:EnableMFADevice'];
      }),
      expect: { message: 'noSecondFactor', at: '' },
      shippedWhere: holds('MultiFactorAuthPresent'),
    },
    {
      name: 'who has no second factor takes one off',
      of: whole,
      edit: change(policy, (properties) => {
        statementWhere(properties, 'MultiFactorAuthPresent').NotAction = [
          'iam:DeactivateMFADevice',
          'iam:EnableMFADevice',
        ];
      }),
      expect: { message: 'noSecondFactor', at: '' },
      shippedWhere: holds('MultiFactorAuthPresent'),
    },
    {
      name: 'the second factor is asked in one Region alone',
      of: whole,
      edit: change(policy, (properties) => {
        const condition = statementWhere(properties, 'MultiFactorAuthPresent').Condition;
        if (isObject(condition)) {
          condition.StringEquals = { 'aws:RequestedRegion': 'eu-central-1' };
        }
      }),
      expect: { message: 'noSecondFactor', at: '' },
      shippedWhere: holds('MultiFactorAuthPresent'),
    },
    {
      name: 'a guard-rail is attached to nothing',
      of: whole,
      edit: remove(policy, 'TargetIds'),
      expect: { message: 'unattached' },
    },
    {
      name: 'a guard-rail is attached to an empty list',
      of: whole,
      edit: set(policy, 'TargetIds', []),
      expect: { message: 'unattached' },
    },
    {
      name: 'a session of an administrator lasts half a day',
      of: whole,
      edit: set(permissionSet, 'SessionDuration', 'PT12H'),
      target: 'Emergency',
      expect: { message: 'longSession' },
    },
    {
      name: 'a session of an administrator lasts as long as that of others may',
      of: whole,
      edit: set(permissionSet, 'SessionDuration', 'PT4H'),
      target: 'Emergency',
      expect: { message: 'longSession' },
      shippedWhere: holds('AdministratorAccess'),
    },
    {
      name: 'a session of others lasts longer than half a working day',
      of: whole,
      edit: set(permissionSet, 'SessionDuration', 'PT4H1S'),
      target: 'Auditor',
      expect: { message: 'longSession' },
    },
    {
      name: 'a duration that is none',
      of: whole,
      edit: set(permissionSet, 'SessionDuration', '4 hours'),
      target: 'Auditor',
      expect: { message: 'not-assessed' },
    },
  ],
  others: [
    {
      name: 'guard-rails apart, one as text',
      template: {
        Resources: {
          Root: guardRail(rootDenied),
          Factor: {
            Type: policy,
            Properties: {
              Type: 'SERVICE_CONTROL_POLICY',
              TargetIds: ['ou-abcd-11111111'],
              Content: JSON.stringify({ Version: '2012-10-17', Statement: [factorAsked] }),
            },
          },
        },
      },
      expect: { Root: 'satisfied', Factor: 'satisfied', '': 'satisfied' },
    },
    {
      name: 'fails closed without an organization',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'no organization is no concern where only what is present is judged',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'fails for a user with a password',
      template: { Resources: { Alice: { Type: 'AWS::IAM::User', Properties: { LoginProfile: { Password: 'x' } } } } },
      presentOnly: true,
      expect: { Alice: { message: 'consoleUser' } },
    },
    {
      name: 'a user without a password is a machine, whose keys are judged by themselves',
      template: { Resources: { Alice: { Type: 'AWS::IAM::User', Properties: {} } } },
      presentOnly: true,
      expect: { Alice: 'not-applicable' },
    },
    {
      name: 'fails for an access key',
      template: {
        Resources: {
          User: { Type: 'AWS::IAM::User', Properties: {} },
          Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'User' } } },
        },
      },
      presentOnly: true,
      expect: { Key: { message: 'accessKey' } },
    },
    {
      name: 'trap 19: fails for a plain Bool in a policy of a group',
      template: {
        Resources: {
          Policy: {
            Type: managed,
            Properties: {
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Deny',
                    Action: '*',
                    Resource: '*',
                    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
                  },
                ],
              },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Policy: { message: 'plainBool' } },
    },
    {
      name: 'a plain Bool in an Allow asks for the second factor: without the key nothing is allowed',
      template: {
        Resources: {
          Policy: {
            Type: managed,
            Properties: {
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 's3:GetObject',
                    Resource: 'arn:aws:s3:::b/*',
                    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
                  },
                ],
              },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Policy: 'not-applicable' },
    },
    {
      name: 'a resource control policy does not keep root from working',
      template: {
        Resources: {
          Guard: {
            ...guardRail(rootDenied, factorAsked),
            Properties: { ...guardRail(rootDenied, factorAsked).Properties, Type: 'RESOURCE_CONTROL_POLICY' },
          },
        },
      },
      expect: { '': { message: 'missing' }, Guard: 'not-applicable' },
    },
    {
      name: 'a session without a duration lasts an hour',
      template: { Resources: { Auditor: { Type: permissionSet, Properties: { Name: 'Auditor' } } } },
      presentOnly: true,
      expect: { Auditor: 'satisfied' },
    },
  ],
  absentKeeps: {
    [`${permissionSet}: SessionDuration`]:
      'one hour: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sso-permissionset.html',
    [`${permissionSet}: ManagedPolicies`]: 'without policies it administers nothing',
    [`${permissionSet}: ManagedPolicies.*`]: 'without the policy it administers nothing',
    [`${policy}: Content.Statement.1.Condition.ArnLike.aws:PrincipalArn`]: 'then it is asked of everybody',
    [`${policy}: Content.Statement.*.NotAction.*`]: 'the others still set up a second factor',
  },
  indifferent: {
    [`${permissionSet}: ManagedPolicies.*`]:
      'one that cannot be read counts as administration, and the session is short enough',
    [`${permissionSet}: ManagedPolicies`]:
      'policies that cannot be read count as administration, and the session is short enough',
  },
  live: liveCases,
};
