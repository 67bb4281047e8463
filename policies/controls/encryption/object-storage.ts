import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeCustomerKey } from './customer-key';

/** Judges what a bucket does with objects whose upload names no encryption, and whether uploads may bring keys of their own. */
export function judgeBucket(bucket: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const asksForKms = figures.choice('s3.sse') === 'aws:kms' && !receivesLogs(bucket, scope);
  const asksForOwnKey = asksForKms && figures.choice('keys.mode') === 'customer';
  // S3 applies SSE-S3 by itself: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
  const without = () =>
    asksForKms ? finding('weakAlgorithm', undefined, { algorithm: 'AES256, its default' }) : satisfied;
  return decide(bucket.items('BucketEncryption.ServerSideEncryptionConfiguration'), {
    known: (rules) =>
      rules.length === 0 ? without() : rules.flatMap((rule) => judgeRule(rule, asksForKms, asksForOwnKey)),
    absent: without,
  });
}

function judgeRule(rule: Node, asksForKms: boolean, asksForOwnKey: boolean): readonly Outcome[] {
  const preset = rule.at('ServerSideEncryptionByDefault');
  // A rule may block kinds of encryption and leave the default alone; a default without an algorithm is no template at all.
  const without =
    preset.resolved.kind === 'absent' ? satisfied : notAssessed('a default encryption needs an algorithm');
  const algorithm = decide(preset.at('SSEAlgorithm').text(), {
    known: (name) => {
      if (!/^(AES256|aws:kms|aws:kms:dsse)$/.test(name)) {
        return notAssessed(`expected AES256, aws:kms or aws:kms:dsse, got ${name}`);
      }
      if (asksForKms && name === 'AES256') {
        return finding('weakAlgorithm', undefined, { algorithm: name });
      }
      return asksForOwnKey ? judgeCustomerKey(preset.at('KMSMasterKeyID')) : satisfied;
    },
    absent: () => (asksForKms ? finding('weakAlgorithm', undefined, { algorithm: 'AES256, its default' }) : without),
  });
  return asksForKms ? [...algorithm, ...judgeCallerKeys(rule)] : algorithm;
}

/**
 * S3 refuses SSE-C by default since April 2026, so only a list that leaves it out lets callers bring keys that KMS never sees:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
 */
function judgeCallerKeys(rule: Node): readonly Outcome[] {
  const path = 'BlockedEncryptionTypes.EncryptionType';
  return decide(rule.at(path).items(), {
    known: (types) => {
      const texts = types.map((type) => type.text());
      if (texts.some((text) => text.kind === 'known' && text.value === 'SSE-C')) {
        return satisfied;
      }
      const hidden = texts.find((text) => text.kind === 'unresolved');
      return hidden?.kind === 'unresolved' ? notAssessed(hidden.reason) : finding('callerKeys');
    },
    absent: () => satisfied,
  });
}

/**
 * Server access logs and load balancer logs are delivered only into buckets whose default is SSE-S3:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html and
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html.
 */
function receivesLogs(bucket: Subject, scope: Scope): boolean {
  const sources = [
    ...scope.referring(bucket, 'AWS::S3::Bucket', 'LoggingConfiguration.DestinationBucketName'),
    ...scope.referring(bucket, 'AWS::ElasticLoadBalancingV2::LoadBalancer', 'LoadBalancerAttributes.*.Value'),
    ...scope.referring(bucket, 'AWS::ElasticLoadBalancing::LoadBalancer', 'AccessLoggingPolicy.S3BucketName'),
  ];
  // A bucket that logs into itself holds data as well, and data is what the promise is about.
  return sources.some((source) => source !== bucket);
}
