import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { deliveryEnvironments, environmentsIn, policyType, separationOf } from './environments';
import { doorTypes, judgeDoor } from './other-accounts';
import { sharing, sharingRailOf } from './shared-copies';

const shareType = 'AWS::RAM::ResourceShare';

/** SDL-06: no way for data of one environment into another: not through a policy at the data, not by a copy, not by reaching over. */
export const control = defineControl({
  id: 'sdl-06',
  title:
    'No data of production reaches another environment: nobody of another account may take it, and no copy of it can be handed over',
  family: 'delivery',
  claims: ['clvr-test-data-anonymized'],
  doesNotProve:
    'What people type into an environment, or carry into it by hand: only a look at its data shows that (review-test-data). Nor that the guard-rails were deployed, what the role for emergencies did, and that data which somebody made for tests describes nobody.',
  runbook: 'review-test-data',
  parameters: { 'delivery.environments': deliveryEnvironments },
  messages: {
    missing: {
      violation: 'nothing says which accounts are environments, so nothing keeps the data of production in its own',
      fix: 'describe the organization in the settings, and deploy its guard-rails: one for each environment',
    },
    tooFew: {
      violation:
        '{count} environments are kept apart ({accounts}), promised are {promised}: data may be in one that is not',
      fix: 'attach a guard-rail to the account of each environment that denies the accounts of the others',
    },
    reaches: {
      violation:
        'nothing keeps whoever is in account {account} from the data in account {other} of another environment',
      fix: 'add {other} to aws:ResourceAccount of the guard-rail that is attached to {account}',
    },
    shares: {
      violation: 'nothing keeps a copy from being handed to another account: nobody is forbidden {calls}',
      fix: 'attach a service control policy to the root that denies it to all but the role for emergencies',
    },
    forOthers: {
      violation: 'the policy at {name} lets {who} take data out of the account ({property})',
      fix: 'name principals of the account itself, or bind the statement to aws:PrincipalAccount',
    },
    sharedWith: {
      violation: '{name} shares resources with {who}',
      fix: 'remove the share: environments hand nothing to each other',
    },
  },
  template: {
    judges: [...doorTypes, shareType, policyType],
    expects: 'any-number',
    judge: (subject, context) => {
      switch (subject.type) {
        case policyType:
          return judgePolicy(subject, context);
        case shareType:
          return judgeShare(subject);
        default:
          return judgeDoor(subject);
      }
    },
    judgeWhole,
  },
});

function judgePolicy(policy: Subject, { scope }: JudgementContext): Outcome | readonly Outcome[] {
  const separation = separationOf(policy);
  const { forbidden, hidden } = sharingRailOf(
    policy,
    environmentsIn(scope).map(({ account }) => account),
  );
  if (separation.hidden || hidden.length > 0) {
    return separation.hidden ? notAssessed(separation.hidden.reason, separation.hidden.property) : hidden;
  }
  return forbidden.length > 0 || separation.environments.length > 0
    ? satisfied
    : notApplicable('it says nothing of environments and copies');
}

/** A share exists for other accounts: in the own one everything is there already. */
function judgeShare(share: Subject): Outcome {
  const principals = share.at('Principals').items();
  return principals.kind === 'known' && principals.value.length === 0
    ? satisfied
    : finding('sharedWith', 'Principals', { who: 'other accounts' });
}

function* judgeWhole({ figures, scope, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  const environments = environmentsIn(scope);
  const target = environments[0]?.policy.template.path ?? scope.graph.templates[0]?.path ?? '';
  const about = { target, subject: '', type: policyType };
  if (environments.length === 0) {
    yield {
      ...about,
      outcome: presentOnly ? notApplicable('no organization is deployed with it') : finding('missing'),
    };
    return;
  }
  const accounts = environments.map(({ account }) => account);
  const promised = figures.number('delivery.environments');
  if (accounts.length < promised) {
    const values = { count: accounts.length, accounts: accounts.join(', '), promised };
    yield { ...about, outcome: finding('tooFew', undefined, values) };
  }
  for (const { policy, account, apartFrom } of environments) {
    for (const other of accounts.filter((each) => each !== account && !apartFrom.has(each))) {
      const outcome = finding('reaches', undefined, { account, other });
      yield { target: policy.template.path, subject: policy.logicalId, type: policyType, outcome };
    }
  }
  const rails = scope.resources(policyType).map((policy) => sharingRailOf(policy, accounts));
  const forbidden = new Set(rails.flatMap((rail) => rail.forbidden));
  const open = sharing.filter((call) => !forbidden.has(call));
  yield {
    ...about,
    outcome: open.length > 0 ? finding('shares', undefined, { calls: open.join(', ') }) : satisfied,
    observations: [{ property: 'forbidden', value: [...forbidden].join(', ') }],
  };
}
