import { Aws, Duration, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { LogArchive } from '../logging/log-archive';

export interface ErasureLedgerProps {
  /** Key of the entries; its policy must let S3 use it for this account. */
  readonly key: kms.IKey;
  /** Bucket that receives the server access logs of the ledger. */
  readonly accessLogs: s3.IBucket;
  /** Days for which an entry is kept and locked: longer than any backup is kept, or the last of them brings back who was erased. */
  readonly retentionDays: number;
  /** Lowest TLS version of callers. */
  readonly minimumTls: '1.2' | '1.3';
  /**
   * Days for which an entry that was hidden can be brought back after its lock has ended.
   *
   * @default 7
   */
  readonly keepReplacedDays?: number;
}

/**
 * Which tenants and people were erased, where nothing that restores a database reaches: a bucket that locks every entry. An entry is written before
 * the erasure, and read by whoever looks into a restored copy, who erases again. It holds ids that say nothing to anybody else.
 *
 * The other way, keys in a store of their own that can be set back for a few days only, would bring keys back within these days all the same, lose
 * rows that were set back the keys that they are encrypted under, and hang every read of a person's data on a second store. And it would not help
 * against rows of a tenant that come back.
 *
 * Mind before the first deployment: a bucket with locked objects can be deleted by nobody until the last lock has ended.
 */
export class ErasureLedger extends Construct {
  readonly bucket: s3.IBucket;
  private readonly key: kms.IKey;

  constructor(scope: Construct, id: string, props: ErasureLedgerProps) {
    super(scope, id);
    this.key = props.key;
    this.bucket = new LogArchive(this, 'Entries', {
      key: props.key,
      accessLogs: props.accessLogs,
      retention: Duration.days(props.retentionDays),
      minimumTls: props.minimumTls,
      keepReplacedDays: props.keepReplacedDays ?? 7,
    }).bucket;
    Tags.of(this).add('retention', 'erasures');
    Tags.of(this).add('data-class', 'internal');
  }

  /** What a function needs to know of it. */
  get variables(): Record<string, string> {
    return { LEDGER: this.bucket.bucketName, BUCKET_ACCOUNT: Aws.ACCOUNT_ID };
  }

  /** Lets an identity write entries, and neither read nor take back one. */
  writeStatements(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'RecordErasures',
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('erased/*')],
      }),
      new iam.PolicyStatement({
        sid: 'EncryptErasures',
        actions: ['kms:GenerateDataKey'],
        resources: [this.key.keyArn],
      }),
    ];
  }

  /** Lets an identity read the names of entries, which is all there is to them. */
  readStatements(): iam.PolicyStatement[] {
    return [
      new iam.PolicyStatement({
        sid: 'ReadErasures',
        actions: ['s3:ListBucketVersions'],
        resources: [this.bucket.bucketArn],
      }),
    ];
  }
}
