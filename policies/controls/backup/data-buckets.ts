import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isPassing } from '../data-lifecycle/passing-copies';
import { auditProducers } from '../logging/audit-logs';

/** Who writes logs to a bucket, beside the producers of audit logs: nothing there is ever replaced, so there is nothing to go back to. */
const logWriters = [
  ...auditProducers['AWS::S3::Bucket'],
  { type: 'AWS::S3::Bucket', path: 'LoggingConfiguration.DestinationBucketName' },
  { type: 'AWS::CloudFront::Distribution', path: 'DistributionConfig.Logging.Bucket' },
  { type: 'AWS::ElasticLoadBalancing::LoadBalancer', path: 'AccessLoggingPolicy.S3BucketName' },
  { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', path: 'LoadBalancerAttributes.*.Value' },
  { type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig', path: 'DestinationArn' },
  { type: 'AWS::WAFv2::LoggingConfiguration', path: 'LogDestinationConfigs.*' },
];

/** Whether a bucket of data keeps what is replaced or deleted for the window. */
export function dataBucket(bucket: Subject, scope: Scope, window: number): Outcome | readonly Outcome[] {
  if (receivesLogs(bucket, scope)) {
    return notApplicable('it receives logs, which nobody replaces');
  }
  if (isPassing(bucket, window)) {
    return notApplicable(
      'whatever lies in it is gone before the window is over: copies that pass, of what lies elsewhere',
    );
  }
  return decide(bucket.text('VersioningConfiguration.Status'), {
    known: (status) => (status === 'Enabled' ? replacedVersions(bucket, window) : finding('unversioned')),
    absent: () => finding('unversioned'),
  });
}

/** Whether logs are delivered to a bucket. */
export function receivesLogs(bucket: Subject, scope: Scope): boolean {
  return logWriters.some(({ type, path }) => scope.referring(bucket, type, path).some((writer) => writer !== bucket));
}

function replacedVersions(bucket: Subject, window: number): readonly Outcome[] {
  return decide(bucket.items('LifecycleConfiguration.Rules'), {
    known: (rules) => [satisfied, ...rules.flatMap((rule) => forgetting(rule, window))],
    absent: () => satisfied,
  });
}

function forgetting(rule: Node, window: number): readonly Outcome[] {
  return decide(rule.at('Status').text(), {
    known: (status) =>
      status === 'Enabled'
        ? ['NoncurrentVersionExpiration.NoncurrentDays', 'NoncurrentVersionExpirationInDays'].flatMap((path) =>
            decide(rule.at(path).number(), {
              known: (days) => (days >= window ? satisfied : finding('versionsForgotten', undefined, { window })),
              absent: () => satisfied,
            }),
          )
        : satisfied,
    absent: () => notAssessed('CloudFormation requires the status of a rule'),
  });
}
