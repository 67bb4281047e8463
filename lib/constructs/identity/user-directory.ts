import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { SignInLockout } from './sign-in-lockout';
import type { SignInLog } from './sign-in-log';
import { TextMessageRole } from './text-message-role';
import { letUserPoolsUse } from './user-directory-key';

export interface UserDirectoryProps {
  /** Whether a second factor is demanded (`ON`) or offered (`OPTIONAL`). */
  readonly mfa: 'ON' | 'OPTIONAL';
  /** Whether a text message may be the second factor, besides an authenticator application. */
  readonly textMessages: boolean;
  /** Characters of a password, 8 to 99, at least. */
  readonly passwordMinLength: number;
  /**
   * Whether people may create their own account directly at Cognito. Its answer to an address that exists already tells so to anyone
   * who asks, whatever the client is set to.
   *
   * @default false
   */
  readonly selfSignUp?: boolean;
  /** Key that encrypts the people in the pool, in the same Region. */
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
   * Who sends the mail. With SES the identity must be verified first, and in a Region of the European Union.
   *
   * @default - Cognito itself, from the Region of the pool, some fifty a day
   */
  readonly email?: cognito.UserPoolEmail;
}

/**
 * A Cognito user pool that keeps people apart from strangers: password and authenticator application, stolen passwords and risky
 * sign-ins refused, recovery by mail only, encrypted with our key, not deletable by a slip.
 *
 * What is not here is on purpose. No domain: its sign-in pages accept TLS 1.2 on an address of Cognito's. No identity provider: the second
 * factor of a pool is not asked of people who sign in elsewhere. No device memory: a remembered device is let off the second factor.
 *
 * @throws if `passwordMinLength` is outside 8 to 99
 */
export class UserDirectory extends Construct {
  readonly userPool: cognito.UserPool;

  constructor(scope: Construct, id: string, props: UserDirectoryProps) {
    super(scope, id);
    checkPasswordLength(props.passwordMinLength);

    this.userPool = new cognito.UserPool(this, 'Pool', {
      ...secondFactor(this, props),
      ...passwords(props),
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      autoVerify: { email: true },
      // A new address counts only once it is verified; until then the old one signs in and recovers
      keepOriginal: { email: true },
      accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
      selfSignUpEnabled: props.selfSignUp ?? false,
      email: props.email ?? cognito.UserPoolEmail.withCognito(),
      featurePlan: cognito.FeaturePlan.PLUS,
      standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
      customThreatProtectionMode: cognito.CustomThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    encryptWith(this.userPool, props.key);
    refuseRisk(this.userPool, props.mfa);
    props.signInLog.receiveFrom(this.userPool);
    props.lockout?.guard(this.userPool);
    Tags.of(this).add('data-class', 'personal');
  }
}

function secondFactor(scope: Construct, { mfa, textMessages }: UserDirectoryProps): Partial<cognito.UserPoolProps> {
  const settings = {
    mfa: mfa === 'ON' ? cognito.Mfa.REQUIRED : cognito.Mfa.OPTIONAL,
    // Said in full: left out, the factor would be text messages and nothing else
    mfaSecondFactor: { otp: true, sms: textMessages, email: false },
  };
  if (!textMessages) {
    return { ...settings, enableSmsRole: false };
  }
  const sender = new TextMessageRole(scope, 'TextMessages');
  return {
    ...settings,
    smsRole: sender.role,
    smsRoleExternalId: sender.externalId,
    // Left out, Cognito may send from another Region
    snsRegion: Stack.of(scope).region,
  };
}

function passwords({ passwordMinLength }: UserDirectoryProps): Partial<cognito.UserPoolProps> {
  return {
    passwordPolicy: {
      minLength: passwordMinLength,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      passwordHistorySize: 5,
      tempPasswordValidity: Duration.days(1),
    },
    // A code by mail or text message as the first factor would stand in for the password
    signInPolicy: { allowedFirstAuthFactors: { password: true, passkey: false, emailOtp: false, smsOtp: false } },
  };
}

function checkPasswordLength(characters: number): void {
  if (!Number.isInteger(characters) || characters < 8 || characters > 99) {
    throw new Error(
      `a password cannot be required to have ${characters} characters: choose 8, the least that is safe to ask, to 99, the most that Cognito takes`,
    );
  }
}

function encryptWith(userPool: cognito.UserPool, key: kms.IKey): void {
  const resource = userPool.node.defaultChild;
  if (!(resource instanceof cognito.CfnUserPool)) {
    throw new Error(`user pool '${userPool.node.path}' has no user pool resource to encrypt`);
  }
  letUserPoolsUse(key, userPool);
  resource.keyConfiguration = { keyType: 'CUSTOMER_MANAGED_KEY', kmsKeyArn: key.keyArn };
}

/**
 * A password known from a leak is refused wherever it is used, a sign-in of high risk as well; medium risk costs a second factor. Nobody
 * is notified by Cognito: that needs a verified SES identity, and the sign-in log holds the same.
 */
function refuseRisk(userPool: cognito.UserPool, mfa: 'ON' | 'OPTIONAL'): void {
  new cognito.CfnUserPoolRiskConfigurationAttachment(userPool, 'Risk', {
    userPoolId: userPool.userPoolId,
    clientId: 'ALL',
    accountTakeoverRiskConfiguration: {
      actions: {
        lowAction: { eventAction: 'NO_ACTION', notify: false },
        mediumAction: { eventAction: mfa === 'ON' ? 'MFA_REQUIRED' : 'MFA_IF_CONFIGURED', notify: false },
        highAction: { eventAction: 'BLOCK', notify: false },
      },
    },
    compromisedCredentialsRiskConfiguration: {
      actions: { eventAction: 'BLOCK' },
      eventFilter: ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'],
    },
  });
}
