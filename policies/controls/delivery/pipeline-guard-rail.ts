import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { coversAction, type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { UnresolvedReading } from '../../../lib/template/reading';
import type { Subject } from '../../../lib/template/subject';
import { matchesWildcard } from '../../../lib/template/wildcard';
import { policyType } from './environments';

/** What changes a stack, by itself or by a change set. */
const deployingActions = ['CreateStack', 'UpdateStack', 'DeleteStack', 'CreateChangeSet', 'ExecuteChangeSet'].map(
  (name) => `cloudformation:${name}`,
);

/** The way for emergencies, which no account can make: its path belongs to Identity Center. */
export const emergencies = /:role\/aws-reserved\/sso\.amazonaws\.com\/.*(BreakGlass|Emergency)/;

/** Roles with which CloudFormation and the CDK deploy. */
const deploying = /:role\/(cdk-[\w*?-]+-(deploy|cfn-exec)-role-[\w*?-]+|stacksets-exec-[\w*?-]+)$/;

/**
 * Judges whether guard-rails keep everybody but the pipeline from deploying to its account: from changing stacks, and from taking on the roles that
 * change them, which trust every principal of the account.
 *
 * Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export function judgeGuardRail(pipeline: Subject, presentOnly: boolean): readonly Outcome[] {
  const { account, region } = pipeline.template.origin;
  if (account === undefined || !/^\d{12}$/.test(account) || region === undefined) {
    return [notAssessed('which account and Region it deploys to is not in the templates')];
  }
  const { statements, hidden } = denialsFor(account, pipeline);
  const name = pipeline.text('RoleName');
  const own = name.kind === 'known' ? `:role/${name.value}` : undefined;
  const mayDeploy = (value: string) => emergencies.test(value) || deploying.test(value);
  const mayTakeOn = (value: string) => emergencies.test(value) || (own !== undefined && value.endsWith(own));
  return [
    ...judgeDenial(statements.filter(deniesDeploying), mayDeploy, 'anybodyDeploys'),
    ...judgeDenial(
      statements.filter((statement) => deniesTakingOn(statement, account, region)),
      mayTakeOn,
      'anybodyTakesOn',
    ),
  ].map((outcome) => {
    if (outcome.verdict !== 'not-satisfied' || outcome.message === 'spares') {
      return outcome;
    }
    return presentOnly
      ? notApplicable('no guard-rails are deployed with it')
      : hidden
        ? notAssessed(hidden.reason, hidden.property)
        : outcome;
  });
}

function judgeDenial(
  denials: readonly PolicyStatement[],
  maySpare: (value: string) => boolean,
  message: string,
): readonly Outcome[] {
  const strays = denials.map((statement) => sparedBy(statement)?.find((value) => !maySpare(value)));
  if (denials.length === 0) {
    return [finding(message)];
  }
  const [stray] = strays;
  return strays.includes(undefined) ? [satisfied] : [finding('spares', undefined, { principal: stray })];
}

interface Denials {
  readonly statements: readonly PolicyStatement[];
  /** What of the policies cannot be read: it may hold the denial that is missed. */
  readonly hidden?: UnresolvedReading;
}

/** What the service control policies of an account deny, those of the whole organization included. */
function denialsFor(account: string, { scope }: Subject): Denials {
  const found = scope.resources(policyType).map((policy) => denialsOf(policy, account));
  return {
    statements: found.flatMap(({ statements }) => statements),
    hidden: found.map(({ hidden }) => hidden).find((hidden) => hidden !== undefined),
  };
}

function denialsOf(policy: Subject, account: string): Denials {
  const type = policy.text('Type');
  if (type.kind !== 'known' || type.value !== 'SERVICE_CONTROL_POLICY') {
    return { statements: [], hidden: type.kind === 'unresolved' ? type : undefined };
  }
  const targets = policy.items('TargetIds');
  const texts = targets.kind === 'known' ? targets.value.map((target) => target.text()) : [];
  const content = statementsOf(policy.at('Content'));
  const hidden = [targets, ...texts, content].find((reading) => reading.kind === 'unresolved');
  const binds = texts.some((text) => text.kind === 'known' && (text.value === account || text.value.startsWith('r-')));
  if (!binds || content.kind !== 'known') {
    return { statements: [], hidden };
  }
  const { statements, unresolved } = content.value;
  return {
    statements: statements.filter((each) => each.effect === 'Deny' && sparedBy(each) !== undefined),
    hidden: hidden ?? unresolved[0],
  };
}

/** Patterns of principals that a denial spares; undefined where it asks for anything else as well, which would leave other ways. */
function sparedBy({ conditions }: PolicyStatement): readonly string[] | undefined {
  const [only, ...others] = conditions.list;
  if (conditions.unresolved.length > 0 || others.length > 0) {
    return undefined;
  }
  if (!only) {
    return [];
  }
  const isAboutPrincipals =
    only.key.toLowerCase() === 'aws:principalarn' &&
    /^(Arn|String)Not(Like|Equals)$/i.test(only.operator) &&
    only.quantifier === undefined &&
    only.unresolved.length === 0;
  return isAboutPrincipals ? only.values : undefined;
}

function deniesDeploying(statement: PolicyStatement): boolean {
  const { resources } = statement;
  return (
    resources.form === 'only' &&
    resources.values.includes('*') &&
    deployingActions.every((action) => covers(statement, action))
  );
}

function deniesTakingOn(statement: PolicyStatement, account: string, region: string): boolean {
  const { resources } = statement;
  const partition = region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
  const reaches = (work: string) =>
    resources.values.some((pattern) =>
      matchesWildcard(pattern, `arn:${partition}:iam::${account}:role/cdk-hnb659fds-${work}-role-${account}-${region}`),
    );
  return (
    covers(statement, 'sts:AssumeRole') && resources.form === 'only' && reaches('deploy') && reaches('file-publishing')
  );
}

function covers(statement: PolicyStatement, action: string): boolean {
  const answer = coversAction(statement, action);
  return answer.kind === 'known' && answer.value;
}
