import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Parameter } from '../../../lib/control/parameter';
import type { RegisterContext } from '../../../lib/control/records';
import { isInEea, isSentPublicDataOnly, type Vendor } from '../../../lib/control/vendor';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeGroups, judgeHosts } from '../network/egress-rules';
import { egressDomains } from '../parameters';

/** Vendors outside the EEA that are sent data about people. A document that promises none sets it; the others set no limit. */
const residencyTransfers: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 100,
  unit: 'vendors',
  description:
    'most vendors with a seat outside the EEA that are sent data about people, limited where a claim says so',
};

/** Sub-processors that a document names. */
const vendorsNamed: Parameter = {
  kind: 'number',
  stricter: 'higher',
  default: 0,
  unit: 'vendors',
  description: 'sub-processors that are named to customers',
};

const policy = 'AWS::NetworkFirewall::FirewallPolicy';

/** TPR-01: the vendor register, and that the way out is open to its vendors and to nobody else. */
export const control = defineControl({
  id: 'tpr-01',
  title: 'The register names every vendor with seat, purpose, data and agreement, and the way out follows from it',
  family: 'third-parties',
  claims: [
    'cfus-subprocessors-list',
    'cfus-subprocessors-full-in-dpa',
    'cly-provider-own-controls',
    'clvr-no-data-leaves-eea',
    'clvr-dpa-vendors',
  ],
  doesNotProve:
    'That what stands in the register is true, that an agreement is signed (it says where one is not) or that customers were sent the list that follows from it, policies/registers/README.md; nor who pays a vendor that is called from outside the network (review-vendors compares the three).',
  runbook: 'review-vendors',
  parameters: {
    'egress.domains': egressDomains,
    'residency.transfers': residencyTransfers,
    'vendors.named': vendorsNamed,
  },
  messages: {
    missing: {
      violation: 'no firewall rules are deployed, so the register decides about nothing that leaves',
      fix: 'route the private subnets through an AWS Network Firewall whose rules are generated from the register',
    },
    empty: {
      violation: 'the register names no vendor for profile {profile}, not even the one that hosts it',
      fix: 'enter the vendors in policies/registers/vendors.yaml',
    },
    incomplete: {
      violation: 'vendor {name} is registered without {what}',
      fix: 'complete the entry in policies/registers/vendors.yaml',
    },
    abroad: {
      violation:
        'vendor {name} has its seat in {country} and is sent {data}; {count} such vendors are used, {most} are promised at most',
      fix: 'take the profile from the vendor, or use one with its seat in the EEA',
    },
    miscounted: {
      violation: '{count} sub-processors are registered for profile {profile}, promised are {promised}: {vendors}',
      fix: 'correct the register, or publish the list anew',
    },
    ownerless: {
      violation: 'host {name} may be called, but no vendor of the profile has it',
      fix: 'enter it under its vendor, or close it',
    },
    unused: {
      violation: 'vendor {name} is registered with {host}, which is not among the hosts that may be called',
      fix: 'generate the hosts from the register, or remove the host there',
    },
    wildcard: {
      violation: '{name} allows {host}, which no single vendor has',
      fix: 'name the host of the vendor',
    },
    unlisted: {
      violation: '{name} allows {host}, which stands under no vendor of the register',
      fix: 'remove it, or enter its vendor in policies/registers/vendors.yaml',
    },
    uncalled: {
      violation: '{name} lets nobody call {host}, which the register lists under a vendor',
      fix: 'generate the rules from the register, or remove the host there',
    },
  },
  template: {
    judges: ['AWS::NetworkFirewall::RuleGroup', policy],
    expects: 'at-least-one',
    judge: (subject, context) =>
      subject.type === policy ? judgePolicy(subject, context) : judgeRules(subject, context),
  },
  register: { judge: (_registers, _catalogue, context) => judgeVendors(context) },
});

function judgePolicy(subject: Subject, context: JudgementContext): readonly Outcome[] {
  const found = judgeGroups(subject, context);
  return found.length > 0 ? found : [satisfied];
}

function judgeRules(group: Subject, context: JudgementContext): Outcome | readonly Outcome[] {
  const list = group.at('RuleGroup.RulesSource.RulesSourceList');
  if (list.resolved.kind === 'absent' && group.at('RuleGroup.RulesSource').resolved.kind === 'map') {
    return notApplicable('it names no hosts; what it lets pass is judged by net-04');
  }
  return decide(list.at('GeneratedRulesType').text(), {
    known: (type) =>
      type === 'ALLOWLIST' ? judgeHosts(list.at('Targets'), group, context) : notApplicable('it lets nobody out'),
    absent: () => notAssessed('whether it allows or denies is not said'),
  });
}

function* judgeVendors({ records, figures, profile }: RegisterContext): Generator<WholeOutcome> {
  const vendors = records.vendors.filter(({ profiles }) => profiles.includes(profile));
  const hosts = figures.set('egress.domains');
  const abroad = vendors.filter((vendor) => !isInEea(vendor) && !isSentPublicDataOnly(vendor));
  const most = figures.ceiling('residency.transfers') ?? Number.POSITIVE_INFINITY;
  for (const vendor of vendors) {
    const transfer =
      abroad.length > most && abroad.includes(vendor)
        ? [
            finding('abroad', undefined, {
              country: vendor.country,
              data: vendor.dataCategories.join(', '),
              count: abroad.length,
              most,
            }),
          ]
        : [];
    const found = [...judgeEntry(vendor), ...transfer, ...judgeUse(vendor, hosts)];
    for (const outcome of found.length > 0 ? found : [satisfied]) {
      yield outcomeOn(vendor.id, 'Vendor', outcome, observationsOf(vendor));
    }
  }
  for (const host of hosts.filter((each) => !vendors.some(({ domains }) => domains.includes(each)))) {
    yield outcomeOn(host, 'Host', finding('ownerless'), []);
  }
  yield judgeCount(vendors, { figures, profile });
}

function judgeEntry(vendor: Vendor): readonly Outcome[] {
  const parts: Readonly<Record<string, string | readonly string[]>> = {
    'a seat': vendor.country,
    'a purpose': vendor.purpose,
    'the data that it is sent': vendor.dataCategories,
    'what it answers for itself': vendor.answersFor,
  };
  return Object.entries(parts)
    .filter(([, value]) => value.length === 0)
    .map(([what]) => finding('incomplete', undefined, { what }));
}

function judgeUse({ domains }: Vendor, hosts: readonly string[]): readonly Outcome[] {
  return domains.filter((host) => !hosts.includes(host)).map((host) => finding('unused', undefined, { host }));
}

function judgeCount(
  vendors: readonly Vendor[],
  { figures, profile }: Pick<RegisterContext, 'figures' | 'profile'>,
): WholeOutcome {
  const named = vendors.filter(({ role }) => role === 'sub-processor').map(({ name }) => name);
  const count = named.length;
  const least = figures.floor('vendors.named') ?? 0;
  const most = figures.ceiling('vendors.named') ?? Number.POSITIVE_INFINITY;
  const isPromised = count >= least && count <= most;
  const promised = count < least ? least : most;
  const outcome =
    vendors.length === 0
      ? finding('empty', undefined, { profile })
      : isPromised
        ? satisfied
        : finding('miscounted', undefined, { count, profile, promised, vendors: named.join('; ') || 'none' });
  return outcomeOn('sub-processors', 'Vendors', outcome, [{ property: 'named', value: named.join('; ') }]);
}

function observationsOf({ name, country, purpose, role, dataCategories, dpa, domains }: Vendor) {
  return [
    { property: 'name', value: name },
    { property: 'country', value: country },
    { property: 'role', value: role },
    { property: 'purpose', value: purpose },
    { property: 'dataCategories', value: dataCategories.join(', ') },
    { property: 'dpa', value: dpa.signed ? `signed on ${dpa.date}` : 'not signed' },
    { property: 'domains', value: domains.join(', ') },
  ];
}

function outcomeOn(
  subject: string,
  type: string,
  outcome: Outcome,
  observations: WholeOutcome['observations'],
): WholeOutcome {
  return { target: 'policies/registers/vendors.yaml', subject, type, outcome, observations };
}
