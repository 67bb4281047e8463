import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';

export interface SignInLockoutProps {
  /** Attempts to sign in without success, after which an account is locked. */
  readonly failures: number;
  /** Minutes for which it stays locked. */
  readonly minutes: number;
  /** Days for which the counts can be restored, 1 to 35. */
  readonly pitrDays: number;
  /** Key that encrypts the counts. Its policy must let DynamoDB of this account use it. */
  readonly key: kms.IKey;
  /** VPC whose private subnets reach DynamoDB. */
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
  /** Hears of a function that failed for good. */
  readonly failureTopic: sns.ITopic;
}

/**
 * Locks an account of a user pool for a time, after too many attempts to sign in without success.
 *
 * It counts what begins and forgets it when it succeeds, because Cognito calls nobody when a password is wrong. What it does not see: a
 * sign-in at another provider, the renewal of a session, and each single code of a second factor or of a new password. Those Cognito
 * slows down by itself, from the fifth on. Whoever knows a name can lock it, so the lock ends by itself, and a firewall limits how
 * often one address may try.
 *
 * Sources: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html and
 * https://docs.aws.amazon.com/cognito/latest/developerguide/authentication.html#authentication-flow-lockout-behavior
 */
export class SignInLockout extends Construct {
  readonly table: dynamodb.ITable;
  readonly function: lambda.Function;

  constructor(scope: Construct, id: string, props: SignInLockoutProps) {
    super(scope, id);
    check(props);
    const table = new dynamodb.Table(this, 'Attempts', {
      partitionKey: { name: 'account', type: dynamodb.AttributeType.STRING },
      billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
      encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.key,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: props.pitrDays,
      },
      timeToLiveAttribute: 'ends',
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.table = table;
    Tags.of(table).add('data-class', 'personal');
    Tags.of(table).add('retention', 'sign-in-attempts');
    this.function = functionInVpc(this, 'Count', {
      description: 'Locks accounts after too many attempts to sign in',
      code: functionCode('sign-in-lockout'),
      environment: {
        LOCKOUT_FAILURES: String(props.failures),
        LOCKOUT_MINUTES: String(props.minutes),
        LOCKOUT_TABLE: table.tableName,
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'CountAttempts',
          actions: ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
          resources: [table.tableArn],
        }),
        new iam.PolicyStatement({
          sid: 'EncryptCounts',
          actions: [
            'kms:Decrypt',
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:GenerateDataKey',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
          ],
          resources: [props.key.keyArn],
        }),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.failureTopic,
      // Cognito waits for no more, and then calls again, which would count twice
      timeout: Duration.seconds(5),
    });
  }

  /** Counts the attempts to sign in to a user pool of the same stack. */
  guard(userPool: cognito.UserPool): void {
    userPool.addTrigger(cognito.UserPoolOperation.PRE_AUTHENTICATION, this.function);
    userPool.addTrigger(cognito.UserPoolOperation.POST_AUTHENTICATION, this.function);
  }
}

function check(props: SignInLockoutProps): void {
  for (const name of ['failures', 'minutes'] as const) {
    if (!Number.isInteger(props[name]) || props[name] < 1) {
      throw new Error(`${name} of a lockout is ${props[name]}, expected a whole number of at least 1: change ${name}`);
    }
  }
}
