import { type ControlCases, change, set } from '../../../lib/control/cases';
import type { Json } from '../../../lib/template/parse';

const key = 'AWS::KMS::Key';
const replica = 'AWS::KMS::ReplicaKey';
const root = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] };
const role = { 'Fn::GetAtt': ['Role', 'Arn'] };
const usage = ['kms:Decrypt', 'kms:Encrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];

const allow = (principal: unknown, action: unknown, condition?: Json): Json => ({
  Effect: 'Allow',
  Principal: principal === '*' ? principal : { AWS: principal },
  Action: action,
  Resource: '*',
  ...(condition ? { Condition: condition } : {}),
});
const keyWith = (...statements: readonly unknown[]): Json => ({
  Resources: {
    Role: { Type: 'AWS::IAM::Role' },
    Other: { Type: 'AWS::IAM::Role' },
    It: {
      Type: key,
      Properties: { KeyPolicy: { Version: '2012-10-17', Statement: [allow(root, 'kms:*'), ...statements] } },
    },
  },
});
/** Adds a statement, in which one of the case's own resources may stand for a role. */
const letIn = (statement: Json) =>
  change(key, (properties) => {
    const policy = properties.KeyPolicy as { Statement: unknown[] };
    policy.Statement.push(statement);
  });

const cdk = 'key as CDK writes it';
const separated = 'key whose administration is separated from its use';
const stranger = 'arn:aws:iam::111122223333:role/stranger';

export const cases: ControlCases = {
  compliant: {
    [cdk]: { template: keyWith() },
    [separated]: {
      template: keyWith(
        allow(role, ['kms:Create*', 'kms:Put*', 'kms:ScheduleKeyDeletion', 'kms:Disable*']),
        allow({ 'Fn::GetAtt': ['Other', 'Arn'] }, usage),
        {
          Effect: 'Allow',
          Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
          Action: usage,
          Resource: '*',
        },
        allow('*', usage, {
          StringEquals: {
            'kms:CallerAccount': { Ref: 'AWS::AccountId' },
            'kms:ViaService': 's3.eu-central-1.amazonaws.com',
          },
        }),
        { Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' },
      ),
    },
    'key without a policy, under the root of its account, and a replica of one': {
      template: {
        Resources: {
          It: { Type: key, Properties: { PendingWindowInDays: 30, Enabled: 'true' } },
          Replica: { Type: replica, Properties: { KeyPolicy: { Statement: allow(root, 'kms:*') } } },
        },
      },
    },
  },
  mutations: [
    {
      name: 'anybody may decrypt',
      of: cdk,
      edit: letIn(allow('*', 'kms:Decrypt')),
      expect: { message: 'anyone' },
    },
    {
      name: 'anybody may decrypt, written as a list of AWS principals',
      of: cdk,
      edit: letIn(allow([stranger, '*'], 'kms:Decrypt')),
      expect: { message: 'anyone' },
    },
    {
      name: 'the root of every account may decrypt',
      of: cdk,
      edit: letIn(allow('arn:aws:iam::*:root', 'kms:Decrypt')),
      expect: { message: 'anyone' },
    },
    {
      name: 'everybody but one may decrypt',
      of: cdk,
      edit: letIn({ Effect: 'Allow', NotPrincipal: { AWS: stranger }, Action: 'kms:Decrypt', Resource: '*' }),
      expect: { message: 'anyone' },
    },
    ...[
      { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } },
      { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
      { StringNotEquals: { 'aws:SourceAccount': '444455556666' } },
      { StringLike: { 'kms:CallerAccount': '*' } },
    ].map((condition) => ({
      name: `anybody may decrypt, under a condition that narrows nothing: ${Object.keys(condition)[0]}`,
      of: cdk,
      edit: letIn(allow('*', 'kms:Decrypt', condition)),
      expect: { message: 'anyone' },
    })),
    {
      name: 'a role may do everything',
      of: cdk,
      edit: letIn(allow(stranger, 'kms:*')),
      expect: { message: 'allActions' },
    },
    {
      name: 'a service may do everything',
      of: cdk,
      edit: letIn({ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: ['*'], Resource: '*' }),
      expect: { message: 'allActions' },
    },
    {
      name: 'another account may do everything',
      of: cdk,
      edit: letIn(allow('444455556666', 'KMS:*')),
      expect: { message: 'allActions' },
    },
    {
      name: 'a role may do all but one thing',
      of: cdk,
      edit: letIn({ Effect: 'Allow', Principal: { AWS: stranger }, NotAction: 'kms:TagResource', Resource: '*' }),
      expect: { message: 'mixed' },
    },
    {
      name: 'a role may administer and decrypt in one statement',
      of: cdk,
      edit: letIn(allow(stranger, ['kms:Schedule*', 'kms:Dec*'])),
      expect: { message: 'mixed' },
    },
    {
      name: 'an administrator may decrypt, by a statement of its own',
      of: separated,
      edit: letIn(allow(role, 'kms:Decrypt')),
      expect: { message: 'mixed' },
      notShipped: 'names a role of the case',
    },
    {
      name: 'a role that a parameter names may decrypt',
      of: cdk,
      edit: letIn(allow({ 'Fn::ImportValue': 'nobody-exports-this' }, 'kms:Decrypt')),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'what a role may do cannot be read',
      of: cdk,
      edit: letIn(allow(stranger, { 'Fn::ImportValue': 'nobody-exports-this' })),
      expect: { message: 'not-assessed' },
    },
    {
      name: 'the key is disabled',
      of: cdk,
      edit: set(key, 'Enabled', false),
      expect: { message: 'disabled' },
    },
    {
      name: 'a policy that may lock everybody out',
      of: cdk,
      edit: set(key, 'BypassPolicyLockoutSafetyCheck', 'true'),
      expect: { message: 'lockout' },
    },
    {
      name: 'a replica that anybody may use',
      of: 'key without a policy, under the root of its account, and a replica of one',
      edit: set(replica, 'KeyPolicy.Statement', [allow(root, 'kms:*'), allow('*', 'kms:Decrypt')]),
      expect: { message: 'anyone' },
      notShipped: 'the project deploys no replica',
    },
  ],
  others: [
    {
      name: 'fails closed without any key',
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: { '': { message: 'missing' } },
    },
    {
      name: 'no key is needed where the profile asks for none',
      figures: { 'keys.mode': 'platform' },
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: {},
    },
    {
      name: 'no key is needed where only what is present is judged',
      presentOnly: true,
      template: { Resources: { Files: { Type: 'AWS::S3::Bucket' } } },
      expect: {},
    },
    {
      name: 'a statement without a principal is not assessed',
      template: keyWith({ Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }),
      expect: { It: 'not-assessed' },
    },
    {
      name: 'the root of the own account, by its number',
      template: keyWith(allow('arn:aws:iam::111122223333:root', 'kms:*'), allow('111122223333', 'kms:*')),
      expect: { It: 'satisfied' },
    },
    {
      name: 'a principal that only one branch lets in',
      template: {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } },
        ...keyWith({ 'Fn::If': ['IsProd', { Ref: 'AWS::NoValue' }, allow('*', 'kms:Decrypt')] }),
      },
      expect: { It: { message: 'anyone' } },
    },
    {
      name: 'a waiting time that KMS does not know',
      template: { Resources: { It: { Type: key, Properties: { PendingWindowInDays: 1 } } } },
      expect: { It: 'not-assessed' },
    },
  ],
  absentKeeps: {
    'AWS::KMS::Key: KeyPolicy.Statement.*.Action.*': 'a statement with fewer actions allows less',
    'AWS::KMS::Key: Enabled':
      'true: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
    'AWS::KMS::Key: PendingWindowInDays':
      '30: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html',
  },
  indifferent: {
    'AWS::KMS::Key: KeyPolicy.Statement.*.Condition.StringEquals.kms:ViaService':
      'says which service asks, which narrows nobody: kms:CallerAccount beside it does',
  },
};
