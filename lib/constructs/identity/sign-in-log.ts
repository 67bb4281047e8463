import { ArnFormat, Stack, Tags } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../storage/private-bucket';

export interface SignInLogProps {
  /**
   * Key that encrypts the records. The permission of log delivery to use it is added to its policy; whoever reads the records needs
   * it by way of S3.
   */
  readonly key: kms.IKey;
  /** Days for which a record is kept. */
  readonly retentionDays: number;
  /** Bucket for server access logs, such as that of an `AccessLogBucket` in the same account and Region. */
  readonly accessLogs: s3.IBucket;
}

/**
 * Keeps what user pools report about each sign-in: who, from where, with which risk, and what was done about it.
 *
 * A bucket and not a log group, because a user pool refuses a log group that is encrypted with a KMS key. For the same reason failed
 * deliveries of mail and text messages are not exported at all: those can go to a log group only.
 *
 * TLS is required, and 1.2 is the floor here whatever the floor elsewhere: a service is the writer, nobody documents which version it
 * uses, and a refused delivery is a silent gap in the record.
 *
 * Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-cognito-logdeliveryconfiguration-cloudwatchlogsconfiguration.html
 * and https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
 */
export class SignInLog extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: SignInLogProps) {
    super(scope, id);

    this.bucket = privateBucket(this, 'Bucket', {
      key: props.key,
      minimumTls: '1.2',
      accessLogs: props.accessLogs,
      accessLogPrefix: 'sign-ins/',
      expireAfterDays: props.retentionDays,
      keepReplacedDays: 1,
      abortUploadAfterDays: 1,
    });
    letLogDeliveryWrite(this.bucket, props.key);
    Tags.of(this).add('data-class', 'personal');
  }

  /** Sends the sign-ins of a user pool here. The pool must be on the Plus plan with threat protection switched on. */
  receiveFrom(userPool: cognito.IUserPool): void {
    const delivery = new cognito.CfnLogDeliveryConfiguration(userPool, 'SignInLog', {
      userPoolId: userPool.userPoolId,
      logConfigurations: [
        {
          eventSource: 'userAuthEvents',
          logLevel: 'INFO',
          s3Configuration: { bucketArn: this.bucket.bucketArn },
        },
      ],
    });
    // Without the policy the first delivery is refused, and the service edits the policy itself, out of the template's sight
    if (this.bucket.policy) {
      delivery.node.addDependency(this.bucket.policy);
    }
  }
}

function letLogDeliveryWrite(bucket: s3.Bucket, key: kms.IKey): void {
  const stack = Stack.of(bucket);
  const source = {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: {
      'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*', arnFormat: ArnFormat.NO_RESOURCE_NAME }),
    },
  };
  const logDelivery = new iam.ServicePrincipal('delivery.logs.amazonaws.com');
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AWSLogDeliveryAclCheck',
      principals: [logDelivery],
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
      conditions: source,
    }),
  );
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'AWSLogDeliveryWrite',
      principals: [logDelivery],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${stack.account}/*`)],
      conditions: {
        ...source,
        StringEquals: { ...source.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' },
      },
    }),
  );
  key.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'DeliverSignInLogs',
      principals: [logDelivery],
      actions: ['kms:DescribeKey', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: source,
    }),
  );
}
