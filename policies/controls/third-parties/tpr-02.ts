import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Parameter } from '../../../lib/control/parameter';
import type { RegisterContext } from '../../../lib/control/records';
import type { Vendor } from '../../../lib/control/vendor';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Subject } from '../../../lib/template/subject';
import { judgeVendorSecret, nameOfSecret, vendorSecret } from './vendor-secrets';

const vendorsOauthScopes: Parameter = {
  kind: 'set',
  default: ['Calendars.ReadWrite', 'offline_access'],
  description: 'scopes that may be asked of vendors with the permission of a user',
};

const vendorsSecrets: Parameter = {
  kind: 'set',
  default: [],
  description: 'secrets with which vendors are called: those that the register lists for the profile',
};

const vendorsKeyRotationDays: Parameter = {
  kind: 'number',
  stricter: 'lower',
  default: 90,
  unit: 'days',
  description: 'days after which a key of a vendor is replaced',
};

const rules = 'AWS::NetworkFirewall::RuleGroup';

/** Scopes that reach beyond one kind of data of one user, whatever an allow-list says. */
const wide = /\.All$|^(Mail|Directory|Files|Sites)\.|\.default$|[*]|^full_access/i;

/** TPR-02: how vendors are called, and how it is known that they call. */
export const control = defineControl({
  id: 'tpr-02',
  title: 'Vendors are called over TLS alone, with keys that one role can read and with no scope more than promised',
  family: 'third-parties',
  claims: [
    'cly-integrations-tls',
    'cly-oauth-microsoft',
    'cly-api-keys-secure',
    'cly-esign-encrypted',
    'cly-ms-min-scopes',
  ],
  doesNotProve:
    'Which version of TLS is spoken (the application’s client and the vendor agree on it; the firewall reads the name alone), that the code asks for the scopes of the register (review-oauth-scopes looks), that it checks the signature of what a vendor sends, and that a key was replaced in time (rotate-credentials).',
  runbook: 'rotate-credentials',
  parameters: {
    'vendors.oauthScopes': vendorsOauthScopes,
    'vendors.secrets': vendorsSecrets,
    'vendors.keyRotationDays': vendorsKeyRotationDays,
  },
  messages: {
    missing: {
      violation: 'no firewall rules are deployed, so nothing keeps calls to vendors inside TLS',
      fix: 'route the private subnets through an AWS Network Firewall with an allow-list of TLS_SNI',
    },
    plain: {
      violation: '{name} lets hosts be called in clear text: {property} is {value}',
      fix: 'set targetTypes to TLS_SNI alone',
    },
    wildcard: {
      violation: '{name} allows {host}: everything below it may be called',
      fix: 'name each host of the vendor',
    },
    wildcardHost: {
      violation: 'vendor {name} is registered with {host}: everything below it may be called',
      fix: 'name each host of the vendor in policies/registers/vendors.yaml',
    },
    scopeCreep: {
      violation: 'of vendor {name} the scope {scope} is asked for, promised are {promised}',
      fix: 'remove the scope, or publish what it is needed for and add it to the claim',
    },
    wideScope: {
      violation: 'of vendor {name} the scope {scope} is asked for, which reaches beyond one kind of data of one user',
      fix: 'ask for the narrowest scope with which the function works',
    },
    stale: {
      violation: 'the key of vendor {name} may grow {days} days old, promised are {most}',
      fix: 'set rotationDays to {most} or less, and replace the key in that time',
    },
    unauthenticated: {
      violation: 'vendor {name} is sent data about people, and the service proves to it in no way who it is',
      fix: 'call it with a key or with OAuth, and enter that under auth',
    },
    noSecret: {
      violation: 'secret {name} of the register is not deployed',
      fix: 'make it with VendorSecrets from the names of the register',
    },
    platformKey: {
      violation: 'secret {name} of a vendor is encrypted with a key that AWS owns: {property} is {value}',
      fix: 'set encryptionKey to the key of the secrets',
    },
    widelyRead: {
      violation: 'secret {name} of a vendor can be read by whoever an IAM policy lets',
      fix: 'refuse secretsmanager:GetSecretValue in its policy to all but one role',
    },
  },
  template: {
    judges: [rules, vendorSecret],
    expects: 'at-least-one',
    expected: [rules],
    judge: (subject) => (subject.type === rules ? judgeRules(subject) : judgeVendorSecret(subject)),
    judgeWhole: judgeSecrets,
  },
  register: { judge: (_registers, _catalogue, context) => judgeVendors(context) },
});

function judgeRules(group: Subject): Outcome | readonly Outcome[] {
  const list = group.at('RuleGroup.RulesSource.RulesSourceList');
  if (list.resolved.kind === 'absent' && group.at('RuleGroup.RulesSource').resolved.kind === 'map') {
    return notApplicable('it names no hosts');
  }
  return decide(list.at('GeneratedRulesType').text(), {
    known: (type) =>
      type === 'ALLOWLIST'
        ? [...each(list.at('TargetTypes'), judgeTarget), ...each(list.at('Targets'), judgeHost)]
        : notApplicable('it lets nobody out'),
    absent: () => notAssessed('whether it allows or denies is not said'),
  });
}

function each(list: Node, judge: (word: string) => Outcome): readonly Outcome[] {
  return decide(list.items(), {
    known: (items) =>
      items.length === 0
        ? notAssessed('it is empty')
        : items.flatMap((item) =>
            decide(item.text(), { known: judge, absent: () => notAssessed('an entry is missing') }),
          ),
    absent: () => notAssessed('it is not in the templates'),
  });
}

function judgeTarget(type: string): Outcome {
  return type === 'TLS_SNI' ? satisfied : finding('plain');
}

function judgeHost(host: string): Outcome {
  return /^[.*]/.test(host) ? finding('wildcard', undefined, { host }) : satisfied;
}

/** Every secret of the register is there, by its name with the environment in front. */
function* judgeSecrets({ figures, presentOnly, scope }: JudgementContext): Generator<WholeOutcome> {
  const wanted = presentOnly ? [] : figures.set('vendors.secrets');
  const names = wanted.length === 0 ? [] : scope.resources(vendorSecret).map(nameOfSecret);
  for (const subject of wanted) {
    const isThere = names.some((name) => name === subject || name?.endsWith(`/${subject}`));
    const isHidden = !isThere && names.includes(undefined);
    const outcome = isThere
      ? satisfied
      : isHidden
        ? notAssessed('the name of a secret is not in the templates')
        : finding('noSecret');
    yield { target: scope.graph.templates[0]?.path ?? '', subject, type: vendorSecret, outcome };
  }
}

function* judgeVendors({ records, figures, profile }: RegisterContext): Generator<WholeOutcome> {
  const promised = figures.set('vendors.oauthScopes');
  const most = figures.number('vendors.keyRotationDays');
  for (const vendor of records.vendors.filter(({ profiles }) => profiles.includes(profile))) {
    const found = [...judgeDomains(vendor), ...judgeAuth(vendor, promised, most)];
    for (const outcome of found.length > 0 ? found : [satisfied]) {
      yield {
        target: 'policies/registers/vendors.yaml',
        subject: vendor.id,
        type: 'Vendor',
        outcome,
        observations: observationsOf(vendor),
      };
    }
  }
}

function judgeDomains({ domains }: Vendor): readonly Outcome[] {
  return domains.filter((host) => host.startsWith('.')).map((host) => finding('wildcardHost', undefined, { host }));
}

function judgeAuth({ auth, role }: Vendor, promised: readonly string[], most: number): readonly Outcome[] {
  if (!('rotationDays' in auth)) {
    return auth.kind === 'none' && role === 'sub-processor' ? [finding('unauthenticated')] : [];
  }
  const scopes = auth.kind === 'oauth2' ? auth.scopes : [];
  return [
    ...(auth.rotationDays > most ? [finding('stale', undefined, { days: auth.rotationDays, most })] : []),
    ...scopes.flatMap((scope) =>
      wide.test(scope)
        ? [finding('wideScope', undefined, { scope })]
        : promised.includes(scope)
          ? []
          : [finding('scopeCreep', undefined, { scope, promised: promised.join(', ') || 'none' })],
    ),
  ];
}

/** By name and kind only: what a secret is called is no secret. */
function observationsOf({ auth, domains, webhook }: Vendor): WholeOutcome['observations'] {
  return [
    { property: 'auth', value: auth.kind },
    { property: 'scopes', value: auth.kind === 'oauth2' ? auth.scopes.join(', ') : null },
    { property: 'replaced after days', value: 'rotationDays' in auth ? auth.rotationDays : null },
    { property: 'webhook', value: webhook ? webhook.signature : null },
    { property: 'domains', value: domains.join(', ') },
  ];
}
