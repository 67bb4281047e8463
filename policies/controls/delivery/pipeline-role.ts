import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { PolicyCondition } from '../../../lib/template/policy-condition';
import { type PolicyPrincipal, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';
import { judgePipelineGrants } from './pipeline-grants';

export const roleType = 'AWS::IAM::Role';
const trustPath = 'AssumeRolePolicyDocument';

/** Whoever signs the tokens of GitHub Actions. */
export const githubIssuer = /token\.actions\.githubusercontent\.com/i;

/** Identity pools and clusters sign tokens too, for people and for containers: neither is a pipeline. */
const otherTokens = /cognito-identity\.|oidc\.eks\.|:saml-provider\//i;

/** Whether a pipeline of another house takes on the role with a token; undefined where its trust cannot be read. */
export function isPipeline(role: Subject): boolean | undefined {
  const trust = statementsOf(role.at(trustPath));
  if (trust.kind !== 'known') {
    return undefined;
  }
  const allowing = trust.value.statements.filter(({ effect }) => effect === 'Allow');
  const isHidden =
    trust.value.unresolved.length > 0 || allowing.some(({ principals }) => principals.unresolved.length > 0);
  return allowing.some(takesTokens) || (isHidden ? undefined : false);
}

function takesTokens({ principals, conditions }: PolicyStatement): boolean {
  const keys = conditions.list.map(({ key }) => key).join(' ');
  return principals.values.some((principal) => signsTokens(principal) && !otherTokens.test(keys));
}

function signsTokens({ kind, id }: PolicyPrincipal): boolean {
  return kind === 'Federated' && !otherTokens.test(id);
}

/** Judges the role of a pipeline: who takes it on, and what it may do. */
export function judgePipeline(role: Subject): readonly Outcome[] {
  const trusted = decide(statementsOf(role.at(trustPath)), {
    known: ({ statements, unresolved }) => [
      ...unresolved.map(({ reason, property }) => notAssessed(reason, property)),
      ...statements.filter(({ effect }) => effect === 'Allow').flatMap(judgeDoor),
    ],
    absent: () => notAssessed('a role needs a trust policy'),
  });
  return [...trusted, ...judgePipelineGrants(role)];
}

function judgeDoor(statement: PolicyStatement): readonly Outcome[] {
  const { principals, principalPath } = statement;
  const others = principals.values.filter((principal) => !signsTokens(principal)).map(({ id }) => id);
  const hidden = principals.unresolved.map(({ reason, property }) => notAssessed(reason, property));
  if (principals.form !== 'only' || others.length > 0) {
    const principal = others.join(', ') || 'anybody but some';
    return [...hidden, finding('otherDoor', principalPath, { principal })];
  }
  return [...hidden, ...judgeToken(statement)];
}

function judgeToken({ conditions, conditionPath, principals }: PolicyStatement): readonly Outcome[] {
  const onClaim = (name: string) => conditions.list.filter(({ key }) => key.toLowerCase().endsWith(`:${name}`));
  const all = [...onClaim('aud'), ...onClaim('sub')];
  const hidden = conditions.unresolved[0] ?? all.flatMap(({ unresolved }) => unresolved)[0];
  if (hidden) {
    return [notAssessed(hidden.reason, hidden.property)];
  }
  const isGithub = [...all.map(({ key }) => key), ...principals.values.map(({ id }) => id)].some((text) =>
    githubIssuer.test(text),
  );
  if (!isGithub) {
    return [notAssessed('whose tokens it takes, and what they say, is not known here', conditionPath)];
  }
  const audiences = exactValues(onClaim('aud'));
  const subjects = exactValues(onClaim('sub'));
  return [
    audiences?.every((value) => value === 'sts.amazonaws.com') ? satisfied : finding('openAudience', conditionPath),
    ...(subjects === undefined || !subjects.every((value) => repositoryOf(value) !== undefined)
      ? [finding('openSubject', conditionPath)]
      : subjects.length > 1
        ? [finding('severalSubjects', conditionPath, { subjects: subjects.join(', ') })]
        : []),
  ];
}

/** What a claim of the token must be, whole; undefined where anything looser than that lets it pass. */
function exactValues(conditions: readonly PolicyCondition[]): readonly string[] | undefined {
  const exact = conditions.find(
    ({ operator, quantifier, ifExists }) => /^StringEquals$/i.test(operator) && quantifier === undefined && !ifExists,
  );
  return exact && exact.values.length > 0 ? exact.values : undefined;
}

/**
 * The repository in the subject of a token that names an environment of it, with GitHub's ids or without; undefined for any other. A pattern is none:
 * compared whole, an asterisk stands for itself and misleads.
 *
 * Source: https://docs.github.com/en/enterprise-cloud@latest/actions/reference/security/oidc
 */
export function repositoryOf(subject: string): string | undefined {
  return /^repo:([^:*?/]+\/[^:*?/]+):environment:[^:*?]+$/.exec(subject)?.[1];
}

/** The repositories that a role's tokens come from. */
export function repositoriesOf(role: Subject): readonly string[] {
  const trust = statementsOf(role.at(trustPath));
  const statements = trust.kind === 'known' ? trust.value.statements : [];
  return statements
    .flatMap(({ conditions }) => conditions.list.filter(({ key }) => key.toLowerCase().endsWith(':sub')))
    .flatMap(({ values }) => values.flatMap((value) => repositoryOf(value) ?? []));
}
