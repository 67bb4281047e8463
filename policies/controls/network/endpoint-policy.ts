import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { conditionsOn } from '../../../lib/template/policy-condition';
import { deniesEveryone, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

/** Whose resources are reached. Whose identity reaches them does not suffice: one's own can write to a stranger's bucket. */
const owners = ['aws:ResourceAccount', 'aws:ResourceOrgID', 'aws:ResourceOrgPaths'];

/**
 * What a private door to AWS lets through. It lies inside the firewall, so its policy is all that keeps data from the accounts of
 * strangers: every statement must be bound to resources of one's own, or name them.
 */
export function judgeEndpointPolicy(endpoint: Subject): Outcome | readonly Outcome[] {
  const service = endpoint.at('ServiceName').pattern();
  const type = endpoint.text('VpcEndpointType');
  if (type.kind === 'known' && type.value !== 'Gateway' && type.value !== 'Interface') {
    return notApplicable('it takes no policy');
  }
  if (service.kind === 'known' && !/^com\.amazonaws\.(?!vpce\.)|^eu\.amazonaws\./.test(service.value)) {
    return notApplicable('it leads to a service of one vendor, not to AWS');
  }
  return [
    ...(service.kind === 'known' ? [] : [notAssessed('which service it leads to is not known', service.property)]),
    ...(type.kind === 'unresolved' ? [notAssessed(type.reason, type.property)] : []),
    ...decide(statementsOf(endpoint.at('PolicyDocument')), {
      known: ({ statements, unresolved }) => {
        const refuses = statements.some(refusesStrangers);
        return [
          satisfied,
          ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
          ...(refuses ? [] : statements.filter(({ effect }) => effect === 'Allow').flatMap(judgeStatement)),
        ];
      },
      // Everything: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
      absent: () => finding('openEndpoint'),
    }),
  ];
}

function judgeStatement(statement: PolicyStatement): readonly Outcome[] {
  const conditions = owners.flatMap((key) => conditionsOn(statement, key));
  const isBound = conditions.some(
    ({ operator, ifExists, quantifier, values, unresolved }) =>
      /^String(Equals|Like|EqualsIgnoreCase)$/i.test(operator) &&
      !ifExists &&
      quantifier !== 'ForAllValues' &&
      unresolved.length === 0 &&
      values.length > 0 &&
      values.every((value) => !/[*?]/.test(value.replace(/\/\*$/, ''))),
  );
  if (isBound) {
    return [satisfied];
  }
  const [hidden] = [...conditions.flatMap(({ unresolved }) => unresolved), ...statement.conditions.unresolved];
  if (hidden) {
    return [notAssessed(hidden.reason, hidden.property)];
  }
  const { form, values, unresolved } = statement.resources;
  const named = form === 'only' && values.length > 0 && values.every(isNamed);
  return named && unresolved[0]
    ? [notAssessed(unresolved[0].reason, unresolved[0].property)]
    : [named ? satisfied : finding('openEndpoint', statement.property)];
}

/** An ARN whose owner or name is written out: buckets have no owner in theirs. */
function isNamed(arn: string): boolean {
  const [, , , , account = '', ...rest] = arn.replace(/\$\{[^}]*\}/g, 'x').split(':');
  return account === '' ? /^[^*?/]+(\/|$)/.test(rest.join(':')) : /^(\d{12}|x)$/.test(account);
}

function refusesStrangers(statement: PolicyStatement): boolean {
  if (statement.effect === 'Allow') {
    return false;
  }
  const everyone = deniesEveryone(statement);
  const { list, unresolved } = statement.conditions;
  return (
    everyone.kind === 'known' &&
    everyone.value &&
    statement.actions.form === 'only' &&
    statement.actions.values.includes('*') &&
    statement.resources.values.includes('*') &&
    unresolved.length === 0 &&
    list.length === 1 &&
    owners.some((key) => conditionsOn(statement, key).some(({ operator }) => /^StringNotEquals/i.test(operator)))
  );
}
