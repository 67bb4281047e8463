import { defineControl } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { matchesWildcard } from '../../../lib/template/wildcard';
import { isRouted } from './alert-rules';
import { judgeDelegation } from './delegated-administration';
import { liveHalf } from './det-04.live';

const enablement = 'Custom::InspectorEnablement';
const organization = 'Custom::OrganizationVulnerabilityScanning';
const registry = 'AWS::ECR::RegistryScanningConfiguration';

/** Hosts, images, functions, and the code of functions. */
const kinds = ['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'] as const;

/**
 * DET-04: known vulnerabilities are looked for again and again. Inspector compares continuously, which is more often than any number of
 * hours; a scan on push is made once.
 */
export const control = defineControl({
  id: 'det-04',
  title:
    'Inspector is enabled for hosts, images, functions and their code, the registry is scanned continuously, and critical findings are reported',
  family: 'detection',
  claims: ['cfeu-vuln-scan-daily', 'tdb-advisories-monitored', 'cly-vuln-scanning', 'clvr-dep-vuln-monitor'],
  doesNotProve:
    'That every host has the agent of Systems Manager (Inspector looks at the disk of those without, once a day), that web pages are probed from outside, and that what is found is mended in time (sdl-04). Dependencies are seen where they are built into an image or a function, not in a repository of source code (sdl-03).',
  runbook: 'apply-emergency-patch',
  parameters: {
    'scan.intervalHours': {
      kind: 'number',
      stricter: 'lower',
      default: 24,
      unit: 'hours',
      description: 'longest time between two looks for known vulnerabilities',
    },
  },
  messages: {
    missing: {
      violation: 'nothing enables Amazon Inspector, so nobody looks for known vulnerabilities',
      fix: 'deploy the custom resource that enables Inspector; CloudFormation has no type of its own',
    },
    kindLeftOut: {
      violation: '{name} enables Inspector without {kind}',
      fix: 'add {kind} to the resource types of the enablement',
    },
    notDelegated: {
      violation:
        '{name} enables {service} in other accounts, and nothing makes its account the administrator of {service}',
      fix: 'name the account, the service and the Regions in the management account, before this stack is deployed',
    },
    noRegistryScan: {
      violation: 'nothing says how the registry is scanned: an image is looked at when it is pushed, if at all',
      fix: 'deploy a scanning configuration of the registry with ENHANCED and CONTINUOUS_SCAN',
    },
    basic: {
      violation: 'the registry is scanned by the basic scanner: {property} is {value}',
      fix: 'set scanType to ENHANCED',
    },
    onPushOnly: {
      violation:
        'images of {repository} are not scanned again after they were pushed, and the promise is every {hours} hours',
      fix: 'add a rule with CONTINUOUS_SCAN whose filter matches the repository',
    },
    unrouted: {
      violation: 'no rule reports critical findings of Inspector: they stay in the console',
      fix: 'add a rule of EventBridge for aws.inspector2 with the topic of the alerts as target',
    },
    suppressed: {
      violation: 'filter {name} hides findings of Inspector: {property} is {value}',
      fix: 'remove the filter, or let it take no action; a finding that is accepted gets an exception with an end',
    },
    disabled: {
      violation: 'account {name} has {kind} not scanned by Inspector: its status is {status}',
      fix: 'enable it with aws inspector2 enable, and find out who disabled it',
    },
    uncovered: {
      violation: '{name} is not scanned: {reason}',
      fix: 'mend what Inspector says of it, for example with the agent of Systems Manager',
    },
  },
  template: {
    judges: [enablement, organization, registry, 'AWS::InspectorV2::Filter'],
    expects: 'at-least-one',
    expected: [enablement],
    judge: (subject, { figures, scope }) => {
      switch (subject.type) {
        case enablement:
          return judgeEnablement(subject, scope);
        case organization:
          return [...judgeEnablement(subject, scope), ...judgeDelegation('inspector2', subject, scope)];
        case registry:
          return judgeRegistry(subject, scope, figures.number('scan.intervalHours'));
        default:
          return judgeFilter(subject);
      }
    },
    *judgeWhole({ scope, presentOnly }) {
      if (!presentOnly && scope.resources(registry).length === 0) {
        const target = scope.graph.templates[0]?.path ?? '';
        yield { target, subject: 'the registry', type: registry, outcome: finding('noRegistryScan') };
      }
    },
  },
  live: liveHalf,
});

function judgeEnablement(resource: Subject, scope: Scope): readonly Outcome[] {
  const named = decide(resource.items('ResourceTypes'), {
    known: (places) => {
      const words = places.map((place) => place.text());
      const hidden = words.find((word) => word.kind === 'unresolved');
      return hidden?.kind === 'unresolved'
        ? notAssessed(hidden.reason, hidden.property)
        : kinds.map((kind) =>
            words.some((word) => word.kind === 'known' && word.value === kind)
              ? satisfied
              : finding('kindLeftOut', 'ResourceTypes', { kind }),
          );
    },
    absent: () => kinds.map((kind) => finding('kindLeftOut', 'ResourceTypes', { kind })),
  });
  return [...named, isRouted('aws.inspector2', resource, scope) ? satisfied : finding('unrouted')];
}

function judgeRegistry(configuration: Subject, scope: Scope, hours: number): readonly Outcome[] {
  return decide(configuration.text('ScanType'), {
    known: (type) => (type === 'ENHANCED' ? judgeRules(configuration, scope, hours) : finding('basic')),
    absent: () => finding('basic'),
  });
}

/** A repository is scanned as often as the most frequent rule that matches its name says. */
function judgeRules(configuration: Subject, scope: Scope, hours: number): readonly Outcome[] {
  const rules = configuration.items('Rules');
  if (rules.kind === 'unresolved') {
    return [notAssessed(rules.reason, rules.property)];
  }
  const filters = (rules.kind === 'known' ? rules.value : []).filter(isContinuous).flatMap(filtersOf);
  if (filters.some((filter) => /^\*+$/.test(filter))) {
    return [satisfied];
  }
  const repositories = scope.resources('AWS::ECR::Repository');
  const missed = (repository: string) => finding('onPushOnly', 'Rules', { repository, hours });
  return repositories.length === 0
    ? [missed('every repository')]
    : repositories.flatMap((repository) =>
        decide(repository.text('RepositoryName'), {
          known: (name) => (filters.some((filter) => matchesFilter(filter, name)) ? satisfied : missed(name)),
          // CloudFormation makes up a name, which only a filter for all is sure to match
          absent: () => missed(repository.logicalId),
        }),
      );
}

/**
 * A filter without an asterisk matches every name that contains it.
 *
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
function matchesFilter(filter: string, name: string): boolean {
  return matchesWildcard(filter.includes('*') ? filter : `*${filter}*`, name);
}

function isContinuous(rule: Node): boolean {
  const frequency = rule.at('ScanFrequency').text();
  return frequency.kind === 'known' && frequency.value === 'CONTINUOUS_SCAN';
}

function filtersOf(rule: Node): readonly string[] {
  const filters = rule.at('RepositoryFilters').items();
  const words = filters.kind === 'known' ? filters.value.map((filter) => filter.at('Filter').text()) : [];
  return words.flatMap((word) => (word.kind === 'known' ? [word.value] : []));
}

function judgeFilter(filter: Subject): readonly Outcome[] {
  return decide(filter.text('FilterAction'), {
    known: (action) => (action === 'SUPPRESS' ? finding('suppressed') : satisfied),
    absent: () => notAssessed('CloudFormation requires an action'),
  });
}
