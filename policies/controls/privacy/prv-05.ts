import type { Claim, Register } from '../../../lib/control/claim';
import { defineControl, type WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { notAssessed } from '../../../lib/control/verdict';
import { judgeAgreements } from './agreements';
import { judgeNotices } from './privacy-notices';
import { judgeSignatures } from './signatures';

const id = 'prv-05';

/** What a claim rests on: each has its own entries in a register, and says nothing of the others. */
type Ground = 'notice' | 'dpa' | 'vendors' | 'baa' | 'provider-baa';

const groundsOf: Readonly<Record<string, readonly Ground[]>> = {
  'cfeu-hipaa-baa': ['baa', 'provider-baa'],
  'cfus-dpa-on-request': ['dpa', 'vendors'],
  'cfus-subprocessors-full-in-dpa': ['dpa'],
  'cly-gdpr-dpa': ['dpa', 'vendors'],
  'clvr-dpa-vendors': ['vendors'],
  'clvr-privacy-policy': ['notice'],
};

const judges: Readonly<Record<Ground, (context: RegisterContext) => Iterable<WholeOutcome>>> = {
  notice: judgeNotices,
  dpa: (context) => judgeAgreements('dpa', context),
  vendors: judgeSignatures,
  baa: (context) => judgeAgreements('baa', context),
  'provider-baa': (context) => judgeAgreements('provider-baa', context),
};

/** PRV-05: what people are told about their data, and what is signed with whom. Records of people's looks, none older than promised. */
export const control = defineControl({
  id,
  title:
    'The privacy notice and the agreements to sign are on record and were read within the year, the annex names every sub-processor, and every vendor of personal data has signed',
  family: 'privacy',
  claims: Object.keys(groundsOf),
  doesNotProve:
    'That a text is good law or true, that it is the one that visitors find at its address, that a customer who asked got one, or that a signature is genuine: whoever reads the documents on file concludes that.',
  runbook: 'sign-dpa',
  parameters: {
    'contracts.reviewDays': {
      kind: 'number',
      stricter: 'lower',
      default: 366,
      unit: 'days',
      description: 'longest time between two looks at a privacy notice or an agreement',
    },
  },
  messages: {
    stale: {
      violation: '{name} was last read on {reviewed}, {days} days ago, allowed are {most}',
      fix: 'read it again, correct it, and enter the day in policies/registers/publications.yaml',
    },
    future: {
      violation: '{name} is on record with {day}, which has not come yet',
      fix: 'enter what has happened',
    },
    notInAnnex: {
      violation:
        'the annex of {name} does not list {vendors}, which the register has as sub-processors of profile {profile}',
      fix: 'generate the annex anew from policies/registers/vendors.yaml, and tell customers as their agreement says',
    },
    stranger: {
      violation:
        'the annex of {name} lists {vendors}, which the register does not have as sub-processors of profile {profile}',
      fix: 'take them from the annex, or enter them in policies/registers/vendors.yaml',
    },
  },
  register: { judge: (registers, _catalogue, context) => judgeContracts(registers, context) },
});

function* judgeContracts(registers: readonly Register[], context: RegisterContext): Generator<WholeOutcome> {
  const bound = registers
    .flatMap(({ claims }) => claims)
    .filter(
      ({ document, planned, controls }) => context.documents.includes(document) && !planned && controls.includes(id),
    );
  for (const claim of bound.filter((each) => groundsOf[each.id] === undefined)) {
    const outcome = notAssessed('what it rests on is not known here: enter it in prv-05');
    yield {
      target: `policies/claims/${claim.document}.yaml`,
      subject: claim.id,
      type: 'Claim',
      outcome,
      claims: [claim.id],
    };
  }
  for (const ground of Object.keys(judges) as Ground[]) {
    const claims = bound.filter((claim) => restsOn(claim, ground)).map((claim) => claim.id);
    if (claims.length > 0) {
      for (const outcome of judges[ground](context)) {
        yield { ...outcome, claims };
      }
    }
  }
}

function restsOn({ id: claim }: Claim, ground: Ground): boolean {
  return groundsOf[claim]?.includes(ground) ?? false;
}
