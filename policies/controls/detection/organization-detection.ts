import type { WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isRouted } from './alert-rules';
import { besides } from './beside';
import { judgeDelegation, judgeHubDelegation, wordAmong } from './delegated-administration';
import { judgeFeatures } from './detector-features';

/** Our custom resource for GuardDuty in all accounts: CloudFormation has no type for it. */
export const organizationThreats = 'Custom::OrganizationThreatDetection';

/** Types of Security Hub's central configuration. */
export const centralConfiguration = 'AWS::SecurityHub::OrganizationConfiguration';
export const configurationPolicy = 'AWS::SecurityHub::ConfigurationPolicy';
export const policyAssociation = 'AWS::SecurityHub::PolicyAssociation';

const hub = 'AWS::SecurityHub::Hub';
/** Our custom resource that gathers findings: CloudFormation's own type needs a second Region. */
export const findingAggregator = 'Custom::FindingAggregator';
const aggregators = [findingAggregator, 'AWS::SecurityHub::FindingAggregator'];

/** Judges what GuardDuty looks for in every account: `ALL` of them, for `NEW` leaves out those that are there. */
export function judgeThreats(resource: Subject, scope: Scope): readonly Outcome[] {
  const some = () => finding('notEveryone');
  return [
    ...decide(resource.text('AutoEnable'), { known: (word) => (word === 'ALL' ? satisfied : some()), absent: some }),
    ...decide(resource.text('FindingPublishingFrequency'), {
      known: (word) => (word === 'FIFTEEN_MINUTES' ? satisfied : finding('slow')),
      absent: () => finding('slow'),
    }),
    ...judgeFeatures(resource, 'AutoEnable', 'ALL'),
    ...judgeDelegation('guardduty', resource, scope),
    isRouted('aws.guardduty', resource, scope) ? satisfied : finding('unrouted'),
    besides(resource, scope, centralConfiguration).length > 0 ? satisfied : finding('noCenter'),
  ];
}

/** Judges whether Security Hub is configured from one place, for whom, and where its findings come together. */
export function judgeCenter(resource: Subject, scope: Scope): readonly Outcome[] {
  const local = () => finding('notCentral');
  const bound = besides(resource, scope, policyAssociation).some((each) => {
    const target = each.text('TargetType');
    return target.kind === 'known' && target.value === 'ROOT';
  });
  return [
    // LOCAL where nothing is set: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_OrganizationConfiguration.html
    ...decide(resource.text('ConfigurationType'), {
      known: (type) => (type === 'CENTRAL' ? satisfied : local()),
      absent: local,
    }),
    aggregators.some((type) => besides(resource, scope, type).length > 0) ? satisfied : finding('noHome'),
    bound ? satisfied : finding('nobodyBound'),
    ...judgeHubDelegation(resource, scope),
  ];
}

/** Judges where findings are gathered: Security Hub lets nobody configure but from there. */
export function judgeHome(resource: Subject): readonly Outcome[] {
  const { region } = resource.template.origin;
  const wrong = () => finding('wrongHome');
  return decide(resource.text('HomeRegion'), {
    known: (home) => (region === undefined || home === region ? satisfied : wrong()),
    absent: wrong,
  });
}

/** Judges a policy of central configuration. */
export function judgePolicy(policy: Subject): readonly Outcome[] {
  const off = () => finding('policyOff');
  const none = () => finding('policyWithoutStandard');
  const place = 'ConfigurationPolicy.SecurityHub';
  return [
    ...decide(policy.bool(`${place}.ServiceEnabled`), { known: (on) => (on ? satisfied : off()), absent: off }),
    ...decide(policy.items(`${place}.EnabledStandardIdentifiers`), {
      known: (standards) => {
        const hidden = standards.map((standard) => standard.pattern()).find(({ kind }) => kind !== 'known');
        return hidden ? notAssessed('a standard is not in the templates') : standards.length > 0 ? satisfied : none();
      },
      absent: none,
    }),
  ];
}

/** Judges whom a policy binds. Who manages a hub without any policy must have one here, with all that is asked of it. */
export function judgeAssociation(association: Subject, scope: Scope): readonly Outcome[] {
  const { resolved } = association.at('ConfigurationPolicyId');
  if (resolved.kind === 'reference') {
    return decide(association.reference('ConfigurationPolicyId'), {
      known: ({ subject }) =>
        subject.type === configurationPolicy ? satisfied : notAssessed(`${subject.logicalId} is no policy`),
      absent: () => notAssessed('CloudFormation requires a policy'),
    });
  }
  return decide(association.text('ConfigurationPolicyId'), {
    known: (id) =>
      id === 'SELF_MANAGED_SECURITY_HUB' ? judgeExempt(association, scope) : notAssessed('the policy is elsewhere'),
    absent: () => notAssessed('CloudFormation requires a policy'),
  });
}

function judgeExempt(association: Subject, scope: Scope): readonly Outcome[] {
  return decide(association.text('TargetId'), {
    known: (target) => {
      const isOurs = scope.resources(hub).some(({ template }) => template.origin.account === target);
      return isOurs ? satisfied : finding('exempt', 'TargetId', { target });
    },
    absent: () => notAssessed('CloudFormation requires a target'),
  });
}

/**
 * Each account and Region that something is deployed to must be watched: by a detector and a hub of its own, or by those of its organization.
 * Where there is none at all, `missing` says so once.
 */
export function* judgePlaces(scope: Scope): Iterable<WholeOutcome> {
  const detectors = scope.resources('AWS::GuardDuty::Detector');
  const organizations = scope.resources(organizationThreats);
  if (detectors.length + organizations.length === 0) {
    return;
  }
  const homes = scope.resources(centralConfiguration).length > 0 ? scope.resources(findingAggregator) : [];
  for (const { account, region, target } of placesOf(scope)) {
    const isIn = ({ template: { origin } }: Subject) => origin.account === account && origin.region === region;
    const reaches = (service: string, resources: readonly Subject[], property: string): WholeOutcome => ({
      target,
      subject: `${account} ${region}`,
      type: 'AWS::Account',
      outcome: judgeReach(resources, property, region, finding('unwatched', undefined, { account, region, service })),
    });
    if (!detectors.some(isIn)) {
      yield reaches('GuardDuty', organizations, 'Regions');
    }
    if (!scope.resources(hub).some(isIn) && homes.length > 0 && !homes.some((home) => isHome(home, region))) {
      yield reaches('Security Hub', homes, 'LinkedRegions');
    }
  }
}

function isHome(home: Subject, region: string): boolean {
  return home.template.origin.region === region;
}

/** Whether one of some resources names a Region in a property. */
function judgeReach(resources: readonly Subject[], property: string, region: string, none: Outcome): Outcome {
  const named = resources.map((resource) => {
    const places = resource.items(property);
    return places.kind === 'unresolved' ? 'unresolved' : places.kind === 'known' && wordAmong(places.value, region);
  });
  return named.includes(true)
    ? satisfied
    : named.includes('unresolved')
      ? notAssessed(`whether ${region} is watched is not in the templates`)
      : none;
}

interface Place {
  readonly account: string;
  readonly region: string;
  readonly target: string;
}

function placesOf(scope: Scope): readonly Place[] {
  const places = new Map<string, Place>();
  for (const { origin } of scope.graph.templates) {
    const { account, region, path: target } = origin;
    if (account !== undefined && region !== undefined && !places.has(`${account} ${region}`)) {
      places.set(`${account} ${region}`, { account, region, target });
    }
  }
  return [...places.values()];
}
