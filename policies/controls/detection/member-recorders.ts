import type { WholeOutcome } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Reading } from '../../../lib/template/reading';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const recorder = 'AWS::Config::ConfigurationRecorder';
const trailType = 'AWS::CloudTrail::Trail';

/**
 * Where an organization is recorded by a trail, its accounts are more than those whose stacks are here: a stack set brings each of them a recorder, and
 * those that join too.
 *
 * Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
 */
export function* judgeMembers(scope: Scope): Generator<WholeOutcome> {
  for (const trail of scope.resources(trailType)) {
    const ofOrganization = trail.bool('IsOrganizationTrail');
    if (ofOrganization.kind === 'unresolved' || (ofOrganization.kind === 'known' && ofOrganization.value)) {
      yield* judgeStackSets(trail, scope);
    }
  }
}

function* judgeStackSets(trail: Subject, scope: Scope): Generator<WholeOutcome> {
  const sets = setsOfRecorders(scope);
  if (sets.length === 0) {
    const hidden = scope.graph.gaps.length > 0;
    const outcome = hidden ? notAssessed('what records the members may be in what cannot be read') : finding('members');
    yield { target: trail.template.path, subject: trail.logicalId, type: trailType, outcome };
  }
  for (const set of sets) {
    const joins = set.bool('AutoDeployment.Enabled');
    yield {
      target: set.template.path,
      subject: set.logicalId,
      type: set.type,
      outcome: judgeJoining(joins),
      observations: [
        { property: `${set.logicalId}.AutoDeployment.Enabled`, value: joins.kind === 'known' ? joins.value : null },
      ],
    };
  }
}

function setsOfRecorders(scope: Scope): readonly Subject[] {
  return scope.graph.carried
    .filter((carried) => carried.ofType(recorder).length > 0)
    .flatMap(({ templates }) => templates.flatMap(({ stackSet }) => (stackSet ? [scope.subject(stackSet)] : [])))
    .filter((set) => set.exists());
}

function judgeJoining(joins: Reading<boolean>): Outcome {
  switch (joins.kind) {
    case 'known':
      return joins.value ? satisfied : finding('joiners', 'AutoDeployment.Enabled');
    case 'absent':
      return finding('joiners', 'AutoDeployment.Enabled');
    default:
      return notAssessed(joins.reason, joins.property);
  }
}
