import type { Register } from '../../../lib/control/claim';
import type { WholeOutcome } from '../../../lib/control/control';
import type { PrivacyContact } from '../../../lib/control/publication';
import type { RegisterContext } from '../../../lib/control/records';
import { attested, awaited, finding, notApplicable, type Outcome } from '../../../lib/control/verdict';
import { dayAfter, daysBetween } from '../days';
import { publications as target } from './looks';

type Office = PrivacyContact['office'];

const type = 'PrivacyContact';

/** Claims that a mailbox is made known, and whose. */
const claimsOf: Readonly<Record<Office, string>> = { dpo: 'cfeu-contact-dpo', requests: 'clvr-dsr-contact' };

const names: Readonly<Record<Office, string>> = {
  dpo: 'address of the data protection officer',
  requests: 'address for requests about personal data',
};

/** Judges the newest message from outside that each promised mailbox answered. Who answers there, only people know. */
export function* judgeContacts(registers: readonly Register[], context: RegisterContext): Generator<WholeOutcome> {
  const bound = registers
    .flatMap(({ claims }) => claims)
    .filter(({ document, planned }) => context.documents.includes(document) && !planned)
    .map(({ id }) => id);
  for (const office of (Object.keys(claimsOf) as Office[]).filter((each) => bound.includes(claimsOf[each]))) {
    for (const outcome of judgeOffice(office, context)) {
      yield { ...outcome, claims: [claimsOf[office]] };
    }
  }
}

function* judgeOffice(office: Office, context: RegisterContext): Generator<WholeOutcome> {
  const contacts = context.records.privacyContacts.filter((contact) => contact.office === office);
  const [newest, ...older] = [...contacts].sort((one, other) => other.answered.localeCompare(one.answered));
  if (!newest) {
    const reason = `no ${names[office]} is on record: publish it, write to it from outside (runbook 'designate-dpo'), and enter it in ${target}`;
    yield { target, subject: names[office], type, outcome: awaited(reason) };
    return;
  }
  const found = faultsOf(newest, context);
  const until = dayAfter(newest.answered, context.figures.number('dsr.contactDays'));
  for (const outcome of found.length > 0 ? found : [attested(until)]) {
    yield { target, subject: newest.address, type, outcome, observations: observationsOf(newest) };
  }
  for (const { address } of older) {
    yield { target, subject: address, type, outcome: notApplicable('a newer answer is on record') };
  }
}

function faultsOf(
  { address, answered, office }: PrivacyContact,
  { figures, records, today }: RegisterContext,
): readonly Outcome[] {
  const most = figures.number('dsr.contactDays');
  const days = daysBetween(answered, today);
  const officer = records.processing?.controller.officer;
  const isOther = office === 'dpo' && officer !== undefined && officer.toLowerCase() !== address.toLowerCase();
  return [
    ...(isOther ? [finding('otherOffice', undefined, { officer })] : []),
    ...(days < 0 ? [finding('future', undefined, { answered })] : []),
    ...(days > most ? [finding('stale', undefined, { answered, days, most })] : []),
  ];
}

function observationsOf({ answered, by, evidence, office, url }: PrivacyContact): WholeOutcome['observations'] {
  return [
    { property: 'office', value: office },
    { property: 'url', value: url },
    { property: 'by', value: by },
    { property: 'answered', value: answered },
    { property: 'evidence', value: `${evidence.reference} (SHA-256 ${evidence.sha256})` },
  ];
}
