import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import { conditionsOn, type PolicyCondition } from '../../../lib/template/policy-condition';
import { type PolicyStatement, statementsOf } from '../../../lib/template/policy-document';
import type { Subject } from '../../../lib/template/subject';

export const policyType = 'AWS::Organizations::Policy';

/** Services that answer in one place for the whole world and keep nothing that customers entrust. */
const worldwide =
  /^(account|artifact|aws-portal|billing|budgets|ce|consolidatedbilling|cur|freetier|health|iam|invoicing|organizations|payments|pricing|route53|route53domains|servicequotas|shield|sts|support|supportplans|tax|trustedadvisor):/;

/** Single actions of other services that reach no data. */
const harmless =
  /^(cloudtrail:LookupEvents|ec2:DescribeRegions|s3:(Get|Put)AccountPublicAccessBlock|s3:ListAllMyBuckets)$/;

/** What a worldwide delivery network needs where one is promised. */
const delivery = /^(acm|cloudfront|wafv2):/;

/** Judges a guard-rail of an organization that speaks of Regions: whether it keeps everything inside those promised. */
export function judgeRegionGuardRail(policy: Subject, figures: Figures): readonly Outcome[] {
  if (policy.text('Type').kind !== 'known') {
    return [notAssessed('which kind of policy it is cannot be read', 'Type')];
  }
  if (!isServiceControl(policy)) {
    return [notApplicable('it is no service control policy')];
  }
  return decide(statementsOf(policy.at('Content')), {
    known: ({ statements, unresolved }) => {
      const outcomes = statements.filter(speaksOfRegions).flatMap((statement) => judgeStatement(statement, figures));
      const hidden = unresolved.map(({ reason, property }) => notAssessed(reason, property));
      const all = [...hidden, ...outcomes];
      return all.length > 0 ? [...all, ...judgeAttached(policy)] : notApplicable('it does not speak of Regions');
    },
    absent: () => notAssessed('a policy needs its content'),
  });
}

/** A policy that is attached to nothing holds nobody back. */
function judgeAttached(policy: Subject): readonly Outcome[] {
  return decide(policy.items('TargetIds'), {
    known: (targets) => (targets.length > 0 ? satisfied : finding('guardRailLoose')),
    absent: () => finding('guardRailLoose'),
  });
}

/** Whether a guard-rail keeps requests inside some Regions at all. */
export function keepsRegions(policy: Subject): boolean {
  const content = statementsOf(policy.at('Content'));
  return content.kind !== 'absent' && (content.kind === 'unresolved' || content.value.statements.some(speaksOfRegions));
}

export function isServiceControl(policy: Subject): boolean {
  const type = policy.text('Type');
  return type.kind === 'known' && type.value === 'SERVICE_CONTROL_POLICY';
}

function speaksOfRegions(statement: PolicyStatement): boolean {
  return statement.effect === 'Deny' && conditionsOn(statement, 'aws:RequestedRegion').length > 0;
}

function judgeStatement(statement: PolicyStatement, figures: Figures): readonly Outcome[] {
  const { list, unresolved } = statement.conditions;
  const [only, ...others] = list;
  const hidden = [...unresolved, ...(only?.unresolved ?? [])].map(({ reason, property }) =>
    notAssessed(reason, property),
  );
  const narrowed = others.length > 0 ? [finding('guardRailNarrowed', statement.conditionPath)] : [];
  return [...hidden, ...narrowed, ...(only ? judgeRegions(only, figures) : []), ...judgeSpared(statement, figures)];
}

/** Exact names, compared as such: `eu-*` would let in London and Zurich. */
function judgeRegions({ operator, ifExists, quantifier, values, property }: PolicyCondition, figures: Figures) {
  const promised = figures.set('residency.regions');
  const isExact = /^StringNotEquals(IgnoreCase)?$/i.test(operator) && !ifExists && quantifier === undefined;
  const outside = values.filter((value) => !promised.includes(value));
  return isExact && values.length > 0 && outside.length === 0
    ? [satisfied]
    : [finding('guardRailWide', property, { regions: outside.join(', ') || operator, promised: promised.join(', ') })];
}

function judgeSpared({ actions, actionPath, resources }: PolicyStatement, figures: Figures): readonly Outcome[] {
  const cdn = figures.choice('edge.mode') === 'cdn';
  const spared = actions.values.filter(
    (action) => !worldwide.test(action) && !harmless.test(action) && !(cdn && delivery.test(action)),
  );
  const everything = actions.form === 'except' || (actions.form === 'only' && actions.values.includes('*'));
  const hidden = [...actions.unresolved, ...resources.unresolved].map(({ reason, property }) =>
    notAssessed(reason, property),
  );
  const everywhere = resources.form === 'only' && resources.values.includes('*');
  const found = actions.form === 'except' ? spared : [];
  return [
    ...hidden,
    ...(everything && everywhere && found.length === 0
      ? []
      : [finding('guardRailSpares', actionPath, { actions: found.join(', ') || 'some actions or resources' })]),
  ];
}
