import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import type { ResourceDefinition, Template } from '../../../lib/template/template';
import { deliveryEnvironments, type Environment, environmentsIn, policyType, separationOf } from './environments';

const peeringType = 'AWS::EC2::VPCPeeringConnection';

/** SDL-01: environments in accounts of their own, which do not reach each other. */
export const control = defineControl({
  id: 'sdl-01',
  title: 'Development, staging and production are in accounts of their own, and none reaches another',
  family: 'delivery',
  claims: ['clvr-env-separation', 'tdb-env-separation-3'],
  doesNotProve:
    'That a change went through the environments in their order, that the guard-rails were deployed, and that no copy of production data lies in another environment. A template that takes the number of an account from outside is seen only where it is written.',
  runbook: 'apply-guard-rails',
  parameters: { 'delivery.environments': deliveryEnvironments },
  messages: {
    missing: {
      violation: 'nothing says which accounts are environments, and nothing keeps them apart',
      fix: 'describe the organization in the settings, and deploy its guard-rails: one for each environment',
    },
    tooFew: {
      violation: 'there are {count} environments in accounts of their own ({accounts}), promised are {promised}',
      fix: 'give each environment an account, and attach a guard-rail to it that denies the accounts of the others',
    },
    together: {
      violation: 'nothing keeps the environment in account {account} from reaching that in {other}',
      fix: 'add {other} to aws:ResourceAccount of the guard-rail that is attached to {account}',
    },
    crosses: {
      violation: '{name} of the environment in account {account} names account {other} of another environment',
      fix: 'use what lies in the account of the environment itself',
    },
    peered: {
      violation: '{name} connects the network of an environment with another one',
      fix: 'remove the peering connection: environments do not reach each other',
    },
  },
  template: {
    judges: [policyType, peeringType],
    expects: 'any-number',
    judge: (subject, context) => (subject.type === peeringType ? judgePeering(subject, context) : judgePolicy(subject)),
    judgeWhole,
  },
});

function judgePeering(peering: Subject, { scope }: JudgementContext): Outcome {
  const own = peering.template.origin.account;
  const environments = environmentsIn(scope);
  if (own === undefined || environments.length === 0) {
    return notAssessed('whether it connects environments is not known: which accounts are environments is not here');
  }
  return environments.some(({ account }) => account === own)
    ? finding('peered')
    : notApplicable('it is in no environment');
}

function judgePolicy(policy: Subject): Outcome {
  const { environments, hidden } = separationOf(policy);
  if (hidden) {
    return notAssessed(hidden.reason, hidden.property);
  }
  return environments.length > 0 ? satisfied : notApplicable('it keeps no environment apart');
}

function* judgeWhole(context: JudgementContext): Generator<WholeOutcome> {
  const { scope, figures, presentOnly } = context;
  const environments = environmentsIn(scope);
  const target = environments[0]?.policy.template.path ?? scope.graph.templates[0]?.path ?? '';
  const about = { target, subject: '', type: policyType };
  const accounts = environments.map(({ account }) => account);
  const promised = figures.number('delivery.environments');
  if (environments.length === 0) {
    yield {
      ...about,
      outcome: presentOnly ? notApplicable('no organization is deployed with it') : finding('missing'),
    };
    return;
  }
  yield {
    ...about,
    outcome:
      accounts.length >= promised
        ? satisfied
        : finding('tooFew', undefined, { count: accounts.length, accounts: accounts.join(', '), promised }),
    observations: [{ property: 'accounts', value: accounts }],
  };
  yield* environments.flatMap((one) => judgePairs(one, environments));
  for (const template of scope.graph.templates) {
    yield* judgeTemplate(template, accounts);
  }
}

function judgePairs(one: Environment, environments: readonly Environment[]): readonly WholeOutcome[] {
  const { policy, account, apartFrom } = one;
  return environments
    .filter((other) => other !== one && !apartFrom.has(other.account))
    .map((other) => ({
      target: policy.template.path,
      subject: policy.logicalId,
      type: policyType,
      outcome: finding('together', undefined, { account, other: other.account }),
    }));
}

/** Where a template of one environment names the account of another: an ARN, a principal, the owner of a network. */
function* judgeTemplate(template: Template, accounts: readonly string[]): Generator<WholeOutcome> {
  const { account, stackName } = template.origin;
  if (account === undefined || !accounts.includes(account)) {
    return;
  }
  const others = accounts.filter((each) => each !== account);
  const crossing = [...template.resources.values()].flatMap((resource) => {
    const other = others.find((each) => names(resource, each));
    return other === undefined ? [] : [{ resource, other }];
  });
  for (const { resource, other } of crossing) {
    yield {
      target: template.path,
      subject: resource.logicalId,
      type: resource.type,
      outcome: finding('crosses', undefined, { account, other }),
    };
  }
  if (crossing.length === 0) {
    yield { target: template.path, subject: stackName ?? '', type: 'Stack', outcome: satisfied };
  }
}

/** Guard-rails name the accounts that they keep out. */
function names({ type, properties }: ResourceDefinition, account: string): boolean {
  return type !== policyType && JSON.stringify(properties ?? null).includes(account);
}
