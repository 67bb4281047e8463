import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { residencyRegions } from '../parameters';
import { ownRegion } from './region-names';

/** RES-01: where every stack lands. A region that a machine's environment would choose at deployment is no promise. */
export const control = defineControl({
  id: 'res-01',
  title: 'Every stack names its Region, and the Region is one of those promised',
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
    'Which building of the Region it is (AWS says so, nobody can look), what was deployed from elsewhere or by hand, and where global services such as IAM and Route 53 keep what they need. A promise of a Region in the United States is not kept: the wording to publish instead stands in the profile.',
  runbook: 'move-to-promised-region',
  parameters: { 'residency.regions': residencyRegions },
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
  },
  template: {
    judges: ['AWS::CloudFormation::StackSet'],
    expects: 'any-number',
    judge: judgeStackSet,
    judgeWhole: function* (context) {
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
