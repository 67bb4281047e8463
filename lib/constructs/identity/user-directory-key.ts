import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/**
 * Lets Cognito encrypt the people in the user pools of an account and Region with a key, and nothing else with it. Two services keep
 * the people of a pool; one more carries its sign-in records.
 *
 * The statements name the account's user pools and not one pool: a pool names its key already, so a key that named the pool would
 * close a circle of stacks. Identities that administer users need the key in their own IAM policy, by way of Cognito; nobody gets it
 * from here.
 *
 * Does nothing for a key that was imported: its policy belongs to somebody else, who must add the same.
 *
 * @param scope construct in the account and Region of the user pools
 *
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/data-protection.html
 */
export function letUserPoolsUse(key: kms.IKey, scope: Construct): void {
  const stack = Stack.of(scope);
  const userPools = stack.formatArn({ service: 'cognito-idp', resource: 'userpool', resourceName: '*' });
  const logs = stack.formatArn({ service: 'logs', resource: '*' });
  const fromOurPools = {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': userPools },
  };
  const keepers = [
    new iam.ServicePrincipal('cognito-idp.amazonaws.com'),
    new iam.ServicePrincipal('identitystore.amazonaws.com'),
  ];
  const allow = (sid: string, principals: iam.IPrincipal[], actions: string[], conditions: iam.Conditions) =>
    key.addToResourcePolicy(new iam.PolicyStatement({ sid, principals, actions, resources: ['*'], conditions }));

  allow('DescribeForUserPools', keepers, ['kms:DescribeKey'], fromOurPools);
  allow(
    'EncryptUserPools',
    keepers,
    ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKeyWithoutPlaintext'],
    { ...fromOurPools, StringLike: { 'kms:EncryptionContext:aws:cognito-idp:userpool-arn': userPools } },
  );

  const whileExporting = { StringLike: { 'kms:EncryptionContext:SourceArn': logs } };
  allow(
    'EncryptExportedSignIns',
    [new iam.ServicePrincipal('cognito-idp.amazonaws.com')],
    ['kms:GenerateDataKey', 'kms:Encrypt'],
    whileExporting,
  );
  allow(
    'DecryptExportedSignIns',
    [new iam.ServicePrincipal('delivery.logs.amazonaws.com')],
    ['kms:GenerateDataKey', 'kms:Decrypt'],
    whileExporting,
  );
}
