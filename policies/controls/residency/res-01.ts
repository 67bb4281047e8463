import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { edgeMode, residencyRegions } from '../parameters';
import { isServiceControl, judgeRegionGuardRail, keepsRegions, policyType } from './region-guard-rail';
import { ownRegion } from './region-names';

/** RES-01: where every stack lands, and what the guard-rails of the organization let be made elsewhere. A region that a machine's environment would choose at deployment is no promise. */
export const control = defineControl({
  id: 'res-01',
  title: 'Every stack names its Region, one of those promised, and the guard-rails of the organization allow no other',
  family: 'residency',
  claims: [
    'cfeu-eu-frankfurt',
    'cfeu-app-frankfurt',
    'cfeu-db-frankfurt',
    'cfeu-files-eu-regions',
    'cfus-residency-us-default',
    'clvr-europe-only-hosting',
  ],
  doesNotProve:
    'Which building of the Region it is (AWS says so, nobody can look), what was deployed from elsewhere or by hand where no organization keeps it from being (without one, nothing asks for a guard-rail; with one, its management account is bound by none), and where global services such as IAM and Route 53 keep what they need. A promise of a Region in the United States is not kept: the wording to publish instead stands in the profile.',
  runbook: 'move-to-promised-region',
  parameters: { 'residency.regions': residencyRegions, 'edge.mode': edgeMode },
  messages: {
    outside: {
      violation: 'stack {name} is deployed to {region}, promised are {promised}',
      fix: 'set the region of the environment to one of those promised, by its exact name',
    },
    unnamed: {
      violation:
        'stack {name} names no Region, so whoever deploys it decides where the data lands; promised are {promised}',
      fix: 'give the stack an env with account and region',
    },
    elsewhere: {
      violation: 'stack set {name} deploys its stacks to {region}, promised are {promised}',
      fix: 'list only promised Regions in its stack instances',
    },
    noGuardRail: {
      violation: 'no service control policy of the organization keeps requests inside the Regions promised',
      fix: 'deny by NotAction what is not worldwide, where StringNotEquals aws:RequestedRegion is one of {promised}',
    },
    guardRailWide: {
      violation: 'guard-rail {name} allows {regions}, promised are {promised}',
      fix: 'list the promised Regions by their exact names, with StringNotEquals',
    },
    guardRailLoose: {
      violation: 'guard-rail {name} is attached to nothing, so it holds nobody back: {property} is {value}',
      fix: 'name the root or the units of the organization in targetIds',
    },
    guardRailNarrowed: {
      violation:
        'guard-rail {name} keeps only some requests inside the Regions: a second condition in {property} spares the others',
      fix: 'remove the second condition: residency holds for everybody, and in emergencies too',
    },
    guardRailSpares: {
      violation: 'guard-rail {name} lets {actions} leave the Regions',
      fix: 'spare only what AWS answers in one place for the whole world',
    },
  },
  template: {
    judges: ['AWS::CloudFormation::StackSet', policyType],
    expects: 'any-number',
    judge: (subject, context) =>
      subject.type === policyType ? judgeRegionGuardRail(subject, context.figures) : judgeStackSet(subject, context),
    judgeWhole: function* (context) {
      yield* judgeGuardRails(context);
      for (const template of context.scope.graph.templates) {
        // A nested stack is deployed with its parent, to the same place.
        if (!template.parent) {
          const { region, stackName } = template.origin;
          yield {
            target: template.path,
            subject: stackName ?? '',
            type: 'Stack',
            outcome: judgeStack(stackName, region, context),
            observations: [{ property: 'region', value: region ?? null }],
          } satisfies WholeOutcome;
        }
      }
    },
  },
});

/** An organization that is deployed keeps its accounts inside the Regions; where none is, there is nothing to judge. */
function* judgeGuardRails({ scope, figures, presentOnly }: JudgementContext): Generator<WholeOutcome> {
  const policies = scope.resources(policyType).filter(isServiceControl);
  const [first] = policies;
  if (first && !presentOnly && !policies.some(keepsRegions)) {
    const promised = figures.set('residency.regions').join(', ');
    const outcome = finding('noGuardRail', undefined, { promised });
    yield { target: first.template.path, subject: '', type: policyType, outcome };
  }
}

function judgeStack(
  stackName: string | undefined,
  region: string | undefined,
  { figures, presentOnly }: JudgementContext,
): Outcome {
  const regions = figures.set('residency.regions');
  const promised = regions.join(', ');
  if (region !== undefined && region !== '') {
    return regions.includes(region) ? satisfied : finding('outside', 'region', { region, promised });
  }
  if (stackName !== undefined) {
    return finding('unnamed', 'region', { promised });
  }
  return presentOnly
    ? notApplicable('a template by itself is deployed nowhere yet')
    : notAssessed('a template by itself does not say where it is deployed: check the assembly that it belongs to');
}

function judgeStackSet(set: Subject, { figures }: JudgementContext): readonly Outcome[] {
  const regions = figures.set('residency.regions');
  const groups = set.items('StackInstancesGroup');
  if (groups.kind !== 'known') {
    return [notAssessed('to which Regions it deploys is decided outside the template', 'StackInstancesGroup')];
  }
  return groups.value.flatMap((group) => listOf(group.at('Regions')).map((place) => judgePlace(place, regions)));
}

function listOf(place: Node): readonly Node[] {
  const list = place.items();
  return list.kind === 'known' && list.value.length > 0 ? list.value : [place];
}

function judgePlace(place: Node, regions: readonly string[]): Outcome {
  const region = place.pattern();
  if (region.kind !== 'known') {
    return notAssessed('to which Region it deploys is not known', place.path);
  }
  return regions.includes(region.value) || region.value === ownRegion
    ? satisfied
    : finding('elsewhere', place.path, { region: region.value, promised: regions.join(', ') });
}
