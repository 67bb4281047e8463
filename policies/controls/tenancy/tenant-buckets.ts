import { coversAction, statementsOf } from '../../../lib/template/policy-document';
import { oncePerObject } from '../../../lib/template/remember';
import type { Scope } from '../../../lib/template/scope';
import type { ResourceDefinition } from '../../../lib/template/template';

/** Name of a bucket and what follows it in an ARN of S3; the partition may be a hole. */
const S3_ARN = /^arn:(?:\$\{[^}]*\}|[^:])*:s3:::((?:\$\{[^}]*\}|[^/])*)/;

/** A tag of the session that asks, at the end of a name that is otherwise fixed: one wildcard more, and it would reach others. */
const OF_SESSION = /^((?:\$\{(?!aws:)[^}]*\}|[^*?$])+)\$\{aws:PrincipalTag\/[\w:+=.@-]+\}$/;

/** The fixed start of the bucket's name, where an ARN names the bucket of the one tenant that the session is tagged with. */
export function bucketOfSession(place: string): string | undefined {
  return OF_SESSION.exec(bucketIn(place))?.[1];
}

/** Whether an ARN names a bucket that is made for a tenant, by a fixed name or by a pattern. */
export function isTenantBucket(place: string, scope: Scope): boolean {
  const bucket = bucketIn(place);
  const [fixed = ''] = /^(\$\{[^}]*\}|[^*?$])*/.exec(bucket) ?? [];
  // A wildcard at the very start reaches every bucket, which is judged by those that the template holds
  return (
    fixed !== '' && tenantBucketNames(scope).some((start) => fixed.startsWith(start) || isPattern(bucket, fixed, start))
  );
}

function isPattern(bucket: string, fixed: string, start: string): boolean {
  return bucket.length > fixed.length && start.startsWith(fixed);
}

/**
 * How the names of buckets begin that something deployed may make, such as `production-111122223333-files-`. It is allowed so by name: who may
 * do anything with S3 is there for something else.
 */
export function tenantBucketNames(scope: Scope): readonly string[] {
  return [...restoredNames(scope), ...madeNames(scope)];
}

/**
 * What a drill restores is a bucket of tenants too, as long as it stands.
 *
 * Source: https://docs.aws.amazon.com/aws-backup/latest/devguide/restore-testing-inferred-metadata.html
 */
function restoredNames(scope: Scope): readonly string[] {
  const isDrilled = scope.resources('AWS::Backup::RestoreTestingSelection').some((selection) => {
    const { resolved } = selection.at('ProtectedResourceType');
    return resolved.kind === 'scalar' && resolved.value === 'S3';
  });
  return isDrilled ? ['awsbackup-restore-test-'] : [];
}

/** Those of buckets that a function makes for a tenant. */
export function madeNames(scope: Scope): readonly string[] {
  return ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
    .flatMap((type) => scope.resources(type))
    .filter(({ definition }) => speaksOfMaking(definition))
    .flatMap((policy) => {
      const document = statementsOf(policy.at('PolicyDocument'));
      return document.kind === 'known' ? document.value.statements : [];
    })
    .filter((statement) => {
      const makes = coversAction(statement, 's3:CreateBucket');
      return statement.effect === 'Allow' && makes.kind === 'known' && makes.value;
    })
    .flatMap(({ resources }) => (resources.form === 'only' ? resources.values : []))
    .flatMap((place) => /^(.+)\*$/.exec(bucketIn(place))?.[1] ?? []);
}

/** Every place of every policy comes back to this. */
const speaksOfMaking = oncePerObject(({ properties }: ResourceDefinition) =>
  JSON.stringify(properties).includes('"s3:CreateBucket"'),
);

function bucketIn(place: string): string {
  return S3_ARN.exec(place)?.[1] ?? '';
}
