import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { publishTo } from './edge-alerts';
import { liveInVpc } from './function-in-vpc';
import { retentionOfAtLeast } from './log-retention';

export interface EdgeFunctionProps {
  readonly description: string;
  /** Folder of the compiled function; `handler.js` in it exports `handler`. */
  readonly folder: string;
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
}

/** A small function that watches the edge: inside the VPC, with a role, a log and an alarm of its own. */
export function edgeFunction(scope: Construct, id: string, props: EdgeFunctionProps): lambda.Function {
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
    code: lambda.Code.fromAsset(props.folder, { exclude: ['*.ts', '*.map'] }),
    environment: props.environment,
    timeout: Duration.minutes(2),
    memorySize: 256,
    role: role.withoutPolicyUpdates(),
    logGroup,
    deadLetterTopic: props.failures,
    vpc: props.vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
  });
}

function functionRole(scope: Construct, props: EdgeFunctionProps, logGroup: logs.ILogGroup): iam.Role {
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
