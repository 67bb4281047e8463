import type { WholeOutcome } from '../../../lib/control/control';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Reading } from '../../../lib/template/reading';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

const recorder = 'AWS::Config::ConfigurationRecorder';
const trailType = 'AWS::CloudTrail::Trail';

/** Made by the management account alone: https://docs.aws.amazon.com/securityhub/latest/userguide/designate-orgs-admin-account.html. */
export const manager = 'AWS::SecurityHub::DelegatedAdmin';

/**
 * Where an organization is recorded by a trail, its accounts are more than those whose stacks are here: a stack set brings each of them a recorder, and
 * those that join too. The one that manages the organization is reached by none of them, so it must have its own wherever the others get one.
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
    yield* judgeManagement(set, scope);
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

/** The account that appoints the others must be recorded where they are; in the Region where it appoints them, det-05 asks for it anyway. */
function* judgeManagement(set: Subject, scope: Scope): Generator<WholeOutcome> {
  const readings = instanceRegions(set);
  const places = { target: set.template.path, subject: set.logicalId, type: set.type };
  for (const { origin } of scope.resources(manager).map(({ template }) => template)) {
    for (const region of readings) {
      if (region.kind === 'known' && region.value !== origin.region) {
        const isRecorded = scope
          .resources(recorder)
          .some(({ template: { origin: place } }) => place.account === origin.account && place.region === region.value);
        const lacking = finding('management', undefined, { account: origin.account ?? 'what', region: region.value });
        yield { ...places, outcome: isRecorded ? satisfied : lacking };
      } else if (region.kind === 'unresolved') {
        yield { ...places, outcome: notAssessed(region.reason, region.property) };
      }
    }
  }
}

/** Regions of the instances; a group or a list that cannot be read stands for itself. */
function instanceRegions(set: Subject): readonly Reading<unknown>[] {
  const groups = set.items('StackInstancesGroup');
  return groups.kind === 'known'
    ? groups.value.flatMap((group): readonly Reading<unknown>[] => {
        const regions = group.at('Regions').items();
        return regions.kind === 'known' ? regions.value.map((region) => region.text()) : [regions];
      })
    : [groups];
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
