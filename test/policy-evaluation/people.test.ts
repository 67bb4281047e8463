import { Template } from 'aws-cdk-lib/assertions';
import { memberBaselineTemplate } from '../../lib/constructs/organization/member-baseline-template';
import { type Document, decide } from './evaluate';
import { organization } from './guard-rails';

const account = '333333333333';
const template = Template.fromStack(organization().governance);

interface Baseline {
  readonly Resources: {
    readonly PeopleBoundary: {
      readonly Properties: { readonly PolicyDocument: Document; readonly ManagedPolicyName: string };
    };
  };
}

/** What a person may do: the policies of the set, everything that a policy of AWS might add, and the boundary below both. */
function decideFor(set: string, action: string, resource = '*', addedByAws = false) {
  const owner = /^arn:aws:iam::(\d{12}):/.exec(resource)?.[1];
  const [found] = Object.values(template.findResources('AWS::SSO::PermissionSet', { Properties: { Name: set } }));
  const inline: Document | undefined = found?.Properties.InlinePolicy;
  const all: Document = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const bounded = found?.Properties.PermissionsBoundary !== undefined;
  const principal = {
    arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${set}_0`,
    account,
  };
  return decide(
    { principal, action, resource, context: owner === undefined ? {} : { 'aws:resourceaccount': owner } },
    {
      identity: [...(inline ? [inline] : []), ...(addedByAws ? [all] : [])],
      boundary: bounded ? boundary() : undefined,
    },
  );
}

function boundary(): Document {
  const [stackSet] = Object.values(template.findResources('AWS::CloudFormation::StackSet'));
  const body: Baseline = JSON.parse(stackSet?.Properties.TemplateBody);
  return body.Resources.PeopleBoundary.Properties.PolicyDocument;
}

test('who deploys takes on the roles of the CDK in the account entered, and no others', () => {
  const assume = (arn: string) => decideFor('Deployer', 'sts:AssumeRole', arn).allowed;
  expect(assume(`arn:aws:iam::${account}:role/cdk-hnb659fds-deploy-role-${account}-eu-central-1`)).toBe(true);
  expect(assume('arn:aws:iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-eu-central-1')).toBe(false);
  expect(assume(`arn:aws:iam::${account}:role/production-Application-Task`)).toBe(false);
  expect(decideFor('Deployer', 'cloudformation:DescribeStackEvents').allowed).toBe(true);
  expect(decideFor('Deployer', 'cloudformation:DeleteStack').allowed).toBe(false);
});

test.each([
  'iam:CreateRole',
  'iam:PutRolePolicy',
  'iam:PassRole',
  'iam:DeleteRolePermissionsBoundary',
  'iam:UpdateAssumeRolePolicy',
  'kms:PutKeyPolicy',
  'kms:Decrypt',
  'organizations:DetachPolicy',
  'sso:CreateAccountAssignment',
  's3:GetObject',
  's3:GetObjectVersion',
  'secretsmanager:GetSecretValue',
  'dynamodb:Scan',
  'rds-data:ExecuteStatement',
])('nobody outside an emergency may %s, whatever else their policies allow', (action) => {
  for (const set of ['Deployer', 'Operator', 'Auditor']) {
    expect([set, decideFor(set, action, '*', true).allowed]).toEqual([set, false]);
  }
});

test.each(['logs:FilterLogEvents', 'ecs:UpdateService', 'cloudwatch:GetMetricData', 'iam:GetRole', 's3:ListBucket'])(
  'who runs the service may %s',
  (action) => {
    expect(decideFor('Operator', action, '*', true).allowed).toBe(true);
  },
);

test('sessions are short: an hour where the account can be changed, four elsewhere', () => {
  const sets = Object.values(template.findResources('AWS::SSO::PermissionSet'));
  expect(Object.fromEntries(sets.map(({ Properties: { Name, SessionDuration } }) => [Name, SessionDuration]))).toEqual({
    Auditor: 'PT4H',
    BreakGlass: 'PT1H',
    Deployer: 'PT1H',
    Operator: 'PT4H',
  });
});

test('every set is assigned to its own group in each account but the one that manages them', () => {
  const assignments = Object.values(template.findResources('AWS::SSO::Assignment'));
  expect(new Set(assignments.map(({ Properties: { TargetId } }) => TargetId))).toEqual(
    new Set(['111111111111', '222222222222', '333333333333', '555555555555']),
  );
  expect(assignments).toHaveLength(16);
  expect(new Set(assignments.map(({ Properties: { PrincipalId } }) => PrincipalId)).size).toBe(4);
});

test('the boundary that the sets name is the one that the baseline makes', () => {
  const body = memberBaselineTemplate({
    boundaryName: 'b',
    vaultName: 'v',
    backupRoleName: 'r',
    backupDays: 30,
  }) as unknown as Baseline;
  expect(body.Resources.PeopleBoundary.Properties.ManagedPolicyName).toBe('b');
  template.hasResourceProperties('AWS::SSO::PermissionSet', {
    PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'people-boundary', Path: '/' } },
  });
});
