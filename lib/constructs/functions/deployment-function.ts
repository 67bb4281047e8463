import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { retentionOfAtLeast } from '../logging/log-retention';

export interface DeploymentFunctionProps {
  readonly description: string;
  /** `functionCode` of its folder. */
  readonly code: lambda.Code;
  /** What it may do besides writing its log. */
  readonly statements: readonly iam.PolicyStatement[];
  /** Key of its log group. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

/** Longest time that one run may take. */
export const DEPLOYMENT_TIMEOUT = Duration.minutes(10);

/**
 * A function behind a custom resource, in an account without a VPC, as those of an organization are: it calls AWS and nothing else, and only while
 * CloudFormation deploys, which waits for its answer. Its parts stand directly below the scope.
 */
export function deploymentFunction(scope: Construct, props: DeploymentFunctionProps): lambda.Function {
  const { description } = props;
  const logGroup = new logs.LogGroup(scope, 'LogGroup', {
    encryptionKey: props.logKey,
    retention: retentionOfAtLeast(props.retentionDays),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const policy = new iam.ManagedPolicy(scope, 'Policy', {
    statements: [
      new iam.PolicyStatement({
        sid: 'WriteLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
      ...props.statements,
    ],
  });
  const role = new iam.Role(scope, 'Role', {
    description,
    assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'),
    managedPolicies: [policy],
  });
  return new lambda.Function(scope, 'Function', {
    description,
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    handler: 'handler.handler',
    code: props.code,
    timeout: DEPLOYMENT_TIMEOUT,
    memorySize: 256,
    role: role.withoutPolicyUpdates(),
    logGroup,
  });
}
