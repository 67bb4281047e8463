import type { Claim, Register } from '../../../lib/control/claim';
import { defineControl, type WholeOutcome } from '../../../lib/control/control';
import type { Certificate } from '../../../lib/control/inheritance';
import type { RegisterContext } from '../../../lib/control/records';
import { attested, awaited, finding, notApplicable, type Outcome } from '../../../lib/control/verdict';
import { judgeWords } from './certificate-words';
import { judgeServices } from './certified-services';

const id = 'gov-01';
const file = 'policies/registers/inheritance.yaml';

/** GOV-01: the provider's certificates. They cover the provider's services, for a time, and never whoever deploys on them. */
export const control = defineControl({
  id,
  title:
    'Every deployed service is in the scope of the certificates that are leaned on, each is on file and has not expired, and words say whose it is',
  family: 'governance',
  claims: ['cfeu-dc-iso27001', 'cfeu-provider-soc2', 'clvr-provider-certs'],
  doesNotProve:
    'Anything about our own part, which no certificate of a provider covers; that the register repeats a scope rightly: whoever reads the document vouches for that; that the Region in use is in it, which for the European partition has documents of its own; or what the provider did after the period.',
  runbook: 'collect-provider-certificates',
  parameters: {
    'inheritance.scope': {
      kind: 'set',
      default: [],
      description:
        'which services are in the scope of which certificate, as the register of inheritance has it for the profile',
    },
  },
  messages: {
    outOfScope: {
      violation: '{name} is deployed ({types}), but is not in the scope of {certificate}',
      fix: 'replace the service, or say in the published sentence that it is not covered',
    },
    unregistered: {
      violation: 'no certificate of the register is needed in profile {profile}, but claim {name} leans on one',
      fix: 'enter the certificate, or the profile under neededFor, in policies/registers/inheritance.yaml',
    },
    expired: {
      violation: '{title} of {holder} on file ({name}) covers days to {until} only',
      fix: 'fetch the newest by runbook collect-provider-certificates, and enter its days',
    },
    notYet: {
      violation: '{title} of {holder} on file ({name}) covers days from {from} on only',
      fix: 'enter the document that covers today',
    },
    olderScope: {
      violation:
        'the scope of {title} of {holder} was read on {read}, before the document on file ({name}) began to count on {from}',
      fix: 'read the scope of the document on file, and correct scopeRead, covers and excludes',
    },
    ownWords: {
      violation: 'claim {name} would publish "{words}", which makes the certificate our own',
      fix: 'say whose it is: our application runs on services that are covered by the certificate of the provider',
    },
    whose: {
      violation: 'claim {name} would publish a certificate without its holder: "{words}"',
      fix: 'name the holder in the same sentence',
    },
    noSuchThing: {
      violation: 'claim {name} would publish "{words}": there is no such certificate',
      fix: 'name what there is, such as the data processing addendum',
    },
  },
  // A service counts, not each of its resources: there are a thousand of those, and no certificate names one
  template: { judges: [], expects: 'any-number', judge: () => [], judgeWhole: judgeServices },
  register: { judge: (registers, _catalogue, context) => judgeInheritance(registers, context) },
});

function* judgeInheritance(registers: readonly Register[], context: RegisterContext): Generator<WholeOutcome> {
  const leaning = registers
    .flatMap(({ claims }) => claims)
    .filter(
      ({ document, planned, controls }) => context.documents.includes(document) && !planned && controls.includes(id),
    );
  const needed = context.records.certificates.filter((certificate) => isNeeded(certificate, context.profile));
  for (const claim of leaning) {
    const words = published(claim);
    yield {
      target: `policies/claims/${claim.document}.yaml`,
      subject: claim.id,
      type: 'Claim',
      outcome:
        needed.length === 0
          ? finding('unregistered', undefined, { profile: context.profile })
          : judgeWords(
              words,
              needed.map(({ holder }) => holder),
            ),
      claims: [claim.id],
      observations: [{ property: 'published', value: words }],
    };
  }
  for (const certificate of context.records.certificates) {
    const outcomes = needed.includes(certificate)
      ? judgeDocument(certificate, context.today)
      : [notApplicable('nothing leans on it in this profile')];
    for (const outcome of outcomes) {
      yield {
        target: file,
        subject: certificate.id,
        type: 'Certificate',
        outcome,
        observations: observationsOf(certificate),
      };
    }
  }
}

function isNeeded({ neededFor }: Certificate, profile: string): boolean {
  return neededFor.some(({ profiles }) => profiles.includes(profile));
}

function published({ statement, equivalent }: Claim): string {
  return equivalent?.publish ?? statement;
}

function judgeDocument({ title, holder, fetch, document, scopeRead }: Certificate, today: string): readonly Outcome[] {
  if (!document) {
    return [awaited(`nobody has the ${title} of ${holder} on file: fetch it (${fetch}), and enter it under document`)];
  }
  const { from, until } = document;
  const about = { title, holder };
  const found = [
    ...(today > until ? [finding('expired', undefined, { ...about, until })] : []),
    ...(today < from ? [finding('notYet', undefined, { ...about, from })] : []),
    ...(scopeRead !== undefined && scopeRead < from
      ? [finding('olderScope', undefined, { ...about, read: scopeRead, from })]
      : []),
  ];
  return found.length > 0 ? found : [attested(until)];
}

function observationsOf({ holder, scopePage, scopeRead, document }: Certificate): WholeOutcome['observations'] {
  return [
    { property: 'holder', value: holder },
    { property: 'scope', value: `${scopePage}, ${scopeRead === undefined ? 'not read yet' : `read on ${scopeRead}`}` },
    { property: 'document', value: document ? `${document.reference} (SHA-256 ${document.sha256})` : null },
    { property: 'until', value: document?.until ?? null },
  ];
}
