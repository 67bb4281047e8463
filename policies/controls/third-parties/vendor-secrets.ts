import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { conditionsOn } from '../../../lib/template/policy-condition';
import {
  coversAction,
  deniesEveryone,
  type PolicyStatement,
  statementsOf,
} from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

export const vendorSecret = 'AWS::SecretsManager::Secret';

/** Name of a secret, empty where Secrets Manager gives it one; undefined where it cannot be read. */
export function nameOfSecret(secret: Subject): string | undefined {
  const name = secret.at('Name').pattern();
  return name.kind === 'known' ? name.value : name.kind === 'absent' ? '' : undefined;
}

/** Secrets of vendors are told by `vendors/` in their name; others are no business of this control. */
export function judgeVendorSecret(secret: Subject): Outcome | readonly Outcome[] {
  const other = notApplicable('it is no secret of a vendor');
  return decide(secret.at('Name').pattern(), {
    known: (name) => (/(^|\/)vendors\//.test(name) ? [...ownKey(secret), ...oneReader(secret)] : other),
    absent: () => other,
  });
}

function ownKey(secret: Subject): readonly Outcome[] {
  return decide(secret.at('KmsKeyId').pattern(), {
    known: (key) => (/alias\/aws\//.test(key) ? finding('platformKey') : satisfied),
    // aws/secretsmanager: https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    absent: () => finding('platformKey'),
  });
}

/** Its policy refuses everybody but one role, so that no IAM policy elsewhere can let another in. */
function oneReader(secret: Subject): readonly Outcome[] {
  const policies = secret.scope.referring(secret, 'AWS::SecretsManager::ResourcePolicy', 'SecretId');
  let hidden: string | undefined;
  for (const policy of policies) {
    const document = statementsOf(policy.at('ResourcePolicy'));
    if (document.kind !== 'known') {
      hidden ??= document.kind === 'unresolved' ? document.reason : undefined;
      continue;
    }
    hidden ??= document.value.unresolved[0]?.reason;
    for (const statement of document.value.statements) {
      const refuses = refusesOthers(statement);
      if (refuses === true) {
        return [satisfied];
      }
      hidden ??= refuses === false ? undefined : refuses;
    }
  }
  return [hidden === undefined ? finding('widelyRead') : notAssessed(hidden)];
}

/** True, false, or why it cannot be told. */
function refusesOthers(statement: PolicyStatement): boolean | string {
  for (const answer of [deniesEveryone(statement), coversAction(statement, 'secretsmanager:GetSecretValue')]) {
    if (answer.kind === 'unresolved') {
      return answer.reason;
    }
    if (!answer.value) {
      return false;
    }
  }
  const { list, unresolved } = statement.conditions;
  const [spared] = conditionsOn(statement, 'aws:PrincipalArn');
  const blind = unresolved[0] ?? spared?.unresolved[0];
  if (blind) {
    return blind.reason;
  }
  // One more condition would refuse fewer
  return (
    list.length === 1 &&
    spared !== undefined &&
    /^(Arn|String)Not(Equals|Like)$/i.test(spared.operator) &&
    spared.values.length === 1 &&
    spared.values.every((role) => !/[*?]/.test(role))
  );
}
