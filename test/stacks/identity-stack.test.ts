import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as kms from 'aws-cdk-lib/aws-kms';
import { SignInLog } from '../../lib/constructs/identity/sign-in-log';
import { StaffDirectory } from '../../lib/constructs/identity/staff-directory';
import { userDirectoryClient } from '../../lib/constructs/identity/user-directory-client';
import { AccessLogBucket } from '../../lib/constructs/logging/access-log-bucket';
import { bucketStatements, keyNamed, only, synthesize } from './data-and-identity';

const strict = synthesize();
const relaxed = synthesize({ figures: { customerMfa: 'OPTIONAL', customerSms: true, tokenMinutes: 90 } }).identity;
const sovereign = synthesize({
  region: 'eusc-de-east-1',
  figures: { customerMfa: 'OPTIONAL', customerSms: true },
}).identity;
const pools = ['Staff', 'Customers'];

describe.each(pools)('the directory of %s', (who) => {
  const pool = () => only(strict.identity, 'AWS::Cognito::UserPool', who);
  const client = () => only(strict.identity, 'AWS::Cognito::UserPoolClient', who);

  test('demands an authenticator application and knows no text messages', () => {
    expect(pool()).toMatchObject({ MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    expect(pool()).not.toHaveProperty('SmsConfiguration');
    expect(pool()).not.toHaveProperty('DeviceConfiguration');
  });

  test('takes long passwords of all four kinds, never one of the last, and no code in their place', () => {
    expect(pool().Policies).toEqual({
      PasswordPolicy: {
        MinimumLength: 13,
        RequireLowercase: true,
        RequireUppercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
        PasswordHistorySize: 5,
        TemporaryPasswordValidityDays: 1,
      },
      SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD'] },
    });
  });

  test('is on the plan that refuses threats, and refuses them', () => {
    expect(pool()).toMatchObject({
      UserPoolTier: 'PLUS',
      UserPoolAddOns: {
        AdvancedSecurityMode: 'ENFORCED',
        AdvancedSecurityAdditionalFlows: { CustomAuthMode: 'ENFORCED' },
      },
    });
    const risk = only(strict.identity, 'AWS::Cognito::UserPoolRiskConfigurationAttachment', who);
    expect(risk).toMatchObject({
      ClientId: 'ALL',
      AccountTakeoverRiskConfiguration: {
        Actions: { HighAction: { EventAction: 'BLOCK' }, MediumAction: { EventAction: 'MFA_REQUIRED' } },
      },
      CompromisedCredentialsRiskConfiguration: {
        Actions: { EventAction: 'BLOCK' },
        EventFilter: ['SIGN_IN', 'SIGN_UP', 'PASSWORD_CHANGE'],
      },
    });
  });

  test('is encrypted with our key, protected from deletion and kept', () => {
    expect(pool()).toMatchObject({
      DeletionProtection: 'ACTIVE',
      KeyConfiguration: { KeyType: 'CUSTOMER_MANAGED_KEY', KmsKeyArn: keyNamed('IdentityKey') },
    });
    strict.identity.allResources('AWS::Cognito::UserPool', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('recovers by mail only, tells nobody who has an account and adds nobody by itself', () => {
    expect(pool()).toMatchObject({
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
      UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
      UsernameAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
    });
    expect(pool()).not.toHaveProperty('AliasAttributes');
    expect(client()).toMatchObject({ PreventUserExistenceErrors: 'ENABLED' });
  });

  test('issues short tokens by code only, replaces refresh tokens and can revoke them', () => {
    expect(client()).toMatchObject({
      AllowedOAuthFlows: ['code'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthScopes: ['openid', 'email', 'profile'],
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      SupportedIdentityProviders: ['COGNITO'],
      AccessTokenValidity: 15,
      IdTokenValidity: 15,
      RefreshTokenValidity: 60,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      EnableTokenRevocation: true,
      AuthSessionValidity: 3,
      GenerateSecret: true,
    });
  });

  test('reports its sign-ins to the bucket, once that may be written', () => {
    const [delivery] = Object.entries(strict.identity.findResources('AWS::Cognito::LogDeliveryConfiguration'))
      .filter(([id]) => id.startsWith(who))
      .map(([, resource]) => resource);
    expect(delivery?.Properties.LogConfigurations).toEqual([
      {
        EventSource: 'userAuthEvents',
        LogLevel: 'INFO',
        S3Configuration: { BucketArn: { 'Fn::GetAtt': [expect.stringMatching(/^SignInLogBucket/), 'Arn'] } },
      },
    ]);
    expect(delivery?.DependsOn).toEqual([expect.stringMatching(/^SignInLogBucketPolicy/)]);
  });
});

test('the clients return to exact addresses of their own', () => {
  expect(only(strict.identity, 'AWS::Cognito::UserPoolClient', 'Staff')).toMatchObject({
    CallbackURLs: ['https://app.example.com/staff/sign-in/callback'],
    LogoutURLs: ['https://app.example.com/staff/signed-out'],
  });
  expect(only(strict.identity, 'AWS::Cognito::UserPoolClient', 'Customers')).toMatchObject({
    CallbackURLs: ['https://app.example.com/sign-in/callback'],
    LogoutURLs: ['https://app.example.com/signed-out'],
  });
});

test('whatever holds people is marked as personal data', () => {
  strict.identity.allResourcesProperties('AWS::Cognito::UserPool', { UserPoolTags: { 'data-class': 'personal' } });
  expect(only(strict.identity, 'AWS::S3::Bucket', 'SignInLog').Tags).toEqual([
    { Key: 'data-class', Value: 'personal' },
  ]);
});

test('there is no other door: no domain, no identity provider, no identity pool, no copy elsewhere, no secret in an output', () => {
  for (const type of ['UserPoolDomain', 'UserPoolIdentityProvider', 'IdentityPool', 'UserPoolReplica']) {
    strict.identity.resourceCountIs(`AWS::Cognito::${type}`, 0);
  }
  expect(strict.identity.toJSON()).not.toHaveProperty('Outputs');
  expect(Object.keys(strict.identity.findResources('AWS::IAM::Role'))).toEqual([
    expect.stringMatching(/^LockoutCountRole/),
  ]);
});

describe('the lockout', () => {
  const counter = () => only(strict.identity, 'AWS::Lambda::Function', 'LockoutCount');

  test.each(pools)('counts for %s before a sign-in, and forgets after one', (who) => {
    const triggers = Object(only(strict.identity, 'AWS::Cognito::UserPool', who).LambdaConfig);
    const count = { 'Fn::GetAtt': [expect.stringMatching(/^LockoutCountFunction/), 'Arn'] };
    expect(triggers).toEqual({ PreAuthentication: count, PostAuthentication: count });
  });

  test('takes its figures from the profile', () => {
    expect(counter().Environment).toEqual({
      Variables: {
        LOCKOUT_FAILURES: '10',
        LOCKOUT_MINUTES: '30',
        LOCKOUT_TABLE: { Ref: expect.stringMatching(/^LockoutAttempts/) },
      },
    });
  });

  test('answers before Cognito would call again, which would count twice', () => {
    expect(counter().Timeout).toBe(5);
  });

  test('is called by the two pools and by nobody else', () => {
    const permissions = Object.values(strict.identity.findResources('AWS::Lambda::Permission'));
    expect(permissions).toHaveLength(4);
    for (const { Properties } of permissions) {
      expect(Properties).toMatchObject({
        Principal: 'cognito-idp.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [expect.stringMatching(/^(Staff|Customers)DirectoryPool/), 'Arn'] },
      });
    }
  });

  test('keeps counts encrypted with our key, recoverable and protected, and forgets them by itself', () => {
    expect(only(strict.identity, 'AWS::DynamoDB::Table')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyNamed('IdentityKey') },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 9 },
      TimeToLiveSpecification: { AttributeName: 'ends', Enabled: true },
      DeletionProtectionEnabled: true,
    });
    strict.identity.allResources('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('may change counts and read none', () => {
    const statements = JSON.parse(JSON.stringify(only(strict.identity, 'AWS::IAM::ManagedPolicy', 'Lockout')));
    expect(statements.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Action: ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^LockoutAttempts/), 'Arn'] },
      }),
    );
    expect(JSON.stringify(statements)).not.toContain('dynamodb:*');
  });
});

describe('where the profile lets customers choose', () => {
  test('customers may take a text message besides the application, from the Region of the stack', () => {
    const roleId = Object.keys(relaxed.findResources('AWS::IAM::Role')).find((id) => id.startsWith('Customers'));
    expect(only(relaxed, 'AWS::Cognito::UserPool', 'Customers')).toMatchObject({
      MfaConfiguration: 'OPTIONAL',
      EnabledMfas: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'],
      SmsConfiguration: {
        SnsRegion: 'eu-central-1',
        ExternalId: expect.stringMatching(/^.{8,}$/),
        SnsCallerArn: { 'Fn::GetAtt': [roleId, 'Arn'] },
      },
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: 'verified_email', Priority: 1 }] },
    });
    expect(only(relaxed, 'AWS::Cognito::UserPoolRiskConfigurationAttachment', 'Customers')).toMatchObject({
      AccountTakeoverRiskConfiguration: { Actions: { MediumAction: { EventAction: 'MFA_IF_CONFIGURED' } } },
    });
  });

  test('staff may still not', () => {
    const staff = only(relaxed, 'AWS::Cognito::UserPool', 'Staff');
    expect(staff).toMatchObject({ MfaConfiguration: 'ON', EnabledMfas: ['SOFTWARE_TOKEN_MFA'] });
    expect(staff).not.toHaveProperty('SmsConfiguration');
  });

  test('the sender of text messages is Cognito, for pools of this account with the external id, and to phone numbers', () => {
    const pool = only(relaxed, 'AWS::Cognito::UserPool', 'Customers');
    const role = only(relaxed, 'AWS::IAM::Role', 'Customers').AssumeRolePolicyDocument;
    expect(role).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'cognito-idp.amazonaws.com' },
          Condition: {
            StringEquals: {
              'sts:ExternalId': Object(pool.SmsConfiguration).ExternalId,
              'aws:SourceAccount': '123456789012',
            },
            ArnLike: { 'aws:SourceArn': expect.anything() },
          },
        },
      ],
    });
    expect(only(relaxed, 'AWS::IAM::ManagedPolicy', 'Customers').PolicyDocument).toMatchObject({
      Statement: [
        { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' },
        { Effect: 'Deny', Action: 'sns:Publish', Resource: { 'Fn::Join': expect.anything() } },
      ],
    });
  });

  test('a refresh token never lives for less than the token it renews', () => {
    relaxed.allResourcesProperties('AWS::Cognito::UserPoolClient', {
      AccessTokenValidity: 90,
      RefreshTokenValidity: 90,
    });
  });
});

describe('the record of sign-ins', () => {
  test('is encrypted with our key, private, and kept as long as audit logs', () => {
    expect(only(strict.identity, 'AWS::S3::Bucket', 'SignInLog')).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyNamed('LogsKey') } },
        ],
      },
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [expect.objectContaining({ ExpirationInDays: 500 })] },
      LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringMatching(/^AccessLogs/) } },
    });
  });

  test('is written by log delivery of this account and by nobody else', () => {
    const allowed = bucketStatements(strict.identity, 'SignInLog').filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toHaveLength(2);
    for (const statement of allowed) {
      expect(statement).toMatchObject({
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': '123456789012' },
          ArnLike: { 'aws:SourceArn': expect.anything() },
        },
      });
    }
  });
});

test('the keys let in the services that need them, each on a condition that names the account', () => {
  const statements = (begins: string): Record<string, unknown>[] =>
    JSON.parse(JSON.stringify(only(strict.surroundings, 'AWS::KMS::Key', begins).KeyPolicy)).Statement;
  const forServices = [...statements('LogsKey'), ...statements('IdentityKey')].filter((statement) =>
    JSON.stringify(statement.Principal).includes('Service'),
  );
  expect(forServices.map(({ Sid }) => Sid)).toEqual([
    'DeliverSignInLogs',
    'DescribeForUserPools',
    'EncryptUserPools',
    'EncryptExportedSignIns',
    'DecryptExportedSignIns',
  ]);
  for (const statement of forServices) {
    expect(JSON.stringify(statement.Condition)).toContain('123456789012');
  }
});

test('the stack fits both partitions', () => {
  expect(JSON.stringify(relaxed.toJSON())).not.toContain('arn:aws');
  expect(JSON.stringify(sovereign.toJSON())).not.toContain('arn:aws');
  expect(Object(only(sovereign, 'AWS::Cognito::UserPool', 'Customers').SmsConfiguration).SnsRegion).toBe(
    'eusc-de-east-1',
  );
});

test.each([0, -1, 2.5])('fails for a lockout after %p attempts', (lockoutFailures) => {
  expect(() => synthesize({ figures: { lockoutFailures } })).toThrow(/whole number of at least 1: change failures/);
});

describe('the constructs alone', () => {
  const given = () => {
    const stack = new Stack(new App(), 'Somebody');
    const key = new kms.Key(stack, 'Key', { enableKeyRotation: true });
    const accessLogs = new AccessLogBucket(stack, 'AccessLogs', { retentionDays: 90 }).bucket;
    const signInLog = new SignInLog(stack, 'SignIns', { key, retentionDays: 90, accessLogs });
    return { stack, key, signInLog };
  };
  const staff = (passwordMinLength: number) => {
    const { stack, key, signInLog } = given();
    new StaffDirectory(stack, 'Staff', {
      domainName: 'a.example',
      passwordMinLength,
      tokenMinutes: 10,
      key,
      signInLog,
    });
    return Template.fromStack(stack);
  };

  test('a directory and its key live in one stack without a circle', () => {
    staff(8).hasResourceProperties('AWS::Cognito::UserPoolClient', {
      AccessTokenValidity: 10,
      RefreshTokenValidity: 60,
    });
  });

  test.each([7, 100, Number.NaN])('fails for passwords of %p characters', (characters) => {
    expect(() => staff(characters)).toThrow(/choose 8.* to 99/);
  });

  const client = (overrides: Partial<Parameters<typeof userDirectoryClient>[2]>) => () =>
    userDirectoryClient(new Stack(), 'Client', {
      userPool: cognito.UserPool.fromUserPoolId(new Stack(), 'Pool', 'eu-central-1_example'),
      callbackUrl: 'https://a.example/back',
      logoutUrl: 'https://a.example/out',
      tokenMinutes: 15,
      ...overrides,
    });

  test.each(['http://a.example/back', 'https://*.example/back', 'myapp://back'])(
    'fails for the address %p',
    (callbackUrl) => {
      expect(client({ callbackUrl })).toThrow(/one exact address that begins with https/);
    },
  );

  test.each([4, 1441, 15.5])('fails for tokens of %p minutes', (tokenMinutes) => {
    expect(client({ tokenMinutes })).toThrow(/5 to 1440/);
  });
});
