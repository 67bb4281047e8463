import type { ClaimStatus, Evidence, ExceptionEvidence } from '../control/evidence';
import type { Verdict } from '../control/verdict';
import { counted, grouped } from './printable';

/** Statuses in the order of design: what a reader must act on comes first. */
export const statuses: readonly ClaimStatus[] = [
  'broken',
  'unproven',
  'excepted',
  'awaiting',
  'attested',
  'kept',
  'planned',
];

/** Verdicts from worst to best. */
export const verdicts: readonly Verdict[] = ['not-satisfied', 'not-assessed', 'satisfied', 'not-applicable'];

export const statusMeaning: Readonly<Record<ClaimStatus, string>> = {
  broken: 'A control that keeps the promise is not satisfied. The promise should not be published as it stands.',
  unproven: 'Nobody knows: something could not be read, no control measures it, or the evidence has expired.',
  excepted: 'Kept only by a dated exception that a named person approved. It ends when the exception ends.',
  awaiting:
    'What this run can see holds, or it can see none of it. The rest needs the running account or a person, as the reason says.',
  attested: 'A person gave dated evidence that is still valid. No machine measured it.',
  kept: 'Every control that keeps it was judged on at least one subject, or may be empty, and is satisfied.',
  planned: 'The document announces it for later. It is not claimed as done, and not judged as done.',
};

export const verdictMeaning: Readonly<Record<Verdict, string>> = {
  'not-satisfied': 'A property has a value that breaks the control. A finding says which, where, and what to change.',
  'not-assessed':
    'Could not look: a value is decided only at deployment, a read was denied, or the shape is unknown. Never counted as a pass.',
  satisfied: 'Every property that the control reads has an allowed value. The record lists them.',
  'not-applicable': 'The control has nothing to say about this subject, and says why.',
};

export const exceptionStateMeaning: Readonly<Record<ExceptionEvidence['state'], string>> = {
  live: 'applies and excuses what it names',
  expired: 'its last day is over; it excuses nothing',
  unused: 'matches nothing in this run; remove it',
  'too-wide': 'matches more than was approved; it excuses nothing',
};

/** What is said of a number of promises in each status. */
const predicates: Readonly<Record<ClaimStatus, readonly [one: string, many: string]>> = {
  broken: ['is broken', 'are broken'],
  unproven: ['is unproven', 'are unproven'],
  excepted: ['holds only by an exception', 'hold only by exceptions'],
  awaiting: ['awaits evidence that this run cannot see', 'await evidence that this run cannot see'],
  attested: ['is attested by a person', 'are attested by a person'],
  kept: ['is kept', 'are kept'],
  planned: ['is only planned', 'are only planned'],
};

/** `2 are broken and 14 are unproven`, or an empty text where no status has a claim. */
function tally(evidence: Evidence, of: readonly ClaimStatus[]): string {
  const { claims } = evidence.summary;
  const present = of.filter((status) => claims[status] > 0);
  return listed(
    present.map((status) => `${grouped(claims[status])} ${predicates[status][claims[status] === 1 ? 0 : 1]}`),
  );
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** The outcome of a run in one sentence: what does not hold before what does, in counts and never in a score. */
export function verdictSentence(evidence: Evidence): string {
  const { claims } = evidence.summary;
  if (claims.total === 0) {
    return 'No promise was judged in this run.';
  }
  const open = tally(evidence, ['broken', 'unproven', 'awaiting']);
  const held = tally(evidence, ['excepted', 'attested', 'kept', 'planned']);
  const first = `Of ${counted(claims.total, 'promise')}, ${open === '' ? 'none is broken, unproven or awaiting evidence' : open}`;
  return held === '' ? `${first}.` : `${first}; ${held}.`;
}

/** What kind of evidence a run is, and above all what it is not. */
export function reach(evidence: Evidence): string {
  if (evidence.run.kind === 'check') {
    return (
      'This run read templates, before anything was deployed. Nothing in it has met a running account: ' +
      'it cannot say what is deployed, whether anybody changed it since, or whether it works.'
    );
  }
  return (
    'This run read a running account at the time given, and only read. It says nothing about the time before or after, ' +
    'and what could not be read is reported as not assessed.'
  );
}

/** A status, verdict or state as it is read: `not-satisfied` is two words. */
export function spoken(state: string): string {
  return state.replaceAll('-', ' ');
}

/** `expires 2026-12-31` or `expired 2026-01-31`, as the state of the exception has it. */
export function expiryText(exception: ExceptionEvidence): string {
  return `${exception.state === 'expired' ? 'expired' : 'expires'} ${exception.expires}`;
}
