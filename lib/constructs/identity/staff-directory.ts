import { Tags } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { SignInLockout } from './sign-in-lockout';
import type { SignInLog } from './sign-in-log';
import { UserDirectory } from './user-directory';
import { userDirectoryClient } from './user-directory-client';

export interface StaffDirectoryProps {
  /** Domain of the application, such as `app.example.com`. Staff sign in under `/staff`. */
  readonly domainName: string;
  /** Characters of a password, 8 to 99, at least. */
  readonly passwordMinLength: number;
  /** Minutes for which an access or ID token is valid, 5 to 1440. */
  readonly tokenMinutes: number;
  /** Key that encrypts the people in the directory. */
  readonly key: kms.IKey;
  /** Where sign-ins are recorded. */
  readonly signInLog: SignInLog;
  /**
   * Locks accounts after too many attempts to sign in.
   *
   * @default - Cognito alone, which makes whoever fails wait for seconds to minutes
   */
  readonly lockout?: SignInLockout;
  /**
   * Who sends the mail.
   *
   * @default - Cognito itself
   */
  readonly email?: cognito.UserPoolEmail;
}

/**
 * The people who work for us: added by an administrator, never without an authenticator application, never by text message. Kept apart
 * from customers, so that no setting for customers can weaken theirs.
 */
export class StaffDirectory extends Construct {
  readonly userPool: cognito.UserPool;
  readonly client: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, props: StaffDirectoryProps) {
    super(scope, id);
    this.userPool = new UserDirectory(this, 'Directory', {
      mfa: 'ON',
      textMessages: false,
      selfSignUp: false,
      passwordMinLength: props.passwordMinLength,
      key: props.key,
      signInLog: props.signInLog,
      lockout: props.lockout,
      email: props.email,
    }).userPool;
    // Says whom the pool holds: what staff must do and what customers are offered differs
    Tags.of(this.userPool).add('avouch:audience', 'staff');
    this.client = userDirectoryClient(this, 'Client', {
      userPool: this.userPool,
      callbackUrl: `https://${props.domainName}/staff/sign-in/callback`,
      logoutUrl: `https://${props.domainName}/staff/signed-out`,
      tokenMinutes: props.tokenMinutes,
    });
  }
}
