import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';

type Judge = (subject: Subject, context: JudgementContext) => readonly Outcome[];

const worldwide: Judge = ({ type }) => [finding('worldwide', undefined, { kind: type })];
const edge: Judge = (subject, context) => (isRegional(context) ? worldwide(subject, context) : []);

/** Services that are worldwide by their nature, or that one setting makes so. */
const judges: Readonly<Record<string, Judge>> = {
  'AWS::CloudFront::Distribution': (distribution, context) => [
    ...edge(distribution, context),
    ...judgeEdgeCode(distribution),
  ],
  'AWS::CloudFront::StreamingDistribution': edge,
  'AWS::GlobalAccelerator::Accelerator': worldwide,
  'AWS::GlobalAccelerator::CrossAccountAttachment': worldwide,
  'AWS::WAFv2::WebACL': (list, context) =>
    decide(list.text('Scope'), {
      known: (scope) =>
        scope === 'REGIONAL' || !isRegional(context)
          ? satisfied
          : finding('worldwide', 'Scope', { kind: 'web access list of CloudFront' }),
      absent: () => notAssessed('it names no scope'),
    }),
  'AWS::S3::Bucket': (bucket) =>
    // Off unless asked for: https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
    decide(bucket.text('AccelerateConfiguration.AccelerationStatus'), {
      known: (status) => (status === 'Enabled' ? finding('accelerated') : satisfied),
      absent: () => satisfied,
    }),
  'AWS::KMS::Key': judgeKey,
  'AWS::RDS::GlobalCluster': judgeGlobalCluster,
  'AWS::DocDB::GlobalCluster': judgeGlobalCluster,
  'AWS::Neptune::GlobalCluster': judgeGlobalCluster,
  'AWS::RDS::DBCluster': judgeMember,
  'AWS::DocDB::DBCluster': judgeMember,
  'AWS::Neptune::DBCluster': judgeMember,
  'AWS::MemoryDB::MultiRegionCluster': () => [finding('globalDatabase')],
  'AWS::Cognito::UserPool': judgeTextMessages,
};

/** Judges what a resource lets go round the world by being what it is. */
export function judgeWorldwide(subject: Subject, context: JudgementContext): readonly Outcome[] {
  return judges[subject.type]?.(subject, context) ?? [];
}

function isRegional({ figures }: JudgementContext): boolean {
  return figures.choice('edge.mode') === 'regional';
}

/** Lambda@Edge runs, and writes its logs, in the Region nearest to the viewer. */
function judgeEdgeCode(distribution: Subject): readonly Outcome[] {
  const config = distribution.at('DistributionConfig');
  const others = config.at('CacheBehaviors').items();
  const behaviours = [config.at('DefaultCacheBehavior'), ...(others.kind === 'known' ? others.value : [])];
  return [
    ...(others.kind === 'unresolved' ? [notAssessed(others.reason, others.property)] : []),
    ...behaviours.flatMap((behaviour) =>
      decide(behaviour.at('LambdaFunctionAssociations').items(), {
        known: (functions) => (functions.length > 0 ? finding('edgeCode') : []),
        absent: () => [],
      }),
    ),
  ];
}

/** A multi-Region key may be copied to any Region by whoever administers it; replicas in the templates say to which it is meant to go. */
function judgeKey(key: Subject, { scope }: JudgementContext): readonly Outcome[] {
  return decide(key.bool('MultiRegion'), {
    known: (on) =>
      on && scope.referring(key, 'AWS::KMS::ReplicaKey', 'PrimaryKeyArn').length === 0
        ? finding('multiRegionKey')
        : satisfied,
    absent: () => satisfied,
  });
}

/** A global database exists to have members in several Regions; only members that the templates show can be judged. */
function judgeGlobalCluster(global: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const promised = figures.set('residency.regions');
  const family = global.type.replace('GlobalCluster', 'DBCluster');
  const regions = scope
    .referring(global, family, 'GlobalClusterIdentifier')
    .map(({ template }) => template.origin.region ?? '');
  const isWithin = new Set(regions).size > 1 && regions.every((region) => promised.includes(region));
  return isWithin ? [satisfied] : [finding('globalDatabase')];
}

function judgeMember(cluster: Subject): readonly Outcome[] {
  const global = cluster.at('GlobalClusterIdentifier');
  switch (global.resolved.kind) {
    case 'absent':
      return [];
    case 'reference':
      global.reference();
      return [satisfied];
    case 'unresolved':
      global.pattern();
      return [notAssessed('in which Regions its global database has members is not in the templates', global.path)];
    default:
      global.pattern();
      return [finding('globalDatabase', global.path)];
  }
}

/** From which Region Cognito sends text messages where none is set is not documented: older pools used a fixed other one. */
function judgeTextMessages(pool: Subject): readonly Outcome[] {
  if (pool.at('SmsConfiguration').state() === 'absent') {
    return [];
  }
  const region = pool.at('SmsConfiguration.SnsRegion');
  return region.resolved.kind === 'absent'
    ? [notAssessed('from which Region it sends text messages is left open', region.path)]
    : [];
}
