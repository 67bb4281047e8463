import { Tags } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { SignInLockout } from './sign-in-lockout';
import type { SignInLog } from './sign-in-log';
import { UserDirectory } from './user-directory';
import { userDirectoryClient } from './user-directory-client';

export interface CustomerDirectoryProps {
  /** Domain of the application, such as `app.example.com`. */
  readonly domainName: string;
  /** Whether customers must use a second factor (`ON`) or may (`OPTIONAL`). */
  readonly mfa: 'ON' | 'OPTIONAL';
  /**
   * Whether a text message may be the second factor, besides an authenticator application.
   *
   * @default false
   */
  readonly textMessages?: boolean;
  /** Characters of a password, 8 to 99, at least. */
  readonly passwordMinLength: number;
  /** Minutes for which an access or ID token is valid, 5 to 1440. */
  readonly tokenMinutes: number;
  /**
   * Whether customers may create an account directly at Cognito, which tells anyone who tries whether an address has one.
   *
   * @default false - the application creates accounts and answers the same for every address
   */
  readonly selfSignUp?: boolean;
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

/** The people whom the application serves. Everyone can use an authenticator application; whether everyone must is a figure. */
export class CustomerDirectory extends Construct {
  readonly userPool: cognito.UserPool;
  readonly client: cognito.UserPoolClient;

  constructor(scope: Construct, id: string, props: CustomerDirectoryProps) {
    super(scope, id);
    this.userPool = new UserDirectory(this, 'Directory', {
      mfa: props.mfa,
      textMessages: props.textMessages ?? false,
      selfSignUp: props.selfSignUp ?? false,
      passwordMinLength: props.passwordMinLength,
      key: props.key,
      signInLog: props.signInLog,
      lockout: props.lockout,
      email: props.email,
    }).userPool;
    // Says whom the pool holds: what staff must do and what customers are offered differs
    Tags.of(this.userPool).add('avouch:audience', 'customers');
    this.client = userDirectoryClient(this, 'Client', {
      userPool: this.userPool,
      callbackUrl: `https://${props.domainName}/sign-in/callback`,
      logoutUrl: `https://${props.domainName}/signed-out`,
      tokenMinutes: props.tokenMinutes,
    });
  }
}
