import { Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../storage/private-bucket';

export interface TenantExportsProps {
  /** Key of the exports: that of the files, which a session of a tenant may use already. */
  readonly key: kms.IKey;
  /** Lowest TLS version that a request may use. */
  readonly minimumTls: '1.2' | '1.3';
  /** Bucket for server access logs, into which `logging.s3.amazonaws.com` may already write. */
  readonly accessLogs: s3.IBucket;
  /** Days for which an export can be fetched, 1 or more; a day later nothing of it is left. */
  readonly keepDays: number;
  /** Minutes for which a link to an export works, from the moment it was signed, 1 to 10080. */
  readonly linkMinutes: number;
}

/**
 * The bucket of exports, a folder for each tenant: `<digits>/requests/` holds what the tenant asked for, `<digits>/exports/` what it got. Whatever
 * lies there goes by itself.
 *
 * A link is signed by a session of the tenant, with the expiry that the application thinks right; the bucket refuses whatever was signed longer
 * ago than promised, so that no mistake in the application makes one that lasts.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html (claims cfus-export-anytime, cly-export-self-service)
 *
 * @throws Error where `keepDays` or `linkMinutes` is out of bounds
 */
export class TenantExports extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: TenantExportsProps) {
    super(scope, id);
    const { keepDays: expireAfterDays, linkMinutes } = props;
    mustLieWithin('keepDays', expireAfterDays, 365);
    mustLieWithin('linkMinutes', linkMinutes, 10_080);
    this.bucket = privateBucket(this, 'Bucket', {
      ...props,
      accessLogPrefix: 'tenant-exports/',
      expireAfterDays,
      keepReplacedDays: 1,
      abortUploadAfterDays: 1,
    });
    tellOfRequests(this.bucket);
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'RefuseOldLinks',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['s3:*'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { NumericGreaterThan: { 's3:signatureAge': String(linkMinutes * 60_000) } },
      }),
    );
    Tags.of(this.bucket).add('data-class', 'personal');
    Tags.of(this.bucket).add('retention', 'tenant-exports');
  }
}

/** Written to the resource itself: the bucket construct would have a function of the CDK do it, which may change every bucket. */
function tellOfRequests(bucket: s3.Bucket): void {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof s3.CfnBucket)) {
    throw new Error(`bucket '${bucket.node.path}' has no bucket resource that tells of requests`);
  }
  resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}

function mustLieWithin(name: string, value: number, most: number): void {
  if (!(Number.isInteger(value) && value >= 1 && value <= most)) {
    throw new Error(`${name} is ${value}, expected a whole number from 1 to ${most}`);
  }
}
