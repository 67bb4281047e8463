import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { conditionsOn } from '../../../lib/template/policy-condition';
import {
  coversAction,
  deniesEveryone,
  type PolicyStatement,
  statementsOf,
} from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

export interface ExportDays {
  /** Days for which an export is kept at most, and another day for what was replaced. */
  readonly keepDays: number;
  /** Minutes for which a link works at most. */
  readonly linkMinutes: number;
}

const blocks = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** Whether exports lie where nobody outside comes, under a key, for a few days, and behind links that end. */
export function judgeExportBucket(bucket: Subject, scope: Scope, days: ExportDays): readonly Outcome[] {
  const outcomes = [
    ...blocks.flatMap((name) =>
      decide(bucket.bool(`PublicAccessBlockConfiguration.${name}`), {
        known: (on) => (on ? satisfied : finding('public')),
        absent: () => finding('public'),
      }),
    ),
    ...encryption(bucket),
    ...expiry(bucket, days.keepDays),
    ...links(bucket, scope, days.linkMinutes),
    ...selfService(bucket, scope),
  ];
  const faults = outcomes.filter(({ verdict }) => verdict !== 'satisfied');
  return faults.length > 0 ? faults : [satisfied];
}

function encryption(bucket: Subject): readonly Outcome[] {
  return decide(bucket.items('BucketEncryption.ServerSideEncryptionConfiguration'), {
    known: (rules) =>
      rules.flatMap((rule) =>
        decide(rule.at('ServerSideEncryptionByDefault.SSEAlgorithm').text(), {
          known: (name) => (/^aws:kms(:dsse)?$/.test(name) ? satisfied : finding('unencrypted')),
          absent: () => finding('unencrypted'),
        }),
      ),
    absent: () => finding('unencrypted'),
  });
}

function expiry(bucket: Subject, most: number): readonly Outcome[] {
  return decide(bucket.items('LifecycleConfiguration.Rules'), {
    known: (rules) => {
      const whole = rules.filter((rule) => isOn(rule) && isWhole(rule));
      return [
        ...endsBy(whole, 'ExpirationInDays', most),
        // What was replaced or deleted is there as long as its version
        ...(bucket.at('VersioningConfiguration').state() === 'absent'
          ? []
          : endsBy(whole, 'NoncurrentVersionExpiration.NoncurrentDays', most)),
      ];
    },
    absent: () => finding('keptTooLong', undefined, { most, kept: 'ever' }),
  });
}

function endsBy(rules: readonly Node[], path: string, most: number): readonly Outcome[] {
  const readings = rules.map((rule) => rule.at(path).number()).filter(({ kind }) => kind !== 'absent');
  const known = readings.flatMap((reading) => (reading.kind === 'known' ? [reading.value] : []));
  if (known.some((days) => days <= most)) {
    return [satisfied];
  }
  const hidden = readings.find(({ kind }) => kind === 'unresolved');
  return hidden?.kind === 'unresolved'
    ? [notAssessed(hidden.reason, hidden.property)]
    : [finding('keptTooLong', undefined, { most, kept: known.length > 0 ? `${Math.min(...known)} days` : 'ever' })];
}

function isOn(rule: Node): boolean {
  const status = rule.at('Status').text();
  return status.kind === 'known' && status.value === 'Enabled';
}

function isWhole(rule: Node): boolean {
  return ['Prefix', 'TagFilters', 'ObjectSizeGreaterThan', 'ObjectSizeLessThan'].every(
    (path) => rule.at(path).resolved.kind === 'absent',
  );
}

/** The bucket itself refuses what was signed too long ago: whoever signs cannot make a link that lasts. */
function links(bucket: Subject, scope: Scope, minutes: number): readonly Outcome[] {
  const most = minutes * 60_000;
  const ages = scope
    .referring(bucket, 'AWS::S3::BucketPolicy', 'Bucket')
    .flatMap((policy) => {
      const document = statementsOf(policy.at('PolicyDocument'));
      return document.kind === 'known' ? document.value.statements : [];
    })
    .filter((statement) => refusesReading(statement, bucket))
    .flatMap((statement) => agesIn(statement));
  if (ages.length === 0) {
    return [finding('linkLasts')];
  }
  const shortest = Math.min(...ages);
  return shortest <= most
    ? [satisfied]
    : [finding('linkTooLong', undefined, { kept: shortest / 60_000, most: minutes })];
}

function refusesReading(statement: PolicyStatement, { logicalId }: Subject): boolean {
  const everyone = deniesEveryone(statement);
  const reads = coversAction(statement, 's3:GetObject');
  return (
    everyone.kind === 'known' &&
    everyone.value &&
    reads.kind === 'known' &&
    reads.value &&
    statement.resources.form === 'only' &&
    statement.resources.values.includes(`\${${logicalId}.Arn}/*`)
  );
}

/** Milliseconds after which a signature is refused, where nothing else is asked for beside. */
function agesIn(statement: PolicyStatement): readonly number[] {
  const { list, unresolved } = statement.conditions;
  const ages = conditionsOn(statement, 's3:signatureAge').filter(
    ({ operator, quantifier, values }) =>
      /^NumericGreaterThan(Equals)?$/i.test(operator) && quantifier === undefined && values.length === 1,
  );
  return list.length === 1 && unresolved.length === 0
    ? ages.map(({ values }) => Number(values[0])).filter((age) => Number.isFinite(age))
    : [];
}

/** A tenant asks and fetches in a session of its own, without anybody of ours. */
function selfService(bucket: Subject, scope: Scope): readonly Outcome[] {
  const folder = `\${${bucket.logicalId}.Arn}/\${aws:PrincipalTag/tenant}/`;
  const asks = ['AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy']
    .flatMap((type) => scope.resources(type))
    .some((policy) => {
      const text = JSON.stringify(policy.definition.properties);
      if (!(text.includes('s3:PutObject') && text.includes('requests/'))) {
        return false;
      }
      const document = statementsOf(policy.at('PolicyDocument'));
      const statements = document.kind === 'known' ? document.value.statements : [];
      const may = (action: string, place: (value: string) => boolean) =>
        statements.some((statement) => {
          const covers = coversAction(statement, action);
          const { form, values } = statement.resources;
          return (
            statement.effect === 'Allow' &&
            covers.kind === 'known' &&
            covers.value &&
            form === 'only' &&
            values.some(place)
          );
        });
      return (
        may('s3:PutObject', (value) => value.startsWith(`${folder}requests/`)) &&
        may('s3:GetObject', (value) => value.startsWith(`${folder}exports/`))
      );
    });
  return asks ? [satisfied] : [finding('notSelfService')];
}
