import type { Claim, Register } from '../../../lib/control/claim';
import { type Control, defineControl, type WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import type { Regime } from '../../../lib/control/regime';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';

const id = 'gov-02';

/** GOV-02: laws that sentences speak of, which of their sections are measured and what is not. It never says that a law is met. */
export const control = defineControl({
  id,
  title:
    'Every law that a published sentence speaks of is registered with who reviews it, which sections controls bear on and what none measures',
  family: 'governance',
  claims: [
    'cfeu-gdpr',
    'cfeu-kvkk',
    'cfeu-hipaa-ready',
    'cfeu-hipaa-baa',
    'cfeu-contact-dpo',
    'cly-gdpr-dpa',
    'cly-ccpa',
  ],
  doesNotProve:
    'Compliance with any law: it holds a list against claims and controls. Whether a section is read rightly, whether the mapped controls suffice for it, whether a law binds a company at all and what stands under notMeasured, only a person with legal knowledge concludes and signs, by the runbooks of the regime.',
  attested: true,
  runbook: 'register-whitepaper',
  parameters: {},
  messages: {
    homeless: {
      violation: 'claim {name} speaks of a law, but no regime of the register has it',
      fix: 'list the claim under its regime in policies/registers/regimes.yaml',
    },
    unbound: {
      violation: 'claim {name} binds in profile {profile}, but its regime {regime} does not bind there',
      fix: 'add the profile to the regime in policies/registers/regimes.yaml',
    },
    otherRunbook: {
      violation: 'claim {name} is signed by runbook {runbook}, its regime {regime} is reviewed by {runbooks}',
      fix: 'name one runbook in both, in the register of the document and in policies/registers/regimes.yaml',
    },
    unsigned: {
      violation:
        'claim {name} speaks of a law, but names neither a runbook by which a person signs nor words to publish',
      fix: 'add runbook, or equivalent with the words to publish, to the claim in its register',
    },
    stranger: {
      violation: 'regime {name} lists claim {claim}, which does not name gov-02 in any register',
      fix: 'take the claim from the regime, or add gov-02 to its controls',
    },
    unknownControl: {
      violation: 'regime {name} maps {section} to {control}, which the catalogue does not have',
      fix: 'name a control that exists, or move the section to notMeasured',
    },
    silent: {
      violation: 'regime {name} binds in profile {profile}, but no claim of the profile speaks of it',
      fix: 'take the profile from the regime, or list the claim that speaks of it',
    },
    unmeasured: {
      violation: 'regime {name} maps {section} to {controls}, none of which is judged in profile {profile}',
      fix: 'map a control that the profile binds, or move the section to notMeasured',
    },
  },
  register: { judge: judgeRegimes },
});

function* judgeRegimes(
  registers: readonly Register[],
  catalogue: readonly Control[],
  context: RegisterContext,
): Generator<WholeOutcome> {
  const { records, documents } = context;
  const claims = registers.flatMap((register) => register.claims);
  const bound = claims.filter(({ document, planned }) => documents.includes(document) && !planned);
  for (const claim of bound.filter(({ controls }) => controls.includes(id))) {
    const found = judgeClaim(claim, context);
    for (const outcome of found.length > 0 ? found : [satisfied]) {
      yield outcomeOn(`policies/claims/${claim.document}.yaml`, 'Claim', claim.id, outcome, [
        { property: 'runbook', value: claim.runbook ?? 'none' },
        { property: 'publish', value: claim.equivalent?.publish ?? 'as it stands, once a person signs' },
      ]);
    }
  }
  for (const regime of records.regimes) {
    const isBound = regime.profiles.includes(context.profile);
    const found = [
      ...judgeNames(regime, claims, catalogue),
      ...(isBound ? judgeBinding(regime, bound, context.profile) : []),
    ];
    const clean = isBound ? satisfied : notApplicable('it binds in other profiles');
    for (const outcome of found.length > 0 ? found : [clean]) {
      yield outcomeOn('policies/registers/regimes.yaml', 'Regime', regime.id, outcome, [
        { property: 'law', value: regime.law },
        ...regime.measures.map(({ section, controls }) => ({ property: section, value: controls.join(', ') })),
        { property: 'notMeasured', value: regime.notMeasured.join(' ') },
      ]);
    }
  }
}

function judgeClaim({ id: claim, runbook, equivalent }: Claim, { records, profile }: RegisterContext): Outcome[] {
  const regime = records.regimes.find(({ claims }) => claims.includes(claim));
  if (!regime) {
    return [finding('homeless')];
  }
  const isSigned = runbook !== undefined || equivalent !== undefined;
  return [
    ...(regime.profiles.includes(profile) ? [] : [finding('unbound', undefined, { profile, regime: regime.id })]),
    ...(runbook === undefined || regime.runbooks.includes(runbook)
      ? []
      : [finding('otherRunbook', undefined, { runbook, regime: regime.id, runbooks: regime.runbooks.join(', ') })]),
    ...(isSigned ? [] : [finding('unsigned')]),
  ];
}

/** What a regime names must exist, in whichever profile it binds. */
function judgeNames(regime: Regime, claims: readonly Claim[], catalogue: readonly Control[]): Outcome[] {
  const speaking = claims.filter(({ controls }) => controls.includes(id)).map((claim) => claim.id);
  const known = catalogue.map((each) => each.id);
  return [
    ...regime.claims
      .filter((claim) => !speaking.includes(claim))
      .map((claim) => finding('stranger', undefined, { claim })),
    ...regime.measures.flatMap(({ section, controls }) =>
      controls
        .filter((each) => !known.includes(each))
        .map((each) => finding('unknownControl', undefined, { section, control: each })),
    ),
  ];
}

/** A mapping to what this profile does not judge would be an empty word. */
function judgeBinding(regime: Regime, bound: readonly Claim[], profile: string): Outcome[] {
  const judged = new Set(bound.flatMap(({ controls }) => controls));
  const isSpokenOf = bound.some((claim) => regime.claims.includes(claim.id));
  return [
    ...(isSpokenOf ? [] : [finding('silent', undefined, { profile })]),
    ...regime.measures
      .filter(({ controls }) => !controls.some((each) => judged.has(each)))
      .map(({ section, controls }) =>
        finding('unmeasured', undefined, { section, controls: controls.join(', '), profile }),
      ),
  ];
}

function outcomeOn(
  target: string,
  type: string,
  subject: string,
  outcome: Outcome,
  observations: WholeOutcome['observations'],
): WholeOutcome {
  return { target, subject, type, outcome, observations };
}
