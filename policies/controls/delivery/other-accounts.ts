import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { PolicyCondition } from '../../../lib/template/policy-condition';
import {
  coversAction,
  type PolicyPrincipal,
  type PolicyStatement,
  reachesAnyone,
  statementsOf,
} from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

/** Policies that stand at data, and the actions with which somebody takes it away. What writes brings none out. */
const doors: Readonly<Record<string, { readonly path: string; readonly takes: readonly string[] }>> = {
  'AWS::KMS::Key': { path: 'KeyPolicy', takes: ['kms:Decrypt', 'kms:ReEncryptFrom', 'kms:CreateGrant'] },
  'AWS::S3::BucketPolicy': { path: 'PolicyDocument', takes: ['s3:GetObject', 's3:GetObjectVersion'] },
  'AWS::SecretsManager::ResourcePolicy': { path: 'ResourcePolicy', takes: ['secretsmanager:GetSecretValue'] },
  'AWS::Backup::BackupVault': { path: 'AccessPolicy', takes: ['backup:CopyFromBackupVault', 'backup:StartRestoreJob'] },
  'AWS::Backup::LogicallyAirGappedBackupVault': {
    path: 'AccessPolicy',
    takes: ['backup:CopyFromBackupVault', 'backup:StartRestoreJob'],
  },
};

export const doorTypes: readonly string[] = Object.keys(doors);

/** Judges whether the policy that stands at data lets anybody of another account take it away. Without a policy nobody else is let in. */
export function judgeDoor(subject: Subject): readonly Outcome[] {
  const door = doors[subject.type];
  if (!door) {
    return [];
  }
  return decide(statementsOf(subject.at(door.path)), {
    known: ({ statements, unresolved }) => [
      satisfied,
      ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
      ...statements
        .filter(({ effect }) => effect === 'Allow')
        .flatMap((each) => judgeStatement(each, door.takes, subject)),
    ],
    absent: () => satisfied,
  });
}

/** What a statement lacks that stands at data; nobody knows what the service makes of it. */
function lacking({ actions, principals }: PolicyStatement): string | undefined {
  if (actions.form === 'absent') {
    return 'a statement of a policy needs actions';
  }
  const isNobody = principals.form !== 'except' && principals.values.length + principals.unresolved.length === 0;
  return isNobody ? 'a statement of a policy at data needs a principal' : undefined;
}

function judgeStatement(statement: PolicyStatement, takes: readonly string[], subject: Subject): readonly Outcome[] {
  const lack = lacking(statement);
  if (lack !== undefined) {
    return [notAssessed(lack, statement.property)];
  }
  const answers = takes.map((action) => coversAction(statement, action));
  if (answers.every((answer) => answer.kind === 'known' && !answer.value)) {
    return [];
  }
  const hidden = answers.find((answer) => answer.kind === 'unresolved');
  if (hidden?.kind === 'unresolved') {
    return [notAssessed(hidden.reason, hidden.property)];
  }
  return decide(reachesAnyone(statement), {
    known: (anyone) => (anyone ? judgeConditions(statement, subject) : judgePrincipals(statement, subject)),
    absent: () => satisfied,
  });
}

/** Conditions whose value is the account of the caller, or an ARN that has it in it. That of an organization lets every environment in. */
const ownerKeys = [
  'aws:principalaccount',
  'kms:calleraccount',
  'aws:sourceaccount',
  'aws:principalarn',
  'aws:sourcearn',
];

function judgeConditions(statement: PolicyStatement, subject: Subject): readonly Outcome[] {
  const { list, unresolved } = statement.conditions;
  const about = list.filter(isAboutOwner);
  if (about.some((each) => each.unresolved.length === 0 && each.values.every((value) => isOwn(value, subject)))) {
    return [satisfied];
  }
  const [hidden] = [...about.flatMap((each) => each.unresolved), ...unresolved];
  return [
    hidden
      ? notAssessed(hidden.reason, hidden.property)
      : finding('forOthers', statement.principalPath, { who: 'everybody that no condition on the account keeps out' }),
  ];
}

function isAboutOwner({ key, operator, quantifier, ifExists, values }: PolicyCondition): boolean {
  return (
    ownerKeys.includes(key.toLowerCase()) &&
    /^(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like))$/i.test(operator) &&
    quantifier !== 'ForAllValues' &&
    !ifExists &&
    values.length > 0
  );
}

/** A template that a stack set carries is in many accounts: a number in it is that of another one in all of them but one. */
function judgePrincipals(statement: PolicyStatement, subject: Subject): readonly Outcome[] {
  const isPlaced = subject.template.origin.account !== undefined || subject.scope.carrier !== undefined;
  return statement.principals.values.filter(isAccount).flatMap(({ kind, id }) => {
    const property = statement.principalPath;
    if (kind === 'CanonicalUser') {
      return [notAssessed(`which account the canonical user ${id} is of cannot be known`, property)];
    }
    if (isOwn(id, subject)) {
      return [satisfied];
    }
    return [
      isPlaced
        ? finding('forOthers', property, { who: id })
        : notAssessed(`whether ${id} is of the same account: the template does not say where it is deployed`, property),
    ];
  });
}

/** A service acts for somebody, and on whose behalf it may is judged at the key (key-01); tokens of other houses name no account. */
function isAccount({ kind }: PolicyPrincipal): boolean {
  return kind === 'AWS' || kind === 'CanonicalUser';
}

/** A reference leads to what is deployed together, which is in the same account or names its own. */
function isOwn(id: string, subject: Subject): boolean {
  const account =
    /^(\d{12})$/.exec(id)?.[1] ?? /^arn:(?:[^:$]|\$\{[^}]*\})*:[a-z0-9-]+:[^:]*:([^:]*):/.exec(pseudo(id))?.[1];
  return account === undefined ? /\$\{/.test(id) : account === 'own' || account === subject.template.origin.account;
}

/** The two colons of a pseudo parameter would be taken for those of the ARN. */
function pseudo(id: string): string {
  return id.replaceAll('${AWS::AccountId}', 'own').replace(/\$\{AWS::(\w+)\}/g, '$1');
}
