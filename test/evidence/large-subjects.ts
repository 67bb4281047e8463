import type { Observation, SubjectEvidence } from '../../lib/control/evidence';
import { aFinding, aSubject } from './fixtures';

const topics = [
  ['Every database is encrypted at rest with a key of ours.', 'AWS::RDS::DBCluster', 'StorageEncrypted'],
  [
    'Only TLS 1.3 is accepted at public endpoints; every older version is refused.',
    'AWS::ElasticLoadBalancingV2::Listener',
    'SslPolicy',
  ],
  [
    'Audit logs are kept for 24 months where nobody can shorten or delete them.',
    'AWS::S3::Bucket',
    'ObjectLockConfiguration.Rule',
  ],
  [
    'Backups are kept for 30 days, away from the production server.',
    'AWS::Backup::BackupPlan',
    'BackupPlan.BackupPlanRule.0.Lifecycle',
  ],
  ['Staff sign in with a second factor that cannot be phished.', 'AWS::Cognito::UserPool', 'MfaConfiguration'],
] as const;

export function topicOf(index: number): (typeof topics)[number] {
  return topics[index % topics.length] ?? topics[0];
}

export function idOf(index: number): string {
  return `${['net', 'enc', 'idn', 'log', 'bck'][index % 5]}-${String(Math.floor(index / 5) + 1).padStart(2, '0')}`;
}

const values: readonly unknown[] = [
  true,
  'aws:kms',
  null,
  { 'Fn::GetAtt': ['DataKey1A2B3C4D', 'Arn'] },
  731,
  ['eu-central-1', 'eu-west-1'],
  'ELBSecurityPolicy-TLS13-1-3-2021-06',
  'false',
];

function observations(property: string, count: number): readonly Observation[] {
  return Array.from({ length: count }, (_, index) => ({
    property: index === 0 ? property : `Properties.Nested.${property}.Item${index}`,
    value: values[index % values.length],
  }));
}

/** Subjects of a control: mostly satisfied, and among the first controls one of every other verdict. */
export function subjects(control: number): readonly SubjectEvidence[] {
  const [, type, property] = topicOf(control);
  return Array.from({ length: 12 }, (_, index) => {
    const logicalId = `${type.split('::')[2]}${String(control * 100 + index).padStart(4, '0')}C0FFEE42`;
    const place = {
      type,
      source: `lib/constructs/construct-${control}.ts:${20 + index}`,
      observations: observations(property, 10),
    };
    if (index === 3 && (control === 1 || control === 3)) {
      return aFinding(logicalId, {
        ...place,
        message: `${type.split('::')[2]?.toLowerCase()} ${logicalId} has ${property} "ELBSecurityPolicy-TLS13-1-2-2021-06", which still accepts TLS 1.2`,
        fix: 'use a policy whose lowest version is 1.3, such as ELBSecurityPolicy-TLS13-1-3-2021-06',
      });
    }
    if (index === 4 && control === 3) {
      return aFinding(logicalId, { ...place, exception: 'legacy-backup-plan' });
    }
    if (index === 5 && control % 7 === 4) {
      return aSubject(logicalId, {
        ...place,
        verdict: 'not-assessed',
        message: `${property} is Fn::ImportValue of a stack that was not given`,
      });
    }
    if (index === 6 && control % 5 === 0) {
      return aSubject(logicalId, {
        ...place,
        verdict: 'not-applicable',
        message: 'holds no customer data',
        observations: [],
      });
    }
    return aSubject(logicalId, place);
  });
}
