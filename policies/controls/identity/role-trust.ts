import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { narrows, type PolicyCondition } from '../../../lib/template/policy-condition';
import {
  type PolicyPrincipal,
  type PolicyStatement,
  reachesAnyone,
  statementsOf,
} from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

/**
 * Services that take on a role only for what is in the same account, and send neither `aws:SourceArn` nor `aws:SourceAccount` when they do.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
const ownAccountOnly =
  /^(lambda|edgelambda|ec2|cloudformation|pods\.eks|eks|ecs|spotfleet)\.amazonaws\.(com|eu)(\.cn)?$/;

/** Judges who may take on a role. */
export function judgeTrust(role: Subject): readonly Outcome[] {
  const own = role.scope.graph.templates.flatMap(({ origin }) => origin.account ?? []);
  return decide(statementsOf(role.at('AssumeRolePolicyDocument')), {
    known: ({ statements, unresolved }) => [
      ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
      ...statements.filter(({ effect }) => effect === 'Allow').flatMap((each) => judgeStatement(each, own)),
    ],
    absent: () => notAssessed('a role needs a trust policy'),
  });
}

function judgeStatement(statement: PolicyStatement, own: readonly string[]): readonly Outcome[] {
  const { principals, principalPath } = statement;
  const isEmpty = principals.values.length === 0 && principals.unresolved.length === 0;
  if (isEmpty && principals.form !== 'except') {
    return [notAssessed('a statement of a trust policy needs a principal', principalPath)];
  }
  const hidden = principals.unresolved.map(({ reason, property }) => notAssessed(reason, property));
  return [
    ...hidden,
    ...judgeAnyone(statement),
    ...principals.values.flatMap((each) => judgePrincipal(each, statement, own)),
  ];
}

function judgeAnyone(statement: PolicyStatement): readonly Outcome[] {
  return decide(reachesAnyone(statement), {
    known: (anyone) => (anyone ? judgeNarrow(statement, 'anyoneAssumes') : []),
    absent: () => [],
  });
}

function judgePrincipal(
  { kind, id }: PolicyPrincipal,
  statement: PolicyStatement,
  own: readonly string[],
): readonly Outcome[] {
  switch (kind) {
    case 'Service':
      return ownAccountOnly.test(id) || hasExternalId(statement) ? [] : judgeNarrow(statement, 'confusedDeputy', id);
    case 'Federated':
      return /:saml-provider\//.test(id) ? [] : judgeToken(id, statement);
    case 'AWS':
      return judgeAccount(id, statement, own);
    default:
      return [];
  }
}

/**
 * Another account comes by a role for whoever asks it to: an external id says for whom. Accounts of the same assembly are no strangers; whether others are
 * is not written here.
 */
function judgeAccount(id: string, statement: PolicyStatement, own: readonly string[]): readonly Outcome[] {
  const account = /^(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::.*)?$/.exec(id)?.[1];
  if (account === undefined || own.includes(account) || hasExternalId(statement)) {
    return [];
  }
  return decide(narrows(statement), {
    known: (isNarrow) =>
      isNarrow
        ? satisfied
        : notAssessed(
            `whether account ${account} is one of ours is not in the templates: ask it for sts:ExternalId or aws:PrincipalOrgID`,
            statement.principalPath,
          ),
    absent: () => [],
  });
}

function judgeNarrow(statement: PolicyStatement, message: string, service = ''): readonly Outcome[] {
  return decide(narrows(statement), {
    known: (isNarrow) => (isNarrow ? satisfied : finding(message, statement.principalPath, { service })),
    absent: () => [],
  });
}

/** Cognito sends the external id that the user pool was given. */
function hasExternalId({ conditions }: PolicyStatement): boolean {
  return conditions.list.some((each) => each.key.toLowerCase() === 'sts:externalid' && isExact(each));
}

function isExact({ operator, quantifier, ifExists, values, unresolved }: PolicyCondition): boolean {
  return (
    /^StringEquals$/i.test(operator) &&
    quantifier === undefined &&
    !ifExists &&
    unresolved.length === 0 &&
    values.length > 0 &&
    values.every((value) => !/[*?]/.test(value))
  );
}

/**
 * A token of another house says who it is for (`aud`) and about whom (`sub`). For GitHub the latter must name the environment: otherwise every branch and
 * every pull request may come. Identity pools of Cognito name the pool in `aud` instead.
 *
 * Source: https://docs.github.com/en/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-amazon-web-services
 */
function judgeToken(provider: string, statement: PolicyStatement): readonly Outcome[] {
  const claims = (name: string) =>
    statement.conditions.list.filter(({ key }) => key.toLowerCase().endsWith(`:${name}`));
  const isCognito = /cognito-identity\.amazonaws\.com$/.test(provider);
  const exact = (name: string) => claims(name).some(isExact);
  const environment = (value: string) => /^repo:[^:]+\/[^:]+:environment:[^:]+$/.test(value);
  const isGithub = claims('sub').some(({ key }) => /token\.actions\.githubusercontent\.com/i.test(key));
  const named = !isGithub || claims('sub').every(({ values }) => values.every(environment));
  const hidden =
    statement.conditions.unresolved[0] ?? [...claims('aud'), ...claims('sub')].flatMap((each) => each.unresolved)[0];
  if (exact('aud') && (isCognito || (exact('sub') && named))) {
    return [satisfied];
  }
  return [hidden ? notAssessed(hidden.reason, hidden.property) : finding('openToken', statement.conditionPath)];
}
