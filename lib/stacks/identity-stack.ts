import { Stack } from 'aws-cdk-lib';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { AccessLogBucket } from '../constructs/access-log-bucket';
import { CustomerDirectory } from '../constructs/customer-directory';
import { SignInLog } from '../constructs/sign-in-log';
import { StaffDirectory } from '../constructs/staff-directory';
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
}

/** Who may sign in: staff and customers, each in a directory of their own, and the record of their sign-ins. */
export class IdentityStack extends Stack {
  readonly staff: StaffDirectory;
  readonly customers: CustomerDirectory;
  readonly signInLog: SignInLog;

  constructor(scope: Construct, id: string, props: IdentityStackProps) {
    super(scope, id, props);
    const { figures, keys, settings } = props;
    const retentionDays = figures.auditRetentionDays;

    this.signInLog = new SignInLog(this, 'SignInLog', {
      key: keys.logs,
      retentionDays,
      accessLogs: props.accessLogs ?? new AccessLogBucket(this, 'AccessLogs', { retentionDays }).bucket,
    });
    const directory = {
      domainName: settings.domainName,
      passwordMinLength: figures.passwordMinLength,
      tokenMinutes: figures.tokenMinutes,
      key: keys.identity,
      signInLog: this.signInLog,
    };
    this.staff = new StaffDirectory(this, 'Staff', directory);
    this.customers = new CustomerDirectory(this, 'Customers', {
      ...directory,
      mfa: figures.customerMfa,
      textMessages: figures.customerSms,
    });
  }
}
