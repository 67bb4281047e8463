import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { publishTo } from '../alerts/alert-topic';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface FunctionInVpcProps {
  readonly description: string;
  /** `functionCode` of its folder. */
  readonly code: lambda.Code;
  /** What the function needs to know. Never a secret. */
  readonly environment: Record<string, string>;
  /** What it may do besides writing its log. */
  readonly statements: readonly iam.PolicyStatement[];
  /** VPC in whose private subnets it runs, so that the way out is the one that everything takes. */
  readonly vpc: ec2.IVpc;
  /** Key of its log group. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of an event that the function failed on three times. */
  readonly failures: sns.ITopic;
  /**
   * How long one run may take.
   *
   * @default Duration.minutes(2)
   */
  readonly timeout?: Duration;
  /**
   * MiB of memory.
   *
   * @default 256
   */
  readonly memorySize?: number;
}

/** A small function inside the VPC, with a role, a log and an alarm of its own: what most functions of the house are. */
export function functionInVpc(scope: Construct, id: string, props: FunctionInVpcProps): lambda.Function {
  const place = new Construct(scope, id);
  const logGroup = new logs.LogGroup(place, 'LogGroup', {
    encryptionKey: props.logKey,
    retention: retentionOfAtLeast(props.retentionDays),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const securityGroup = new ec2.SecurityGroup(place, 'SecurityGroup', {
    vpc: props.vpc,
    description: 'HTTPS out of a function',
    allowAllOutbound: false,
  });
  securityGroup.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'HTTPS through the way out that is filtered');
  const role = functionRole(place, props, logGroup);
  return new lambda.Function(place, 'Function', {
    description: props.description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'handler.handler',
    code: props.code,
    environment: props.environment,
    timeout: props.timeout ?? Duration.minutes(2),
    memorySize: props.memorySize ?? 256,
    role: role.withoutPolicyUpdates(),
    logGroup,
    deadLetterTopic: props.failures,
    vpc: props.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
  });
}

function functionRole(scope: Construct, props: FunctionInVpcProps, logGroup: logs.ILogGroup): iam.Role {
  const allow = (sid: string, actions: string[], resource: string) =>
    new iam.PolicyStatement({ sid, actions, resources: [resource] });
  const policy = new iam.ManagedPolicy(scope, 'Policy', {
    statements: [
      allow('WriteLog', ['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
      ...publishTo(props.failures),
      ...props.statements,
      liveInVpc(),
    ],
  });
  return new iam.Role(scope, 'Role', {
    description: props.description,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [policy],
  });
}

/**
 * What Lambda does with a function's own role to attach the function to a VPC: make and remove its network interfaces. They have no ARN before
 * they exist, so the statement names none.
 *
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function liveInVpc(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'LiveInTheVpc',
    actions: [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ],
    resources: ['*'],
  });
}
