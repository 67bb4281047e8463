import type { EC2 } from '@aws-sdk/client-ec2';
import type { IAM } from '@aws-sdk/client-iam';
import type { S3Control } from '@aws-sdk/client-s3-control';
import { inEachRegion } from '../custom-resource/each-region';
import type { NetworkClient } from './unused-network';

/** The clients that the guards are set through; tests hand over their own. */
export interface Clients {
  readonly ec2: Pick<
    EC2,
    | 'enableEbsEncryptionByDefault'
    | 'describeSecurityGroupRules'
    | 'revokeSecurityGroupIngress'
    | 'revokeSecurityGroupEgress'
  >;
  /** EC2 in another Region of the account. */
  readonly ec2In: (region: string) => Pick<EC2, 'enableEbsEncryptionByDefault'> & NetworkClient;
  readonly iam: Pick<IAM, 'updateAccountPasswordPolicy'>;
  readonly s3Control: Pick<S3Control, 'putPublicAccessBlock'>;
}

/** What is set for the whole account. CloudFormation hands every number over as a string. */
export interface AccountProperties {
  readonly AccountId: string;
  readonly PasswordMinLength: string;
  readonly PasswordMaxAgeDays: string;
  /** Regions in which volumes are encrypted. @default - the Region of the function alone */
  readonly Regions?: readonly string[];
}

/**
 * Sets every guard of the account; setting one that is already set changes nothing.
 *
 * @throws if AWS refuses a call, or answers that volumes are still not encrypted by default
 */
export async function setAccountGuards(clients: Clients, properties: AccountProperties): Promise<void> {
  const { Regions: regions } = properties;
  await (regions
    ? inEachRegion(regions, (region) => encryptVolumes(clients.ec2In(region)))
    : encryptVolumes(clients.ec2));
  await blockPublicBuckets(clients.s3Control, properties.AccountId);
  await setPasswordPolicy(clients.iam, properties);
}

async function encryptVolumes(ec2: Pick<EC2, 'enableEbsEncryptionByDefault'>): Promise<void> {
  const { EbsEncryptionByDefault: encrypted } = await ec2.enableEbsEncryptionByDefault({});
  if (!encrypted) {
    throw new Error('volumes are not encrypted by default: EC2 answered EbsEncryptionByDefault false, expected true');
  }
}

async function blockPublicBuckets(s3Control: Clients['s3Control'], account: string): Promise<void> {
  await s3Control.putPublicAccessBlock({
    AccountId: account,
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
  });
}

/** For users of IAM. There should be none; somebody will make one. */
async function setPasswordPolicy(iam: Clients['iam'], properties: AccountProperties): Promise<void> {
  await iam.updateAccountPasswordPolicy({
    MinimumPasswordLength: Number(properties.PasswordMinLength),
    RequireLowercaseCharacters: true,
    RequireUppercaseCharacters: true,
    RequireNumbers: true,
    RequireSymbols: true,
    AllowUsersToChangePassword: true,
    MaxPasswordAge: Number(properties.PasswordMaxAgeDays),
    PasswordReusePrevention: 24,
  });
}

/**
 * Takes every rule out of a security group; for the default group of a VPC, which a template can neither delete nor describe.
 *
 * @throws if AWS refuses a call
 */
export async function closeSecurityGroup(ec2: Clients['ec2'], group: string): Promise<void> {
  const ingress: string[] = [];
  const egress: string[] = [];
  let token: string | undefined;
  do {
    const page = await ec2.describeSecurityGroupRules({
      Filters: [{ Name: 'group-id', Values: [group] }],
      ...(token ? { NextToken: token } : {}),
    });
    for (const { SecurityGroupRuleId: id, IsEgress: isEgress } of page.SecurityGroupRules ?? []) {
      if (id) {
        (isEgress ? egress : ingress).push(id);
      }
    }
    token = page.NextToken;
  } while (token);
  if (ingress.length > 0) {
    await ec2.revokeSecurityGroupIngress({ GroupId: group, SecurityGroupRuleIds: ingress });
  }
  if (egress.length > 0) {
    await ec2.revokeSecurityGroupEgress({ GroupId: group, SecurityGroupRuleIds: egress });
  }
}
