import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { PolicyStatement } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { databases } from '../data-lifecycle/row-sweep';
import { audienceOf } from '../identity/audience';
import { namedIn } from '../logging/scheduled-function';
import { machineBeside } from '../response/state-machine';
import { madeNames } from '../tenancy/tenant-buckets';
import { allows, functionsAsked, roleOf, statementsOfRole, takenOn } from './asked-functions';
import { isErasure } from './erasure-machine';

/** Who erases: the process itself, and the functions that its steps ask. What it may do is read when somebody asks: for each store one decides. */
export class Eraser {
  private statementsRead?: readonly PolicyStatement[];

  constructor(
    readonly machine: Subject,
    readonly functions: readonly Subject[],
  ) {}

  get statements(): readonly PolicyStatement[] {
    this.statementsRead ??= this.readStatements();
    return this.statementsRead;
  }

  private readStatements(): readonly PolicyStatement[] {
    const { scope } = this.machine;
    const roles = [...this.functions.flatMap((code) => roleOf(code, 'Role')), ...roleOf(this.machine, 'RoleArn')];
    const own = roles.flatMap((role) => statementsOfRole(role, scope));
    return [...own, ...takenOn(own, this.machine).flatMap((role) => statementsOfRole(role, scope))];
  }
}

const machineType = 'AWS::StepFunctions::StateMachine';

/** The processes that erase tenants, with all that they may do. */
export function erasersIn(scope: Scope): readonly Eraser[] {
  return scope.resources(machineType).flatMap((subject) => {
    const machine = machineBeside(subject);
    if (typeof machine === 'string' || !isErasure(machine)) {
      return [];
    }
    return [new Eraser(subject, functionsAsked(machine, subject))];
  });
}

/** Whether something erases what a tenant has in a store that keeps it for as long as the account is in use. */
export function judgeErased(store: Subject, erasers: readonly Eraser[], eachHasBucket: boolean): Outcome {
  if (store.type === 'AWS::Cognito::UserPool') {
    return judgePool(store, erasers);
  }
  if (databases.includes(store.type)) {
    return erasers.some(({ functions }) =>
      functions.some((code) => namedIn(code, databases).some(({ definition }) => definition === store.definition)),
    )
      ? satisfied
      : finding('storeLeft', undefined, { how: 'no function of it is told the address of the database' });
  }
  if (store.type === 'AWS::S3::Bucket') {
    if (eachHasBucket) {
      return notApplicable('each customer has a bucket of its own, and this one is for nobody (ten-03)');
    }
    const lacking = fileActions.find((action) => !erasers.some((eraser) => mayOn(eraser, action, ofBucket(store))));
    return lacking === undefined ? satisfied : finding('storeLeft', undefined, { how: `nobody there may ${lacking}` });
  }
  if (store.type === 'AWS::SES::ContactList') {
    return notApplicable('what somebody opted out of stays known, or the next mail would go out: GDPR Art. 21(3)');
  }
  return notAssessed(`how one customer is erased from ${store.type} is not known to this control`);
}

/** Versions and the parts of unfinished uploads are files too. */
const fileActions = ['s3:DeleteObjectVersion', 's3:AbortMultipartUpload'];

/** A tag of the session, by which the policy of one tenant goes. */
const ofSession = '${aws:PrincipalTag/tenant}';

const ofBucket =
  ({ logicalId }: Subject) =>
  (place: string) =>
    [`\${${logicalId}.Arn}/*`, `\${${logicalId}.Arn}/${ofSession}/*`].includes(place);

function judgePool(pool: Subject, erasers: readonly Eraser[]): Outcome {
  const audience = audienceOf(pool);
  if (audience.kind === 'unknown') {
    return notAssessed(audience.reason, audience.property);
  }
  // What only looks like a pool of staff may hold customers: here that is the stricter guess
  if (audience.kind === 'staff' && audience.tagged) {
    return notApplicable('it holds staff, who belong to no customer');
  }
  const action = 'cognito-idp:AdminDeleteUser';
  const isErased = erasers.some(
    (eraser) =>
      eraser.functions.some((code) =>
        namedIn(code, [pool.type]).some(({ definition }) => definition === pool.definition),
      ) && mayOn(eraser, action, (place) => place === `\${${pool.logicalId}.Arn}`),
  );
  return isErased
    ? satisfied
    : finding('storeLeft', undefined, { how: `no function of it is told the pool and may call ${action} there` });
}

const isOf = (start: string) => (place: string) =>
  ['*', ofSession].some((rest) => place.endsWith(`:::${start}${rest}/*`));

/** Starts of the names of buckets that are made for tenants, and that nobody erases. */
export function bucketsLeft(scope: Scope, erasers: readonly Eraser[]): readonly string[] {
  return madeNames(scope).filter((start) =>
    fileActions.some((action) => !erasers.some((eraser) => mayOn(eraser, action, isOf(start)))),
  );
}

export function mayOn({ statements }: Eraser, action: string, isThere: (place: string) => boolean): boolean {
  return statements.some((statement) => allows(statement, action, isThere));
}
