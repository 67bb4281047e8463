import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { functionFolder } from '../functions/function-code';
import { isOwn, nothing } from './member-recorder-template';

/** What the template for the guards of member accounts depends on; plain data, as it is deployed to accounts of which nothing is known. */
export interface GuardsTemplateProps {
  /** Accounts that guard themselves: nothing is brought to them. */
  readonly ownAccounts: readonly string[];
  /** Regions in which volumes are encrypted and unused networks taken away. */
  readonly regions: readonly string[];
  /** Characters of an IAM user's password, at least. */
  readonly passwordMinLength: number;
  /** Days after which an IAM user must change the password. */
  readonly passwordMaxAgeDays: number;
  /** Days for which the log of the function is kept: a number that CloudWatch Logs takes. */
  readonly retentionDays: number;
}

/** Name of the role of the function: guard-rails spare it, and let nobody else make it. */
export const MEMBER_GUARDS_ROLE = 'organization-guards';

const forAccount = { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' };
const allow = (Sid: string, Action: readonly string[], Resource: unknown = '*') => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
});

/**
 * Closes what an account leaves open by default and CloudFormation has no type for, with the function of `AccountGuards` in its own text: new volumes are
 * encrypted in each Region, no bucket of the account can be made public, passwords have a policy, and networks that AWS made and nobody uses are gone.
 *
 * New volumes take the key that AWS keeps for the account: services that start machines, such as scaling groups, could not use another one without a grant.
 *
 * @throws if the function was not bundled
 */
export function memberGuardsTemplate(props: GuardsTemplateProps): object {
  const resources: Readonly<Record<string, object>> = { ...log(props), ...guardFunction(), ...guards(props) };
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What the account would leave open by default',
    Conditions: { Guarded: { 'Fn::Not': [isOwn(props)] } },
    Resources: {
      ...nothing,
      ...Object.fromEntries(Object.entries(resources).map(([id, each]) => [id, { Condition: 'Guarded', ...each }])),
    },
  };
}

function log({ retentionDays }: GuardsTemplateProps) {
  const retain = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
  const context = { 'Fn::Sub': 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*' };
  return {
    GuardsKey: {
      Type: 'AWS::KMS::Key',
      ...retain,
      Properties: {
        Description: 'Log of what guards the account',
        EnableKeyRotation: true,
        PendingWindowInDays: 30,
        KeyPolicy: {
          Version: '2012-10-17',
          Statement: [
            { ...allow('DelegateToAccount', ['kms:*']), Principal: { AWS: forAccount } },
            {
              ...allow('EncryptLogGroups', [
                'kms:Decrypt',
                'kms:DescribeKey',
                'kms:Encrypt',
                'kms:GenerateDataKey*',
                'kms:ReEncrypt*',
              ]),
              Principal: { Service: { 'Fn::Sub': 'logs.${AWS::Region}.amazonaws.com' } },
              Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': context } },
            },
          ],
        },
      },
    },
    GuardsLog: {
      Type: 'AWS::Logs::LogGroup',
      ...retain,
      Properties: { RetentionInDays: retentionDays, KmsKeyId: { 'Fn::GetAtt': ['GuardsKey', 'Arn'] } },
    },
  };
}

function guardFunction() {
  return {
    GuardsRole: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: MEMBER_GUARDS_ROLE,
        Description: 'Sets the guards of the account, and may do nothing else',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
        Policies: [{ PolicyName: 'guard', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
      },
    },
    GuardsFunction: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Description: 'Sets the guards of the account',
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Code: { ZipFile: readFileSync(join(functionFolder('account-guards'), 'handler.js'), 'utf8') },
        Timeout: 600,
        MemorySize: 256,
        Role: { 'Fn::GetAtt': ['GuardsRole', 'Arn'] },
        LoggingConfig: { LogGroup: { Ref: 'GuardsLog' } },
      },
    },
  };
}

/** Settings of an account have no ARN. What is taken away lies in a network that AWS made, which no condition key tells from others. */
const statements = [
  allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': ['GuardsLog', 'Arn'] }),
  allow('SetAccountGuards', [
    'ec2:EnableEbsEncryptionByDefault',
    'iam:UpdateAccountPasswordPolicy',
    's3:PutAccountPublicAccessBlock',
  ]),
  allow('TakeUnusedNetworksAway', [
    'ec2:DeleteInternetGateway',
    'ec2:DeleteSubnet',
    'ec2:DeleteVpc',
    'ec2:DescribeInternetGateways',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    'ec2:DetachInternetGateway',
  ]),
];

function guards({ regions, passwordMinLength, passwordMaxAgeDays }: GuardsTemplateProps) {
  const asked = { ServiceToken: { 'Fn::GetAtt': ['GuardsFunction', 'Arn'] }, ServiceTimeout: '660', Regions: regions };
  return {
    Guards: {
      Type: 'Custom::AccountGuards',
      Properties: {
        ...asked,
        AccountId: { Ref: 'AWS::AccountId' },
        PasswordMinLength: String(passwordMinLength),
        PasswordMaxAgeDays: String(passwordMaxAgeDays),
      },
    },
    UnusedNetworks: { Type: 'Custom::UnusedNetworks', Properties: asked },
  };
}
