import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { conditionsOn } from '../../../lib/template/policy-condition';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { databases } from '../data-lifecycle/row-sweep';
import { audienceOf } from '../identity/audience';
import { namedIn } from '../logging/scheduled-function';
import { machineBeside } from '../response/state-machine';
import { madeNames } from '../tenancy/tenant-buckets';
import { allows, functionsAsked, roleOf, statementsOfRole, takenOn } from './asked-functions';
import { isExport } from './export-machine';

const machineType = 'AWS::StepFunctions::StateMachine';

/** What works for an export: functions, what they may do themselves, and the sessions that they take on. */
export interface Exporter {
  readonly machine: Subject;
  readonly functions: readonly Subject[];
  readonly own: readonly PolicyStatement[];
  readonly sessions: readonly { readonly role: Subject; readonly statements: readonly PolicyStatement[] }[];
}

/** The processes that export what is of a tenant. */
export function exportersIn(scope: Scope): readonly Exporter[] {
  return scope.resources(machineType).flatMap((machine) => {
    const read = machineBeside(machine);
    if (typeof read === 'string' || !isExport(read)) {
      return [];
    }
    const functions = functionsAsked(read, machine);
    const own = functions.flatMap((code) => roleOf(code, 'Role')).flatMap((role) => statementsOfRole(role, scope));
    // Without the second action nobody can name a tenant
    const named = (role: Subject) => (place: string) => place === `\${${role.logicalId}.Arn}`;
    const sessions = takenOn(own, machine)
      .filter((role) => own.some((each) => allows(each, 'sts:TagSession', named(role))))
      .map((role) => ({ role, statements: statementsOfRole(role, scope) }));
    return [{ machine, functions, own, sessions }];
  });
}

/** What comes upon rows and files. */
const dataActions = ['rds-db:connect', 's3:GetObject', 's3:PutObject', 'secretsmanager:GetSecretValue'];

/** A tag of the session, by which the policy of one tenant goes. */
const tag = '${aws:PrincipalTag/tenant}';

/** Whether an export reads in a session of one tenant, and with nothing else. */
export function sessionFaults({ own, sessions }: Exporter, mode: string): readonly Outcome[] {
  const outright = dataActions.find((action) => own.some((statement) => reaches(statement, action)));
  return [
    ...(outright ? [finding('readsAsAll', undefined, { action: outright })] : []),
    ...sessions.flatMap(({ role, statements }) => [
      ...(isTagged(role) ? [] : [finding('untagged', undefined, { role: role.logicalId })]),
      ...statements
        .flatMap((statement) => unboundIn(statement, mode))
        .map((place) => finding('unbound', undefined, { place })),
    ]),
  ];
}

function reaches(statement: PolicyStatement, action: string): boolean {
  const covers = coversAction(statement, action);
  return statement.effect === 'Allow' && (covers.kind !== 'known' || covers.value);
}

/** Places in a statement that are not one tenant's. The key opens nothing by itself. */
function unboundIn(statement: PolicyStatement, mode: string): readonly string[] {
  const { form, unresolved, values } = statement.resources;
  const places = form === 'only' && unresolved.length === 0 ? values : ['*'];
  const isOfDatabase = reaches(statement, 'rds-db:connect');
  const isOfFiles = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].some((action) => reaches(statement, action));
  return places.filter(
    (place) => (isOfDatabase && !isUserOfTenant(place, mode)) || (isOfFiles && !isFolderOfTenant(place)),
  );
}

/** Where tenants share a database, a fixed user is bound by the policies of the tables (ten-01); otherwise it must be the tenant's own. */
function isUserOfTenant(place: string, mode: string): boolean {
  const user = place.split('/').slice(1).join('/');
  return user === `tenant_${tag}` || (mode === 'rls' && /^[a-z_]+$/.test(user));
}

function isFolderOfTenant(place: string): boolean {
  return place.includes(`/${tag}/`) || place.endsWith(`${tag}/*`);
}

/** Whether a role can be taken on for a tenant only, and not without naming one. */
function isTagged(role: Subject): boolean {
  const trust = statementsOf(role.at('AssumeRolePolicyDocument'));
  return (
    trust.kind === 'known' &&
    trust.value.unresolved.length === 0 &&
    trust.value.statements
      .filter(({ effect }) => effect === 'Allow')
      .every((statement) =>
        conditionsOn(statement, 'aws:RequestTag/tenant').some(
          ({ ifExists, operator, quantifier, unresolved, values }) =>
            /^StringLike$/i.test(operator) &&
            !ifExists &&
            quantifier === undefined &&
            unresolved.length === 0 &&
            values.length > 0 &&
            values.every((value) => /^[?]{32}$/.test(value)),
        ),
      )
  );
}

/** Buckets that an export is written into. */
export function isExportBucket({ logicalId }: Subject, exporters: readonly Exporter[]): boolean {
  const isThere = (place: string) => place.startsWith(`\${${logicalId}.Arn}/`);
  return mayInSession(exporters, 's3:PutObject', isThere);
}

function mayInSession(exporters: readonly Exporter[], action: string, isThere: (place: string) => boolean): boolean {
  return exporters.some(({ sessions }) =>
    sessions.some(({ statements }) => statements.some((statement) => allows(statement, action, isThere))),
  );
}

/** Whether an export has what a store keeps of a tenant for as long as the account is in use. */
export function judgeExported(store: Subject, exporters: readonly Exporter[], eachHasBucket: boolean): Outcome {
  const tellsOf = (types: readonly string[]) =>
    exporters.flatMap(({ functions, own }) =>
      functions
        .filter((code) => namedIn(code, types).some(({ definition }) => definition === store.definition))
        .map(() => own),
    );
  if (databases.includes(store.type)) {
    const signsIn = mayInSession(exporters, 'rds-db:connect', () => true);
    return signsIn && tellsOf(databases).length > 0
      ? satisfied
      : finding('storeLeft', undefined, {
          how: 'no function of it is told its address and takes on a session that signs in',
        });
  }
  if (store.type === 'AWS::S3::Bucket') {
    if (eachHasBucket) {
      return notApplicable('each customer has a bucket of its own, and this one is for nobody (ten-03)');
    }
    const isThere = (place: string) => place === `\${${store.logicalId}.Arn}/${tag}/*`;
    return mayInSession(exporters, 's3:GetObject', isThere)
      ? satisfied
      : finding('storeLeft', undefined, { how: 'no session of it may s3:GetObject' });
  }
  if (store.type === 'AWS::Cognito::UserPool') {
    const audience = audienceOf(store);
    if (audience.kind === 'unknown') {
      return notAssessed(audience.reason, audience.property);
    }
    if (audience.kind === 'staff' && audience.tagged) {
      return notApplicable('it holds staff, who belong to no customer');
    }
    const isThere = (place: string) => place === `\${${store.logicalId}.Arn}`;
    const lists = (own: readonly PolicyStatement[]) =>
      own.some((statement) => allows(statement, 'cognito-idp:ListUsersInGroup', isThere));
    return tellsOf([store.type]).some(lists)
      ? satisfied
      : finding('storeLeft', undefined, { how: 'no function of it is told the pool and may list who is in a group' });
  }
  if (store.type === 'AWS::SES::ContactList') {
    return notApplicable('who opted out of what is shown where it can be changed, and no customer put it there');
  }
  return notAssessed(`how what is of one customer is exported from ${store.type} is not known to this control`);
}

/** Starts of the names of buckets that are made for tenants, and that no export reads. */
export function bucketsUnread(scope: Scope, exporters: readonly Exporter[]): readonly string[] {
  return madeNames(scope).filter(
    (start) => !mayInSession(exporters, 's3:GetObject', (place) => place.endsWith(`:::${start}${tag}/*`)),
  );
}
