import { addBeside, type ControlCases, change, remove, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const role = 'AWS::IAM::Role';
const managed = 'AWS::IAM::ManagedPolicy';
const permissionSet = 'AWS::SSO::PermissionSet';
const analyzer = 'AWS::AccessAnalyzer::Analyzer';

const trust = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const byService = (Service: string, Condition?: object) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service },
  ...(Condition ? { Condition } : {}),
});
const ownAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };

const github = (Condition: object) => ({
  Type: role,
  Properties: {
    AssumeRolePolicyDocument: trust({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
      Condition,
    }),
  },
});
const aud = { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' };
const sub = (value: string) => ({ 'token.actions.githubusercontent.com:sub': value });

const whole = 'a role that writes flow logs, its policy, and a permission set for emergencies';
const pipeline = 'a pipeline of one environment';
const bounded = 'people who are bounded, and a role';

/** A policy that gives something, not one that bounds. */
const gives = (resource: Json) => !JSON.stringify(resource).includes('ReadNoContent');
const noBoundary = 'the boundary of the project is brought into the accounts by a stack set';
const boundary = {
  Type: managed,
  Properties: {
    ManagedPolicyName: 'people-boundary',
    PolicyDocument: trust(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'iam:*', Resource: '*' },
    ),
  },
};
const people = {
  Type: permissionSet,
  Properties: {
    Name: 'Operator',
    PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'people-boundary', Path: '/' } },
  },
};

/** The first statement of a policy that allows. */
function allowing(document: unknown): Json {
  const statements: unknown[] = isObject(document) && Array.isArray(document.Statement) ? document.Statement : [];
  const found = statements.find((statement) => isObject(statement) && statement.Effect === 'Allow');
  if (!isObject(found)) {
    throw new Error('the policy allows nothing');
  }
  return found;
}

const changed = (edit: (statement: Json) => void) =>
  change(managed, (properties) => edit(allowing(properties.PolicyDocument)));
const trusted = (edit: (statement: Json) => void) =>
  change(role, (properties) => edit(allowing(properties.AssumeRolePolicyDocument)));

const serves = (resource: Json) =>
  /"(vpc-flow-logs|cloudtrail|events|config)\.amazonaws\.com"/.test(JSON.stringify(resource));
const noPipeline = 'the project deploys no role for a pipeline';

export const cases: ControlCases = {
  compliant: {
    'roles that other accounts take on': {
      template: {
        Resources: {
          Vendor: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust({
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { AWS: 'arn:aws:iam::999999999999:root' },
                Condition: { StringEquals: { 'sts:ExternalId': 'agreed' } },
              }),
            },
          },
          Colleague: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust({
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { AWS: '111122223333' },
              }),
            },
          },
        },
      },
    },
    [whole]: {
      template: {
        Resources: {
          Writer: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust(byService('vpc-flow-logs.amazonaws.com', ownAccount)),
              ManagedPolicyArns: [{ Ref: 'Policy' }],
            },
          },
          Policy: {
            Type: managed,
            Properties: {
              PolicyDocument: trust({
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                Resource: 'arn:aws:logs:eu-central-1:111122223333:log-group:flow:*',
              }),
            },
          },
          Emergency: {
            Type: permissionSet,
            Properties: { Name: 'BreakGlass', ManagedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
          },
          Unused: {
            Type: analyzer,
            Properties: {
              Type: 'ACCOUNT_UNUSED_ACCESS',
              AnalyzerConfiguration: { UnusedAccessConfiguration: { UnusedAccessAge: 90 } },
            },
          },
        },
      },
    },
    [bounded]: {
      template: {
        Resources: {
          Boundary: boundary,
          RoleBoundary: { Type: managed, Properties: { PolicyDocument: boundary.Properties.PolicyDocument } },
          Operator: people,
          Robot: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust(byService('lambda.amazonaws.com')),
              PermissionsBoundary: { Ref: 'RoleBoundary' },
            },
          },
        },
      },
    },
    [pipeline]: {
      template: {
        Resources: { Deploy: github({ StringEquals: { ...aud, ...sub('repo:example/app:environment:production') } }) },
      },
    },
  },
  mutations: [
    {
      name: 'an account that nobody knows takes on a role',
      of: pipeline,
      edit: set(role, 'AssumeRolePolicyDocument.Statement.0', {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: 'arn:aws:iam::999999999999:root' },
      }),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'a policy allows everything',
      of: whole,
      edit: changed((statement) => {
        statement.Action = '*';
        statement.Resource = '*';
      }),
      expect: { message: 'everything' },
      shippedWhere: gives,
    },
    {
      name: 'a policy allows a whole service',
      of: whole,
      edit: changed((statement) => {
        statement.Action = ['logs:PutLogEvents', 's3:*'];
      }),
      expect: { message: 'wholeService' },
      shippedWhere: gives,
    },
    {
      name: 'a policy allows everything but IAM',
      of: whole,
      edit: changed((statement) => {
        delete statement.Action;
        statement.NotAction = 'iam:*';
      }),
      expect: { message: 'allButSome' },
      shippedWhere: gives,
    },
    {
      name: 'a policy lets every secret be read',
      of: whole,
      edit: changed((statement) => {
        statement.Action = 'secretsmanager:Get*';
        statement.Resource = '*';
        delete statement.Condition;
      }),
      expect: { message: 'anyResource' },
      shippedWhere: gives,
    },
    {
      name: 'a policy lets every file but one be read',
      of: whole,
      edit: changed((statement) => {
        statement.Action = 's3:GetObject';
        delete statement.Resource;
        delete statement.Condition;
        statement.NotResource = 'arn:aws:s3:::secret/*';
      }),
      expect: { message: 'anyResource' },
      shippedWhere: gives,
    },
    {
      name: 'a policy passes any role to any service',
      of: whole,
      edit: changed((statement) => {
        statement.Action = 'iam:PassRole';
        statement.Resource = 'arn:aws:iam::111122223333:role/*';
        delete statement.Condition;
      }),
      expect: { message: 'passesAnyRole' },
      shippedWhere: gives,
    },
    {
      name: 'a role is an administrator',
      of: whole,
      edit: set(role, 'ManagedPolicyArns', [
        { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess' },
      ]),
      expect: { message: 'administrator' },
    },
    {
      name: 'a permission set for every day is an administrator',
      of: whole,
      edit: set(permissionSet, 'Name', 'Developer'),
      expect: { message: 'administrator' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('AdministratorAccess'),
    },
    {
      name: 'anybody may take on a role',
      of: whole,
      edit: trusted((statement) => {
        statement.Principal = { AWS: '*' };
        delete statement.Condition;
      }),
      expect: { message: 'anyoneAssumes' },
    },
    {
      name: 'a service takes on a role for whoever asks',
      of: whole,
      edit: trusted((statement) => {
        delete statement.Condition;
      }),
      expect: { message: 'confusedDeputy' },
      shippedWhere: serves,
    },
    {
      name: 'a condition that a request without the key passes',
      of: whole,
      edit: trusted((statement) => {
        statement.Condition = { StringEqualsIfExists: { 'aws:SourceAccount': '111122223333' } };
      }),
      expect: { message: 'confusedDeputy' },
      shippedWhere: serves,
    },
    {
      name: 'unused access is found after a year',
      of: whole,
      edit: set(analyzer, 'AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge', 365),
      expect: { message: 'seenLate' },
      shippedWhere: (resource) => JSON.stringify(resource).includes('UNUSED_ACCESS'),
    },
    {
      name: 'a single user has a policy',
      of: whole,
      edit: addBeside(managed, 'Direct', () => ({
        Type: 'AWS::IAM::UserPolicy',
        Properties: { UserName: 'alice', PolicyDocument: trust() },
      })),
      expect: { message: 'onUser', at: 'Direct' },
    },
    {
      name: 'a boundary is given to people as well',
      of: bounded,
      edit: set(permissionSet, 'CustomerManagedPolicyReferences', [{ Name: 'people-boundary' }]),
      expect: { message: 'everything', at: 'Boundary' },
      notShipped: noBoundary,
    },
    {
      name: 'a boundary bounds nobody',
      of: bounded,
      edit: remove(permissionSet, 'PermissionsBoundary'),
      expect: { message: 'everything', at: 'Boundary' },
      notShipped: noBoundary,
    },
    {
      name: 'a boundary is given to the role that it bounds',
      of: bounded,
      edit: set(role, 'ManagedPolicyArns', [{ Ref: 'RoleBoundary' }]),
      expect: { message: 'everything', at: 'RoleBoundary' },
      notShipped: noBoundary,
    },
    {
      name: 'a boundary says itself whom it is given to',
      of: bounded,
      edit: set(managed, 'Groups', ['people']),
      target: 'Boundary',
      expect: { message: 'everything' },
      notShipped: noBoundary,
    },
    {
      name: 'trap 22: every branch of the repository may deploy',
      of: pipeline,
      edit: change(role, (properties) => {
        allowing(properties.AssumeRolePolicyDocument).Condition = {
          StringEquals: aud,
          StringLike: sub('repo:example/app:*'),
        };
      }),
      expect: { message: 'openToken' },
      notShipped: noPipeline,
    },
    {
      name: 'trap 22: a star where sub is compared whole does nothing but mislead',
      of: pipeline,
      edit: change(role, (properties) => {
        allowing(properties.AssumeRolePolicyDocument).Condition = {
          StringEquals: { ...aud, ...sub('repo:example/*') },
        };
      }),
      expect: { message: 'openToken' },
      notShipped: noPipeline,
    },
    {
      name: 'trap 22: sub names a branch and no environment',
      of: pipeline,
      edit: change(role, (properties) => {
        allowing(properties.AssumeRolePolicyDocument).Condition = {
          StringEquals: { ...aud, ...sub('repo:example/app:ref:refs/heads/main') },
        };
      }),
      expect: { message: 'openToken' },
      notShipped: noPipeline,
    },
    {
      name: 'a token for somebody else',
      of: pipeline,
      edit: change(role, (properties) => {
        allowing(properties.AssumeRolePolicyDocument).Condition = {
          StringEquals: sub('repo:example/app:environment:production'),
        };
      }),
      expect: { message: 'openToken' },
      notShipped: noPipeline,
    },
    {
      name: 'a role without trust policy',
      of: pipeline,
      edit: remove(role, 'AssumeRolePolicyDocument'),
      expect: { message: 'not-assessed' },
    },
  ],
  others: [
    {
      name: 'a stack set brings the boundary of people into the accounts',
      template: {
        Resources: {
          Operator: people,
          Set: {
            Type: 'AWS::CloudFormation::StackSet',
            Properties: { TemplateBody: JSON.stringify({ Resources: { Boundary: boundary } }) },
          },
        },
      },
      expect: { Boundary: 'satisfied' },
    },
    {
      name: 'a stack set brings a policy that allows everything',
      template: {
        Resources: {
          Set: {
            Type: 'AWS::CloudFormation::StackSet',
            Properties: { TemplateBody: JSON.stringify({ Resources: { Boundary: boundary } }) },
          },
        },
      },
      expect: { Boundary: { message: 'everything' } },
    },
    {
      name: 'a function takes on its role in its own account alone',
      template: {
        Resources: {
          Role: { Type: role, Properties: { AssumeRolePolicyDocument: trust(byService('lambda.amazonaws.com')) } },
        },
      },
      expect: { Role: 'satisfied' },
    },
    {
      name: 'Cognito names the user pool by its external id',
      template: {
        Resources: {
          Role: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust(
                byService('cognito-idp.amazonaws.com', { StringEquals: { 'sts:ExternalId': 'staff' } }),
              ),
            },
          },
        },
      },
      expect: { Role: 'satisfied' },
    },
    {
      name: 'everybody of the organization may take on a role',
      template: {
        Resources: {
          Role: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust({
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { AWS: '*' },
                Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
              }),
            },
          },
        },
      },
      expect: { Role: 'satisfied' },
    },
    {
      name: 'a policy inside a role is judged as well',
      template: {
        Resources: {
          Role: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: trust(byService('lambda.amazonaws.com')),
              Policies: [
                { PolicyName: 'all', PolicyDocument: trust({ Effect: 'Allow', Action: 'kms:*', Resource: '*' }) },
              ],
            },
          },
        },
      },
      expect: { Role: { message: 'wholeService' } },
    },
    {
      name: 'a user with a policy',
      template: {
        Resources: {
          Alice: { Type: 'AWS::IAM::User', Properties: { Policies: [{ PolicyName: 'x', PolicyDocument: trust() }] } },
        },
      },
      expect: { Alice: { message: 'onUser' } },
    },
    {
      name: 'what a policy denies gives nothing, and a narrowed statement is no free hand',
      template: {
        Resources: {
          Policy: {
            Type: managed,
            Properties: {
              PolicyDocument: trust(
                { Effect: 'Deny', Action: '*', Resource: '*' },
                {
                  Effect: 'Allow',
                  Action: 'kms:Decrypt',
                  Resource: '*',
                  Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
                },
              ),
            },
          },
        },
      },
      expect: { Policy: 'satisfied' },
    },
    {
      name: 'any role may be passed to one service by name',
      template: {
        Resources: {
          Policy: {
            Type: managed,
            Properties: {
              PolicyDocument: trust({
                Effect: 'Allow',
                Action: 'iam:PassRole',
                Resource: '*',
                Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
              }),
            },
          },
        },
      },
      expect: { Policy: 'satisfied' },
    },
    {
      name: 'an analyzer of access from outside has no age',
      template: { Resources: { Outside: { Type: analyzer, Properties: { Type: 'ACCOUNT' } } } },
      expect: { Outside: 'not-applicable' },
    },
    {
      name: 'an action hidden behind a parameter is not assessed',
      template: {
        Parameters: { Action: { Type: 'String' } },
        Resources: {
          Policy: {
            Type: managed,
            Properties: { PolicyDocument: trust({ Effect: 'Allow', Action: [{ Ref: 'Action' }], Resource: '*' }) },
          },
        },
      },
      expect: { Policy: 'not-assessed' },
    },
  ],
  absentKeeps: {
    [`${managed}: PolicyDocument.Statement.*.Action.*`]: 'the other actions are judged',
    [`${permissionSet}: ManagedPolicies`]: 'without a policy it may do nothing',
    [`${permissionSet}: ManagedPolicies.*`]: 'without a policy it may do nothing',
    [`${role}: ManagedPolicyArns`]: 'without a policy it may do nothing',
    [`${role}: ManagedPolicyArns.*`]: 'without a policy it may do nothing',
    [`${analyzer}: AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge`]:
      '90 days: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UnusedAccessConfiguration.html',
  },
};
