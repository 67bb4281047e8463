import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';

/**
 * Refuses requests below a TLS version to a bucket that AWS services write into. Services are left out: nobody documents which
 * version they speak inside AWS, and a refused delivery would be a silent hole in the very log that the bucket keeps. Requests in
 * clear text are refused to services as well, by `enforceSSL`.
 *
 * The condition also meets anonymous requests, where the key is absent.
 */
export function refuseOldTls(bucket: s3.IBucket, minimumTls: '1.2' | '1.3'): void {
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'RefuseOldTls',
      effect: iam.Effect.DENY,
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:*'],
      resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      conditions: {
        NumericLessThan: { 's3:TlsVersion': Number(minimumTls) },
        BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
}
