import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';

export interface DataKeyProps {
  /** What the key protects, in words: its description. */
  readonly protects: string;
  /** Alias without the `alias/` in front, such as `production/database`. */
  readonly alias: string;
  /**
   * Services through which identities of this account may use the key, by the first word of their endpoint: `s3`, `rds`,
   * `secretsmanager`. A request that does not come through one of them is refused, whatever IAM says.
   *
   * @default - none: only `writers` may use the key
   */
  readonly services?: readonly string[];
  /**
   * Statements for service principals that use the key on their own behalf, such as `logWriter` and `trailWriter`. Each needs a
   * condition that names this account: a service serves others as well.
   *
   * @default - none
   */
  readonly writers?: readonly iam.PolicyStatement[];
  /**
   * Time between automatic rotations: 90 to 2560 days.
   *
   * @default Duration.days(365)
   */
  readonly rotationPeriod?: Duration;
}

const ADMINISTRATION = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

const USE = ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'];

/**
 * A customer-managed KMS key for one kind of data, whose administration is separated from its use.
 *
 * The account may administer the key, and so can never be locked out of it, but administration holds no Encrypt or Decrypt.
 * Use is granted per service with `kms:ViaService`, so a stolen credential with `kms:Decrypt` in its IAM policy cannot decrypt a
 * blob that it copied. CDK's `key.grantDecrypt(x)` writes only IAM policies: where the caller does not come through one of `services`, the
 * key needs a statement of its own.
 *
 * Sources: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html and
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export class DataKey extends Construct {
  readonly key: kms.Key;

  constructor(scope: Construct, id: string, props: DataKeyProps) {
    super(scope, id);
    this.key = new kms.Key(this, 'Resource', {
      alias: props.alias,
      description: props.protects,
      enableKeyRotation: true,
      rotationPeriod: props.rotationPeriod ?? Duration.days(365),
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new iam.PolicyDocument({
        statements: [
          administration(),
          ...(props.services?.length ? useThrough(Stack.of(this), props.services) : []),
          ...(props.writers ?? []),
        ],
      }),
    });
  }
}

/** Lets CloudWatch Logs of this account and Region encrypt its log groups and anomaly detectors. */
export function logWriter(stack: Stack): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'EncryptLogGroups',
    principals: [new iam.ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
    actions: USE,
    resources: ['*'],
    conditions: {
      ArnLike: {
        'kms:EncryptionContext:aws:logs:arn': ['log-group:*', 'anomaly-detector:*'].map((resource) =>
          stack.formatArn({ service: 'logs', resource }),
        ),
      },
    },
  });
}

/** Lets one trail encrypt the files that it delivers, and nothing else. */
export function trailWriter(stack: Stack, trailName: string): iam.PolicyStatement {
  const trail = stack.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: trailName });
  return new iam.PolicyStatement({
    sid: 'EncryptTrail',
    principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')],
    actions: ['kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:Decrypt'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceArn': trail } },
  });
}

/**
 * Lets AWS Config encrypt the configuration history that it delivers, for this account or for every account of an organization.
 *
 * @param organizationId such as `o-exampleorgid`. @default - this account alone
 */
export function recorderWriter(stack: Stack, organizationId?: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: organizationId === undefined ? 'EncryptConfigurationHistory' : 'EncryptConfigurationHistoryOfMembers',
    principals: [new iam.ServicePrincipal('config.amazonaws.com')],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: {
      StringEquals:
        organizationId === undefined ? { 'aws:SourceAccount': stack.account } : { 'aws:SourceOrgID': organizationId },
    },
  });
}

function administration(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'AdministerWithoutUse',
    principals: [new iam.AccountRootPrincipal()],
    actions: ADMINISTRATION,
    resources: ['*'],
  });
}

function useThrough(stack: Stack, services: readonly string[]): iam.PolicyStatement[] {
  const through = {
    'kms:CallerAccount': stack.account,
    'kms:ViaService': services.flatMap((service) => endpoints(stack, service)),
  };
  return [
    new iam.PolicyStatement({
      sid: 'UseThroughServices',
      principals: [new iam.AccountRootPrincipal()],
      actions: USE,
      resources: ['*'],
      conditions: { StringEquals: through },
    }),
    new iam.PolicyStatement({
      sid: 'LetServicesHoldGrants',
      principals: [new iam.AccountRootPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: { StringEquals: through, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    }),
  ];
}

/**
 * Names of a service in `kms:ViaService`. Other partitions have another domain, and documentation does not settle which of both
 * KMS reports there: both are named, since only AWS can set the value.
 */
/** Names by which KMS knows the use of a key through a service, in the partition of a stack. */
export function endpoints(stack: Stack, service: string): string[] {
  const suffix = RegionInfo.get(stack.region).domainSuffix ?? 'amazonaws.com';
  return [...new Set(['amazonaws.com', suffix])].map((domain) => `${service}.${stack.region}.${domain}`);
}
