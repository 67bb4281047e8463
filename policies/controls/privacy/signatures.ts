import type { WholeOutcome } from '../../../lib/control/control';
import type { RegisterContext } from '../../../lib/control/records';
import { isSentPublicDataOnly, type Vendor } from '../../../lib/control/vendor';
import { awaited, finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

const target = 'policies/registers/vendors.yaml';

/** Judges whether every vendor of the profile that is sent data about people, or hosts it, has signed an agreement. */
export function* judgeSignatures({ profile, records, today }: RegisterContext): Generator<WholeOutcome> {
  const vendors = records.vendors.filter(({ profiles }) => profiles.includes(profile));
  if (vendors.length === 0) {
    const outcome = notAssessed('the register has no vendor of the profile, not even the one that hosts it');
    yield { target, subject: 'vendors', type: 'Vendors', outcome };
  }
  for (const vendor of vendors) {
    yield {
      target,
      subject: vendor.id,
      type: 'Vendor',
      outcome: judgeSignature(vendor, today),
      observations: [
        { property: 'dataCategories', value: vendor.dataCategories.join(', ') },
        { property: 'dpa', value: vendor.dpa.signed ? `signed on ${vendor.dpa.date}` : 'not signed' },
        { property: 'reference', value: vendor.dpa.reference ?? null },
      ],
    };
  }
}

function judgeSignature(vendor: Vendor, today: string): Outcome {
  const { dataCategories, dpa, name } = vendor;
  if (isSentPublicDataOnly(vendor)) {
    return notApplicable('it is sent nothing about anybody');
  }
  if (!dpa.signed) {
    return awaited(
      `${name} is registered for ${dataCategories.join(', ')} and has signed no data processing agreement: have it signed by runbook 'sign-dpa' before anything is sent, and enter it in ${target}`,
    );
  }
  return dpa.date === undefined || dpa.date > today ? finding('future', undefined, { day: dpa.date }) : satisfied;
}
