import type { WholeOutcome } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** Switches encryption of new volumes on, closes buckets, and sets the policy for passwords: none of it has a type of CloudFormation. */
export const guardsType = 'Custom::AccountGuards';

const trailType = 'AWS::CloudTrail::Trail';

/** An account with a network of its own guards itself; whoever else is in an organization is guarded by it. */
export function* judgeAccounts(scope: Scope): Generator<WholeOutcome> {
  for (const network of scope.resources('AWS::EC2::VPC')) {
    const { account } = network.template.origin;
    const isGuarded = scope
      .resources(guardsType)
      .some(({ template }) => template === network.template || template.origin.account === account);
    yield whole(
      network,
      isGuarded ? satisfied : finding('unguarded', undefined, { account: account ?? 'the account' }),
    );
  }
  for (const trail of scope.resources(trailType)) {
    const ofOrganization = trail.bool('IsOrganizationTrail');
    if (ofOrganization.kind === 'known' && ofOrganization.value) {
      yield* judgeMembers(trail, scope);
    }
  }
}

function whole({ template, logicalId, type }: Subject, outcome: Outcome): WholeOutcome {
  return { target: template.path, subject: logicalId, type, outcome };
}

function* judgeMembers(trail: Subject, scope: Scope): Generator<WholeOutcome> {
  const sets = scope.graph.carried
    .filter((carried) => carried.ofType(guardsType).length > 0)
    .flatMap(({ templates }) => templates.flatMap(({ stackSet }) => (stackSet ? [scope.subject(stackSet)] : [])))
    .filter((set) => set.exists());
  if (sets.length === 0) {
    const isHidden = scope.graph.gaps.length > 0;
    yield whole(
      trail,
      isHidden ? notAssessed('what guards the members may be in what cannot be read') : finding('members'),
    );
  }
  for (const set of sets) {
    const joins = set.bool('AutoDeployment.Enabled');
    const isForAll = joins.kind === 'known' && joins.value;
    yield whole(
      set,
      joins.kind === 'unresolved'
        ? notAssessed(joins.reason, joins.property)
        : isForAll
          ? satisfied
          : finding('joiners', 'AutoDeployment.Enabled'),
    );
  }
}
