import type { WholeOutcome } from '../../../lib/control/control';
import type { Agreement } from '../../../lib/control/publication';
import type { RegisterContext } from '../../../lib/control/records';
import { awaited, finding, notApplicable, type Outcome } from '../../../lib/control/verdict';
import { judgeLook, newestFirst, publications as target } from './looks';

const type = 'Agreement';

const toDo: Readonly<Record<Agreement['kind'], string>> = {
  dpa: "no data processing agreement for customers is on record: have its text read by runbook 'sign-dpa', and enter it",
  baa: "no business associate agreement for customers is on record: have its text read by runbook 'sign-baa', and enter it",
  'provider-baa':
    "no business associate agreement with the provider is on record: accept it in AWS Artifact by runbook 'sign-baa', and enter it",
};

/** Judges the newest agreement of a kind; the annex of one for customers names the sub-processors of the register and nobody else. */
export function* judgeAgreements(kind: Agreement['kind'], context: RegisterContext): Generator<WholeOutcome> {
  const [newest, ...older] = newestFirst(context.records.agreements.filter((agreement) => agreement.kind === kind));
  if (!newest) {
    yield { target, subject: kind, type, outcome: awaited(`${toDo[kind]} in ${target}`) };
    return;
  }
  for (const outcome of judgeLook(newest.reviewed, context, kind === 'dpa' ? judgeAnnex(newest, context) : [])) {
    yield { target, subject: nameOf(newest), type, outcome, observations: observationsOf(newest) };
  }
  for (const agreement of older) {
    yield { target, subject: nameOf(agreement), type, outcome: notApplicable('a newer look is on record') };
  }
}

function judgeAnnex({ annex = [] }: Agreement, { profile, records }: RegisterContext): readonly Outcome[] {
  const due = records.vendors
    .filter(({ profiles, role }) => profiles.includes(profile) && role === 'sub-processor')
    .map(({ id }) => id);
  const missing = due.filter((id) => !annex.includes(id));
  const strangers = annex.filter((id) => !due.includes(id));
  return [
    ...(missing.length > 0 ? [finding('notInAnnex', undefined, { vendors: missing.join(', '), profile })] : []),
    ...(strangers.length > 0 ? [finding('stranger', undefined, { vendors: strangers.join(', '), profile })] : []),
  ];
}

function nameOf({ kind, version }: Agreement): string {
  return `${kind} ${version}`;
}

function observationsOf({ annex, by, evidence, reviewed }: Agreement): WholeOutcome['observations'] {
  return [
    { property: 'by', value: by },
    { property: 'reviewed', value: reviewed },
    { property: 'annex', value: annex ? annex.join(', ') : null },
    { property: 'evidence', value: `${evidence.reference} (SHA-256 ${evidence.sha256})` },
  ];
}
