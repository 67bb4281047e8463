import { addBeside, type ControlCases, change, remove, removeResource, set } from '../../../lib/control/cases';
import { isObject, type Json } from '../../../lib/template/parse';

const policy = 'AWS::Organizations::Policy';
const accounts = ['111122223333', '222233334444', '333344445555'];
const three = 'three environments in accounts of their own';

const separation = (account: string) => ({
  Type: policy,
  Properties: {
    Name: `environment-${account}`,
    Type: 'SERVICE_CONTROL_POLICY',
    TargetIds: [account],
    Content: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: ['*'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceAccount': accounts.filter((each) => each !== account) } },
        },
      ],
    },
  },
});

const organization = {
  Development: separation('111122223333'),
  Staging: separation('222233334444'),
  Production: separation('333344445555'),
};

/** The first statement of a policy's content. */
function statementOf(properties: Json): Json {
  const content = properties.Content;
  const [statement]: unknown[] = isObject(content) && Array.isArray(content.Statement) ? content.Statement : [];
  if (!isObject(statement)) {
    throw new Error('the policy has no statement');
  }
  return statement;
}

const separates = (resource: Json) => JSON.stringify(resource).includes('aws:ResourceAccount');

export const cases: ControlCases = {
  compliant: {
    [three]: { template: { Resources: { ...organization, Files: { Type: 'AWS::S3::Bucket' } } } },
  },
  mutations: [
    {
      name: 'there is no third environment',
      of: three,
      edit: removeResource(policy),
      target: 'Production',
      expect: { message: 'tooFew', at: '' },
      shippedWhere: separates,
    },
    {
      name: 'staging shares the account of development',
      of: three,
      edit: set(policy, 'TargetIds.0', '111122223333'),
      target: 'Staging',
      expect: { message: 'tooFew', at: '' },
      notShipped: 'the accounts of the project are others: the edit before moves one of them out all the same',
    },
    {
      name: 'production is kept apart from nothing',
      of: three,
      edit: remove(policy, 'TargetIds'),
      target: 'Production',
      expect: { message: 'tooFew', at: '' },
      shippedWhere: separates,
    },
    {
      name: 'development may reach production',
      of: three,
      edit: change(policy, (properties) => {
        const condition = statementOf(properties).Condition;
        const block = isObject(condition) && isObject(condition.StringEquals) ? condition.StringEquals : {};
        block['aws:ResourceAccount'] = (block['aws:ResourceAccount'] as string[]).slice(0, 1);
      }),
      target: 'Development',
      expect: { message: 'together' },
      shippedWhere: separates,
    },
    {
      name: 'only some actions are kept apart',
      of: three,
      edit: change(policy, (properties) => {
        statementOf(properties).Action = ['s3:*'];
      }),
      target: 'Production',
      expect: { message: 'tooFew', at: '' },
      shippedWhere: separates,
    },
    {
      name: 'a second condition leaves a way between them',
      of: three,
      edit: change(policy, (properties) => {
        const statement = statementOf(properties);
        statement.Condition = { ...(statement.Condition as Json), Bool: { 'aws:PrincipalIsAWSService': 'false' } };
      }),
      target: 'Production',
      expect: { message: 'tooFew', at: '' },
      shippedWhere: separates,
    },
    {
      name: 'a policy of an environment lets in a role of another',
      of: three,
      edit: addBeside(policy, 'Role', () => ({
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::333344445555:root' } },
              },
            ],
          },
        },
      })),
      target: 'Development',
      expect: { message: 'crosses', at: 'Role' },
      notShipped:
        'it would stand beside the guard-rails, in the management account, which is no environment: tried below',
    },
    {
      name: 'the networks of two environments are joined',
      of: three,
      edit: addBeside(policy, 'Peering', () => ({
        Type: 'AWS::EC2::VPCPeeringConnection',
        Properties: { VpcId: 'vpc-1', PeerVpcId: 'vpc-2', PeerRegion: 'eu-central-1' },
      })),
      target: 'Development',
      expect: { message: 'peered', at: 'Peering' },
      notShipped: 'it would stand beside the guard-rails, in the management account, which is no environment',
    },
  ],
  others: [
    {
      name: 'two are enough where a profile promises two',
      figures: { 'delivery.environments': 2 },
      template: { Resources: { Development: organization.Development, Staging: organization.Staging } },
      expect: { '': 'satisfied' },
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
      name: 'a peering connection is not assessed where nothing says which accounts are environments',
      template: { Resources: { Peering: { Type: 'AWS::EC2::VPCPeeringConnection', Properties: {} } } },
      presentOnly: true,
      expect: { Peering: 'not-assessed' },
    },
    {
      name: 'a guard-rail of another kind keeps nothing apart',
      template: {
        Resources: {
          ...organization,
          Other: {
            Type: policy,
            Properties: { Type: 'RESOURCE_CONTROL_POLICY', Content: { Statement: [] }, TargetIds: ['r-abcd'] },
          },
        },
      },
      expect: { Other: 'not-applicable', '': 'satisfied' },
    },
    {
      name: 'an account hidden behind a parameter is not assessed',
      template: {
        Parameters: { Account: { Type: 'String' } },
        Resources: {
          ...organization,
          Production: {
            ...organization.Production,
            Properties: { ...organization.Production.Properties, TargetIds: [{ Ref: 'Account' }] },
          },
        },
      },
      expect: { Production: 'not-assessed' },
    },
  ],
};
