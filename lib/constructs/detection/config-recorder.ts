import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as config from 'aws-cdk-lib/aws-config';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { refuseOldTls } from '../storage/service-written-bucket';

export interface ConfigRecorderProps {
  /** Key of the configuration history; its policy must admit AWS Config (`recorderWriter`). */
  readonly key: kms.IKey;
  /** Bucket that receives the server access logs of the history. */
  readonly accessLogs: s3.IBucket;
  /**
   * How long the history is kept.
   *
   * @default Duration.days(731)
   */
  readonly retention?: Duration;
  /**
   * How often a resource that changed is recorded. Once a day is cheaper where much changes, and blind to what was changed back.
   *
   * @default 'CONTINUOUS'
   */
  readonly frequency?: 'CONTINUOUS' | 'DAILY';
  /**
   * Lowest TLS version of callers that are no AWS service.
   *
   * @default '1.3'
   */
  readonly minimumTls?: '1.2' | '1.3';
  /**
   * Id of the organization whose accounts deliver their history here too, such as `o-exampleorgid`.
   *
   * @default - none: only this account delivers
   */
  readonly organizationId?: string;
}

/** Name of the bucket that keeps the history of an organization: the management account delivers there too, and knows it by its name only. */
export function organizationHistory(account: string, region: string): string {
  return `organization-history-${account}-${region}`;
}

/**
 * Records every change of every supported resource, as it happens unless told otherwise, and delivers the history to a bucket of its own: AWS Config
 * refuses a bucket with a default lock, so it cannot share the log archive.
 *
 * An account has one recorder per Region: a second one, left over by hand or by another stack, makes the deployment fail.
 *
 * Sources: https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html and
 * https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
 */
export class ConfigRecorder extends Construct {
  readonly recorder: config.CfnConfigurationRecorder;
  readonly channel: config.CfnDeliveryChannel;
  readonly history: s3.Bucket;

  constructor(scope: Construct, id: string, props: ConfigRecorderProps) {
    super(scope, id);
    this.history = history(this, props);
    const role = new iam.CfnServiceLinkedRole(this, 'ServiceLinkedRole', { awsServiceName: 'config.amazonaws.com' });
    this.recorder = new config.CfnConfigurationRecorder(this, 'Resource', {
      roleArn: Stack.of(this).formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: 'aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig',
      }),
      recordingGroup: { allSupported: true, includeGlobalResourceTypes: true },
      recordingMode: { recordingFrequency: props.frequency ?? 'CONTINUOUS' },
    });
    this.recorder.addResourceDependency(role);
    // No dependency between channel and recorder: CloudFormation waits for the recorder to start, which it does once there is a channel
    this.channel = new config.CfnDeliveryChannel(this, 'DeliveryChannel', {
      s3BucketName: this.history.bucketName,
      s3KmsKeyArn: props.key.keyArn,
      configSnapshotDeliveryProperties: { deliveryFrequency: 'TwentyFour_Hours' },
    });
    if (this.history.policy) {
      this.channel.node.addDependency(this.history.policy);
    }
  }
}

function history(scope: Construct, props: ConfigRecorderProps): s3.Bucket {
  const { account, region } = Stack.of(scope);
  const bucket = new s3.Bucket(scope, 'History', {
    bucketName: props.organizationId === undefined ? undefined : organizationHistory(account, region),
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: props.key,
    bucketKeyEnabled: true,
    blockedEncryptionTypes: [s3.BlockedEncryptionType.SSE_C],
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    serverAccessLogsBucket: props.accessLogs,
    serverAccessLogsPrefix: 'config-history/',
    lifecycleRules: [
      {
        id: 'after-retention',
        expiration: props.retention ?? Duration.days(731),
        noncurrentVersionExpiration: Duration.days(30),
        abortIncompleteMultipartUploadAfter: Duration.days(1),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  refuseOldTls(bucket, props.minimumTls ?? '1.3');
  admitConfig(bucket, { folder: account, source: { 'aws:SourceAccount': account } });
  if (props.organizationId !== undefined) {
    admitConfig(bucket, { of: 'OfMembers', folder: '*', source: { 'aws:SourceOrgID': props.organizationId } });
  }
  return bucket;
}

/** Accounts that may deliver: below which folder, and how AWS Config says for whom it acts. */
interface Deliverers {
  /** Whose statements these are, for their ids. @default - of this account */
  readonly of?: string;
  readonly folder: string;
  readonly source: Readonly<Record<string, string>>;
}

/** AWS Config writes below the number of the account that it acts for, which no account can choose. */
function admitConfig(bucket: s3.Bucket, { of = '', folder, source }: Deliverers): void {
  const principals = [new iam.ServicePrincipal('config.amazonaws.com')];
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: `Config${of}ChecksBucket`,
      principals,
      actions: ['s3:GetBucketAcl', 's3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringEquals: source },
    }),
  );
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: `Config${of}Delivers`,
      principals,
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${folder}/Config/*`)],
      conditions: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  );
}
