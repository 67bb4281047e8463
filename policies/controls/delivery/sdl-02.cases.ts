import { addBeside, type ControlCases, change, type Edit, type Mutation, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';
import { liveCases } from './sdl-02-live.cases';
import { sourceCases } from './sdl-02-source.cases';

const role = 'AWS::IAM::Role';
const managed = 'AWS::IAM::ManagedPolicy';
const provider = 'AWS::IAM::OIDCProvider';
const guardRail = 'AWS::Organizations::Policy';
const hook = 'AWS::CloudFormation::GuardHook';
const account = '111122223333';
const issuer = 'token.actions.githubusercontent.com';
const bound = `account ${account}`;
const whole = 'a pipeline of one environment, and the guard-rail around it';
const notShipped = 'the example names no repository: tried in test/stacks/delivery-stack.test.ts';

const bootstrapRole = (work: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:role/cdk-hnb659fds-${work}-role-${account}-eu-central-1`,
});
const roleNamed = (name: string) => `arn:*:iam::*:role/${name}`;
const emergency = roleNamed('aws-reserved/sso.amazonaws.com/*AWSReservedSSO_BreakGlass_*');
const spare = (...patterns: string[]) => ({ ArnNotLike: { 'aws:PrincipalArn': [emergency, ...patterns] } });

const statement = (sub: unknown, provider: string) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: { Ref: provider } },
  Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: sub } },
});

const pipeline = (sub = 'repo:example/app:environment:production', provider = 'GitHub') => ({
  Type: role,
  Properties: {
    RoleName: 'production-delivery',
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [statement(sub, provider)] },
  },
});

const resources = {
  GitHub: { Type: provider, Properties: { Url: `https://${issuer}`, ClientIdList: ['sts.amazonaws.com'] } },
  Pipeline: pipeline(),
  Grants: {
    Type: managed,
    Properties: {
      Roles: [{ Ref: 'Pipeline' }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Resource: [bootstrapRole('deploy'), bootstrapRole('file-publishing')],
          },
        ],
      },
    },
  },
  GuardRail: {
    Type: guardRail,
    Properties: {
      Name: 'delivery-production',
      Type: 'SERVICE_CONTROL_POLICY',
      TargetIds: [account],
      Content: {
        Statement: [
          {
            Effect: 'Deny',
            Action: [
              'cloudformation:Create*',
              'cloudformation:Delete*',
              'cloudformation:Execute*',
              'cloudformation:Update*',
            ],
            Resource: '*',
            Condition: spare(roleNamed('cdk-*-deploy-role-*'), roleNamed('cdk-*-cfn-exec-role-*')),
          },
          {
            Effect: 'Deny',
            Action: ['sts:AssumeRole'],
            Resource: [roleNamed('cdk-*-deploy-role-*'), roleNamed('cdk-*-file-publishing-role-*')],
            Condition: spare(roleNamed('production-delivery')),
          },
        ],
      },
    },
  },
};

/** The statement of a policy at a place. */
function statementAt(document: unknown, index: number): Json {
  const statements: unknown[] = isObject(document) && Array.isArray(document.Statement) ? document.Statement : [];
  const found = statements[index];
  if (!isObject(found)) {
    throw new Error(`the policy has no statement ${index}`);
  }
  return found;
}

const trusted = (edit: (statement: Json) => void) =>
  change(role, (properties) => edit(statementAt(properties.AssumeRolePolicyDocument, 0)));
const granted = (edit: (statement: Json) => void) =>
  change(managed, (properties) => edit(statementAt(properties.PolicyDocument, 0)));
const guarded = (index: number, edit: (statement: Json) => void) =>
  change(guardRail, (properties) => edit(statementAt(properties.Content, index)));
const subject = (value: unknown, operator = 'StringEquals') =>
  trusted((each) => {
    each.Condition = {
      StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
      ...(operator === 'StringEquals'
        ? { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: value } }
        : { [operator]: { [`${issuer}:sub`]: value } }),
    };
  });
const spares = (index: number, pattern: string) =>
  guarded(index, (each) => {
    each.Condition = spare(roleNamed('cdk-*-deploy-role-*'), pattern);
  });

const at = (message: string, logicalId = 'Pipeline') => ({ message, at: logicalId });

/** Ways to leave the door of the role open: each a change of the statement that trusts the pipeline. */
const doors: readonly (readonly [string, Edit, string])[] = [
  ['trap 22: every branch of the repository', subject('repo:example/app:*', 'StringLike'), 'openSubject'],
  ['trap 22: every repository of the owner', subject('repo:example/*', 'StringLike'), 'openSubject'],
  ['trap 22: a star where sub is compared whole', subject('repo:example/*:environment:production'), 'openSubject'],
  ['trap 22: a branch and no environment', subject('repo:example/app:ref:refs/heads/main'), 'openSubject'],
  ['trap 22: a pull request', subject('repo:example/app:pull_request'), 'openSubject'],
  [
    'a token without a subject passes',
    subject('repo:example/app:environment:production', 'StringEqualsIfExists'),
    'openSubject',
  ],
  [
    'staging and production come in by one door',
    subject(['repo:example/app:environment:production', 'repo:example/app:environment:staging']),
    'severalSubjects',
  ],
  [
    'a token for somebody else',
    trusted((each) => {
      each.Condition = { StringEquals: { [`${issuer}:sub`]: 'repo:example/app:environment:production' } };
    }),
    'openAudience',
  ],
  [
    'people of the account come in by the same door',
    trusted((each) => {
      each.Principal = { ...(each.Principal as Json), AWS: `arn:aws:iam::${account}:root` };
    }),
    'otherDoor',
  ],
];

export const cases: ControlCases = {
  compliant: {
    [whole]: { template: { Resources: resources } },
    'the same, with the ids that GitHub never gives twice, and a hook that stops': {
      template: {
        Resources: {
          ...resources,
          Pipeline: pipeline('repo:example@123456/app@456789:environment:production'),
          Hook: { Type: hook, Properties: { Alias: 'Avouch::Gate::Hook', HookStatus: 'ENABLED', FailureMode: 'FAIL' } },
        },
      },
    },
  },
  mutations: [
    ...doors.map(([name, edit, message]): Mutation => ({ name, of: whole, edit, expect: { message }, notShipped })),
    {
      name: 'the provider takes tokens that are for others',
      of: whole,
      edit: set(provider, 'ClientIdList', ['sts.amazonaws.com', 'https://github.com/example']),
      expect: { message: 'otherAudience', at: 'GitHub' },
      notShipped,
    },
    {
      name: 'the pipeline writes files itself',
      of: whole,
      edit: granted((each) => {
        each.Action = ['sts:AssumeRole', 's3:PutObject'];
      }),
      expect: at('morePower'),
      notShipped,
    },
    {
      name: 'the pipeline is an administrator',
      of: whole,
      edit: set(role, 'ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']),
      expect: at('morePower'),
      notShipped,
    },
    {
      name: 'the pipeline has a policy inside its role',
      of: whole,
      edit: set(role, 'Policies', [
        { PolicyName: 'more', PolicyDocument: { Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] } },
      ]),
      expect: at('morePower'),
      notShipped,
    },
    {
      name: 'the pipeline takes on every role of the CDK, and what is called like one',
      of: whole,
      edit: granted((each) => {
        each.Resource = `arn:aws:iam::${account}:role/cdk-*`;
      }),
      expect: at('otherRoles'),
      notShipped,
    },
    {
      name: 'the pipeline takes on the role with which CloudFormation works',
      of: whole,
      edit: granted((each) => {
        each.Resource = bootstrapRole('cfn-exec');
      }),
      expect: at('otherRoles'),
      notShipped,
    },
    {
      name: 'a second repository deploys',
      of: whole,
      edit: addBeside(provider, 'Other', (beside) => pipeline('repo:example/other:environment:production', beside)),
      expect: { message: 'severalRepositories', at: 'pipeline' },
      notShipped,
    },
    {
      name: 'nothing keeps people from changing stacks',
      of: whole,
      edit: guarded(0, (each) => {
        each.Action = ['cloudformation:DeleteStack'];
      }),
      expect: at('anybodyDeploys', bound),
      notShipped,
    },
    {
      name: 'another condition leaves a way to change stacks',
      of: whole,
      edit: guarded(0, (each) => {
        each.Condition = { ...(each.Condition as Json), Bool: { 'aws:ViaAWSService': 'false' } };
      }),
      expect: at('anybodyDeploys', bound),
      notShipped,
    },
    {
      name: 'trap 6: whoever is in the account takes on the role that deploys',
      of: whole,
      edit: guarded(1, (each) => {
        each.Resource = [roleNamed('cdk-*-cfn-exec-role-*')];
      }),
      expect: at('anybodyTakesOn', bound),
      notShipped,
    },
    {
      name: 'what is published for a deployment may be written by anybody',
      of: whole,
      edit: guarded(1, (each) => {
        each.Resource = [roleNamed('cdk-*-deploy-role-*')];
      }),
      expect: at('anybodyTakesOn', bound),
      notShipped,
    },
    {
      name: 'the guard-rail spares every session of people',
      of: whole,
      edit: spares(0, roleNamed('aws-reserved/sso.amazonaws.com/*')),
      expect: at('spares', bound),
      notShipped,
    },
    {
      name: 'the guard-rail lets people who deploy take on the roles',
      of: whole,
      edit: spares(1, roleNamed('aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Deployer_*')),
      expect: at('spares', bound),
      notShipped,
    },
    {
      name: 'a hook only warns',
      of: 'the same, with the ids that GitHub never gives twice, and a hook that stops',
      edit: set(hook, 'FailureMode', 'WARN'),
      expect: { message: 'weakHook', at: 'Hook' },
      notShipped: 'the project deploys no hook',
    },
    {
      name: 'a hook is switched off',
      of: 'the same, with the ids that GitHub never gives twice, and a hook that stops',
      edit: set(hook, 'HookStatus', 'DISABLED'),
      expect: { message: 'weakHook', at: 'Hook' },
      notShipped: 'the project deploys no hook',
    },
  ],
  others: [
    {
      name: 'nobody said which repository deploys: no pass, and no role of another kind is judged for it',
      template: {
        Resources: {
          Task: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: [
                  { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } },
                ],
              },
            },
          },
        },
      },
      expect: { Task: 'not-applicable', pipeline: 'not-assessed' },
    },
    {
      name: 'a template without a pipeline, read by itself',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      presentOnly: true,
      expect: {},
    },
    {
      name: 'the guard-rails of an organization are no part of somebody’s template',
      template: { Resources: { GitHub: resources.GitHub, Pipeline: resources.Pipeline } },
      presentOnly: true,
      expect: { Pipeline: 'satisfied' },
    },
    {
      name: 'fails closed without guard-rails',
      template: { Resources: { GitHub: resources.GitHub, Pipeline: resources.Pipeline } },
      expect: { [bound]: { message: 'anybodyDeploys' } },
    },
    {
      name: 'fails when the guard-rail is that of another account',
      template: {
        Resources: {
          ...resources,
          GuardRail: {
            ...resources.GuardRail,
            Properties: { ...resources.GuardRail.Properties, TargetIds: ['222233334444'] },
          },
        },
      },
      expect: { [bound]: { message: 'anybodyDeploys' } },
    },
    {
      name: 'a guard-rail of the whole organization binds the account as well',
      template: {
        Resources: {
          ...resources,
          GuardRail: {
            ...resources.GuardRail,
            Properties: { ...resources.GuardRail.Properties, TargetIds: ['r-abcd'] },
          },
        },
      },
      expect: { [bound]: 'satisfied' },
    },
    {
      name: 'whom a guard-rail binds hides behind a parameter: not assessed',
      template: {
        Parameters: { Account: { Type: 'String' } },
        Resources: {
          ...resources,
          GuardRail: {
            ...resources.GuardRail,
            Properties: { ...resources.GuardRail.Properties, TargetIds: [{ Ref: 'Account' }] },
          },
        },
      },
      expect: { [bound]: 'not-assessed' },
    },
    {
      name: 'tokens of another house are not known here',
      template: {
        Resources: {
          Pipeline: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'sts:AssumeRoleWithWebIdentity',
                    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/gitlab.example.com` },
                    Condition: {
                      StringEquals: { 'gitlab.example.com:sub': 'project_path:a/b:ref_type:branch:ref:main' },
                    },
                  },
                ],
              },
            },
          },
        },
      },
      presentOnly: true,
      expect: { Pipeline: 'not-assessed' },
    },
    {
      name: 'identity pools and clusters sign tokens of people and containers',
      template: {
        Resources: {
          Pool: {
            Type: role,
            Properties: {
              AssumeRolePolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'sts:AssumeRoleWithWebIdentity',
                    Principal: { Federated: 'cognito-identity.amazonaws.com' },
                    Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-central-1:1' } },
                  },
                ],
              },
            },
          },
          Saml: { Type: provider, Properties: { Url: 'https://oidc.eks.eu-central-1.amazonaws.com/id/1' } },
        },
      },
      presentOnly: true,
      expect: { Pool: 'not-applicable', Saml: 'not-applicable' },
    },
  ],
  absentKeeps: {
    [`${managed}: PolicyDocument.Statement.*.Resource.*`]: 'one role less to take on: the others are judged',
  },
  live: liveCases,
  registers: sourceCases,
};
