import { Stack } from 'aws-cdk-lib';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { privateBucket } from '../storage/private-bucket';

export interface PublicLoadBalancerLogProps {
  /** Days for which a record is kept. */
  readonly retentionDays: number;
  /** Bucket for server access logs, such as that of an `AccessLogBucket` in the same account and Region. */
  readonly accessLogs: s3.IBucket;
}

/**
 * Keeps who asked the load balancers for what, and which connections never became a request.
 *
 * Encrypted with keys of S3 itself: load balancers deliver into no other bucket. TLS is required, and 1.2 is the floor here whatever the
 * floor elsewhere: a service is the writer, and a refused delivery is a silent gap in the record.
 *
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class PublicLoadBalancerLog extends Construct {
  readonly bucket: s3.Bucket;

  constructor(scope: Construct, id: string, props: PublicLoadBalancerLogProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.bucket = privateBucket(this, 'Bucket', {
      minimumTls: '1.2',
      accessLogs: props.accessLogs,
      accessLogPrefix: 'load-balancer/',
      expireAfterDays: props.retentionDays,
      keepReplacedDays: 1,
      abortUploadAfterDays: 1,
    });
    this.bucket.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'DeliverRequests',
        principals: [new iam.ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: ['requests', 'connections'].map((prefix) =>
          this.bucket.arnForObjects(`${prefix}/AWSLogs/${stack.account}/*`),
        ),
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: {
            'aws:SourceArn': stack.formatArn({
              service: 'elasticloadbalancing',
              resource: 'loadbalancer',
              resourceName: '*',
            }),
          },
        },
      }),
    );
  }

  /**
   * Has a load balancer deliver here. Written as attributes: the construct's own way names an account of AWS in the policy, which
   * newer Regions do not have.
   */
  receiveFrom(loadBalancer: elbv2.ApplicationLoadBalancer): void {
    for (const [kind, prefix] of [
      ['access_logs', 'requests'],
      ['connection_logs', 'connections'],
    ] as const) {
      loadBalancer.setAttribute(`${kind}.s3.enabled`, 'true');
      loadBalancer.setAttribute(`${kind}.s3.bucket`, this.bucket.bucketName);
      loadBalancer.setAttribute(`${kind}.s3.prefix`, prefix);
    }
    // The load balancer tries its permission when the attribute is set
    if (this.bucket.policy) {
      loadBalancer.node.addDependency(this.bucket.policy);
    }
  }
}
