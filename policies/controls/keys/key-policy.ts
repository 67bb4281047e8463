import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { type Answer, narrows } from '../../../lib/template/policy-condition';
import {
  coversAction,
  matchesAction,
  type PolicyStatement,
  reachesAnyone,
  statementsOf,
} from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

/** With any of these a principal can take the key away from everybody, or give it to anybody. */
const administration = [
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:DisableKey',
  'kms:DeleteImportedKeyMaterial',
];
/** With any of these it handles data. */
const use = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:Sign', 'kms:GenerateMac'];

/** What one principal may do, and the statement that added the last of it. */
interface Powers {
  administers: Answer;
  uses: Answer;
  property: string;
}

/**
 * Judges whom a key policy lets do what. The root of the own account is no caller but a delegation to IAM, so that nobody is locked
 * out: it may hold everything. Everybody else administers the key or uses it, not both.
 */
export function judgeKeyPolicy(key: Subject): readonly Outcome[] {
  return decide(statementsOf(key.at('KeyPolicy')), {
    known: ({ statements, unresolved }) => {
      const allowing = statements.filter(({ effect }) => effect === 'Allow');
      return [
        satisfied,
        ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
        ...allowing.flatMap(judgeReach),
        ...judgeSeparation(allowing, key),
      ];
    },
    // KMS writes the delegation to the account's root: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    absent: () => satisfied,
  });
}

function judgeReach(statement: PolicyStatement): readonly Outcome[] {
  const { form, values, unresolved } = statement.principals;
  if (form !== 'except' && values.length === 0 && unresolved.length === 0) {
    return [notAssessed('a statement of a key policy needs a principal', statement.principalPath)];
  }
  return decide(reachesAnyone(statement), {
    known: (anyone) =>
      anyone
        ? decide(narrows(statement), {
            known: (isNarrow) => (isNarrow ? satisfied : finding('anyone', statement.principalPath)),
            absent: () => satisfied,
          })
        : satisfied,
    absent: () => satisfied,
  });
}

function judgeSeparation(statements: readonly PolicyStatement[], key: Subject): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  const byPrincipal = new Map<string, Powers>();
  for (const statement of statements) {
    const strangers = statement.principals.values.filter(({ id }) => !isOwnRoot(id, key));
    if (strangers.length === 0) {
      continue;
    }
    if (statement.actions.form === 'absent') {
      outcomes.push(notAssessed('a statement of a key policy needs actions', statement.actionPath));
    } else if (statement.actions.values.some((action) => isEverything(action, statement))) {
      outcomes.push(finding('allActions', statement.actionPath, { principal: strangers[0]?.id }));
    } else {
      note(
        statement,
        strangers.map(({ id }) => id),
        byPrincipal,
      );
    }
  }
  return [...outcomes, ...[...byPrincipal].flatMap(([principal, powers]) => judgePowers(principal, powers))];
}

function isEverything(action: string, { actions }: PolicyStatement): boolean {
  return actions.form === 'only' && matchesAction(action, 'kms:*');
}

function note(statement: PolicyStatement, principals: readonly string[], byPrincipal: Map<string, Powers>): void {
  const administers = coversAny(statement, administration);
  const uses = coversAny(statement, use);
  for (const principal of principals) {
    const known = byPrincipal.get(principal);
    byPrincipal.set(principal, {
      administers: either(known?.administers, administers),
      uses: either(known?.uses, uses),
      property: statement.actionPath,
    });
  }
}

function coversAny(statement: PolicyStatement, actions: readonly string[]): Answer {
  return actions.map((action) => coversAction(statement, action)).reduce(either);
}

/** Yes where one of them is; unseen where one might be. */
function either(one: Answer | undefined, other: Answer): Answer {
  if (one === undefined || (one.kind === 'known' && !one.value)) {
    return other;
  }
  return one.kind === 'unresolved' && other.kind === 'known' && other.value ? other : one;
}

function judgePowers(principal: string, { administers, uses, property }: Powers): readonly Outcome[] {
  const is = (answer: Answer, value: boolean) => answer.kind === 'known' && answer.value === value;
  if (is(administers, true) && is(uses, true)) {
    return [finding('mixed', property, { principal })];
  }
  const hidden = [administers, uses].find((answer) => answer.kind === 'unresolved');
  const isDecided = is(administers, false) || is(uses, false);
  return hidden?.kind === 'unresolved' && !isDecided ? [notAssessed(hidden.reason, hidden.property)] : [];
}

/**
 * The account that the key lies in, as its number or as its root. Where the account is not known, a number is taken for its own; but what a stack set
 * brings lies in many accounts, so that no number is.
 */
function isOwnRoot(id: string, key: Subject): boolean {
  const account = /^(?:arn:(?:[^:$]|\$\{[^}]*\})+:iam::)?(\d{12}|\$\{AWS::AccountId\})(?::root)?$/.exec(id)?.[1];
  const own = key.template.origin.account;
  const isAnywhere = own === undefined && key.scope.graph.carrier === undefined;
  return account !== undefined && (account.startsWith('$') || isAnywhere || account === own);
}
