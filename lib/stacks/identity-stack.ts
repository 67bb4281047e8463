import { Stack } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { CustomerDirectory } from '../constructs/identity/customer-directory';
import { SignInLockout } from '../constructs/identity/sign-in-lockout';
import { SignInLog } from '../constructs/identity/sign-in-log';
import { StaffDirectory } from '../constructs/identity/staff-directory';
import { AccessLogBucket } from '../constructs/logging/access-log-bucket';
import type { EnvironmentStackProps } from './environment-stack-props';

export interface IdentityStackProps extends EnvironmentStackProps {
  readonly keys: {
    readonly identity: kms.IKey;
    readonly logs: kms.IKey;
  };
  /**
   * Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write.
   *
   * @default - an access log bucket of this stack
   */
  readonly accessLogs?: s3.IBucket;
  /** VPC from whose private subnets the functions of the sign-in reach AWS. */
  readonly vpc: ec2.IVpc;
  /** Hears of functions that failed. */
  readonly alerts: sns.ITopic;
}

/** Who may sign in: staff and customers, each in a directory of their own, and the record of their sign-ins. */
export class IdentityStack extends Stack {
  readonly staff: StaffDirectory;
  readonly customers: CustomerDirectory;
  readonly signInLog: SignInLog;
  /** Refuses who tries an account that is locked. */
  readonly lockout: lambda.IFunction;

  constructor(scope: Construct, id: string, props: IdentityStackProps) {
    super(scope, id, props);
    const { figures, keys, settings } = props;
    const retentionDays = figures.auditRetentionDays;

    this.signInLog = new SignInLog(this, 'SignInLog', {
      key: keys.logs,
      retentionDays,
      accessLogs: props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays }).bucket,
    });
    const lockout = new SignInLockout(this, 'Lockout', {
      failures: figures.lockoutFailures,
      minutes: figures.lockoutMinutes,
      pitrDays: figures.pitrDays,
      key: keys.identity,
      vpc: props.vpc,
      logKey: keys.logs,
      retentionDays,
      failureTopic: props.alerts,
    });
    this.lockout = lockout.function;
    const directory = {
      domainName: settings.domainName,
      passwordMinLength: figures.passwordMinLength,
      tokenMinutes: figures.tokenMinutes,
      key: keys.identity,
      signInLog: this.signInLog,
      lockout,
    };
    this.staff = new StaffDirectory(this, 'Staff', directory);
    this.customers = new CustomerDirectory(this, 'Customers', {
      ...directory,
      mfa: figures.customerMfa,
      textMessages: figures.customerSms,
    });
  }
}
