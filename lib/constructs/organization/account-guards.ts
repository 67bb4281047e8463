import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { liveInVpc } from '../functions/function-in-vpc';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface AccountGuardsProps {
  /** VPC whose default security group is closed, and from whose private subnets the guards are set. */
  readonly vpc: ec2.Vpc;
  /** Key of the function's log group. */
  readonly logKey: kms.IKey;
  /**
   * How long the log is kept, at least.
   *
   * @default Duration.days(731)
   */
  readonly retention?: Duration;
  /**
   * Characters of an IAM user's password, at least.
   *
   * @default 14
   */
  readonly passwordMinLength?: number;
  /**
   * After how long an IAM user must change the password.
   *
   * @default Duration.days(90)
   */
  readonly passwordMaxAge?: Duration;
}

/**
 * Closes what an account leaves open by default and CloudFormation has no type for: new EBS volumes are encrypted, no bucket of
 * the account can be made public, passwords of IAM users have a policy, and the VPC's default security group has no rules. One
 * small function sets all four while the stack is deployed, and the deployment fails if one cannot be set. Sharing of EBS snapshots has a type,
 * and is blocked here too.
 *
 * The guards are set once per deployment that changes them; AWS Config watches that they stay.
 */
export class AccountGuards extends Construct {
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: AccountGuardsProps) {
    super(scope, id);
    const { account } = Stack.of(this);
    new ec2.CfnSnapshotBlockPublicAccess(this, 'SnapshotSharing', { state: 'block-all-sharing' });
    this.function = guardFunction(this, props);
    const guards = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::AccountGuards',
      serviceToken: this.function.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: {
        AccountId: account,
        PasswordMinLength: props.passwordMinLength ?? 14,
        PasswordMaxAgeDays: (props.passwordMaxAge ?? Duration.days(90)).toDays(),
      },
    });
    // Type and place are those of CDK's own resource for this, so that readers and checkers of templates know it
    const group = new CustomResource(props.vpc, 'RestrictDefaultSecurityGroupCustomResource', {
      resourceType: 'Custom::VpcRestrictDefaultSG',
      serviceToken: this.function.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { DefaultSecurityGroupId: props.vpc.vpcDefaultSecurityGroup, Account: account },
    });
    // IAM has no endpoint inside the VPC: the way out must be there first
    const { internetConnectivityEstablished } = props.vpc.selectSubnets({
      subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS,
    });
    guards.node.addDependency(internetConnectivityEstablished);
    group.node.addDependency(internetConnectivityEstablished);
  }
}

function guardFunction(scope: Construct, props: AccountGuardsProps): lambda.Function {
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    encryptionKey: props.logKey,
    retention: retentionOfAtLeast((props.retention ?? Duration.days(731)).toDays()),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const securityGroup = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc: props.vpc,
    description: 'HTTPS from the account guards to AWS',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS to AWS');
  return new lambda.Function(scope, 'Function', {
    description: 'Sets the guards of the account',
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'handler.handler',
    code: functionCode('account-guards'),
    timeout: Duration.minutes(2),
    memorySize: 256,
    role: guardRole(scope, props.vpc, logGroup),
    logGroup,
    vpc: props.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
  });
}

function guardRole(scope: Construct, vpc: ec2.Vpc, logGroup: logs.ILogGroup): iam.Role {
  const defaultGroup = Stack.of(scope).formatArn({
    service: 'ec2',
    resource: 'security-group',
    resourceName: vpc.vpcDefaultSecurityGroup,
  });
  const policy = new iam.ManagedPolicy(scope, 'Policy', {
    statements: [
      allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      allow('CloseDefaultGroup', ['ec2:RevokeSecurityGroupEgress', 'ec2:RevokeSecurityGroupIngress'], defaultGroup),
      // Not one of these can be limited to a resource: https://docs.aws.amazon.com/service-authorization/latest/reference/
      allow(
        'SetAccountGuards',
        [
          'ec2:DescribeSecurityGroupRules',
          'ec2:EnableEbsEncryptionByDefault',
          'iam:UpdateAccountPasswordPolicy',
          's3:PutAccountPublicAccessBlock',
        ],
        '*',
      ),
      liveInVpc(),
    ],
  });
  return new iam.Role(scope, 'Role', {
    description: 'Sets the guards of the account, and may do nothing else',
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [policy],
  });
}

function allow(sid: string, actions: string[], resource: string): iam.PolicyStatement {
  return new iam.PolicyStatement({ sid, actions, resources: [resource] });
}
