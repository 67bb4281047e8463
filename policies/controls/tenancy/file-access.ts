import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import { isObject } from '../../../lib/template/parse';
import { conditionsOn } from '../../../lib/template/policy-condition';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { receivesLogs } from '../backup/data-buckets';
import { isPassing } from '../data-lifecycle/passing-copies';
import { bucketOfSession, isTenantBucket, tenantBucketNames } from './tenant-buckets';

/** What reads, writes or names objects. */
const objectActions = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:PutObject',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
];
const listActions = ['s3:ListBucket', 's3:ListBucketVersions'];

/** A tag of the session that asks, as the first folder of what it asks for. */
const ownFolder = /^\$\{aws:PrincipalTag\/[\w:+=.@-]+\}\//;

/** What an identity may reach, and what tells tenants apart there. */
class Place {
  private found?: readonly Subject[];

  /**
   * @param isPromised whether each tenant is promised a bucket of its own
   * @param passingDays days after which a copy is gone that may lie in a bucket of all
   */
  constructor(
    readonly scope: Scope,
    readonly isPromised: boolean,
    readonly passingDays: number,
  ) {}

  /** What stands for the files of all tenants: buckets of personal data. Looked for once an identity reaches any object: few do. */
  get buckets(): readonly Subject[] {
    this.found ??= this.scope
      .resources('AWS::S3::Bucket')
      .filter((bucket) => isPersonal(bucket) && !receivesLogs(bucket, this.scope));
    return this.found;
  }
}

/**
 * Whether a policy of an identity reaches the files of one tenant alone: the one that the session is tagged with.
 *
 * @param isPromised whether each tenant is promised a bucket of its own: its folder in one that others use is not enough then, but for copies that
 * pass
 * @param passingDays days after which such a copy is gone
 */
export function judgeFileAccess(
  documents: readonly Node[],
  scope: Scope,
  isPromised: boolean,
  passingDays: number,
): Outcome | readonly Outcome[] {
  const place = new Place(scope, isPromised, passingDays);
  const outcomes = documents.flatMap((document) =>
    decide(statementsOf(document), {
      known: ({ statements, unresolved }) => [
        ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
        ...statements.filter(({ effect }) => effect === 'Allow').flatMap((each) => judgeStatement(each, place)),
      ],
      absent: () => notAssessed('it holds no policy document'),
    }),
  );
  if (outcomes.length === 0) {
    return notApplicable('it reaches no file of a tenant');
  }
  return place.buckets.length > 0 ? outcomes : notApplicable('no bucket of personal data is deployed beside it');
}

/** Said by whoever owns the data: a tag is no property that the service acts on, so it is read as it is written. */
function isPersonal(bucket: Subject): boolean {
  const { properties } = bucket.definition;
  const tags = isObject(properties) ? JSON.stringify(properties.Tags ?? []) : '';
  return /"data-class","Value":"personal"/.test(tags);
}

function judgeStatement(statement: PolicyStatement, where: Place): readonly Outcome[] {
  const { actions, resources, property } = statement;
  if (actions.form === 'absent' || resources.form === 'absent') {
    return [notAssessed('a statement of an identity names actions and resources', property)];
  }
  const objects = anyOf(statement, objectActions);
  const lists = anyOf(statement, listActions);
  if (!objects && !lists) {
    return [];
  }
  const [hidden] = resources.unresolved;
  const places = resources.form === 'except' ? ['*'] : resources.values;
  const reached = places.flatMap((place) => folderIn(place, where.buckets) ?? []);
  return [
    ...(hidden ? [notAssessed(hidden.reason, hidden.property)] : []),
    ...(objects === 'hidden' || lists === 'hidden'
      ? [notAssessed('which actions it allows cannot be read', property)]
      : []),
    ...places.flatMap((place) => judgeBucket(place, property, where)),
    ...reached.flatMap(({ bucket, folder }) => {
      // An ARN of the bucket itself is what is listed; objects stand below it
      const isBucket = folder === '';
      const isBound = isBucket ? !lists || listsOwnFolder(statement) : ownFolder.test(folder);
      if (isBound === 'hidden') {
        return [notAssessed('its condition cannot be read', statement.conditionPath)];
      }
      const kept =
        where.isPromised && !isPassing(bucket, where.passingDays) ? finding('sharedBucket', property) : satisfied;
      return [isBound ? kept : finding('wholeBucket', property)];
    }),
  ];
}

/** Buckets that no template holds: one for each tenant, made when it comes. */
function judgeBucket(place: string, property: string, { isPromised, scope }: Place): readonly Outcome[] {
  const named = bucketOfSession(place);
  if (named === undefined) {
    return isTenantBucket(place, scope) ? [finding('wholeBucket', property)] : [];
  }
  const isMade = !isPromised || tenantBucketNames(scope).some((start) => named === start);
  return [isMade ? satisfied : finding('noMaker', property)];
}

/** Whether one of the actions is covered, or `hidden` where that cannot be read. */
function anyOf(statement: PolicyStatement, actions: readonly string[]): boolean | 'hidden' {
  const answers = actions.map((action) => coversAction(statement, action));
  if (answers.some((answer) => answer.kind === 'known' && answer.value)) {
    return true;
  }
  return answers.some((answer) => answer.kind === 'unresolved') && 'hidden';
}

/** What follows a bucket's name in an ARN; undefined where the ARN is of something else. A wildcard in the name reaches every bucket. */
function folderIn(place: string, buckets: readonly Subject[]): { folder: string; bucket?: Subject } | undefined {
  for (const bucket of buckets) {
    const id = bucket.logicalId;
    const names = [`\${${id}.Arn}`, `\${${id}}`, literalName(bucket)];
    const [name] = names.filter((each) => each !== undefined && place.includes(each));
    if (name !== undefined) {
      return { folder: place.slice(place.indexOf(name) + name.length).replace(/^\//, ''), bucket };
    }
  }
  const [, bucket = '', folder = ''] = /^(?:arn:[^:]*:s3:::)?([^/]*)\/?(.*)$/.exec(place) ?? [];
  const isS3 = place === '*' || /^arn:(\$\{[^}]*\}|[^:])*:s3:::/.test(place);
  return isS3 && /[*?]/.test(bucket) ? { folder: folder || '*' } : undefined;
}

function literalName(bucket: Subject): string | undefined {
  const { resolved } = bucket.at('BucketName');
  return resolved.kind === 'scalar' ? `:::${resolved.value}` : undefined;
}

function listsOwnFolder(statement: PolicyStatement): boolean | 'hidden' {
  const conditions = conditionsOn(statement, 's3:prefix');
  const isBound = conditions.some(
    ({ operator, ifExists, quantifier, values, unresolved }) =>
      /^String(Equals|Like)$/i.test(operator) &&
      !ifExists &&
      quantifier === undefined &&
      unresolved.length === 0 &&
      values.length > 0 &&
      values.every((value) => ownFolder.test(value)),
  );
  const isHidden =
    statement.conditions.unresolved.length > 0 || conditions.some(({ unresolved }) => unresolved.length > 0);
  return isBound || (isHidden && 'hidden');
}
