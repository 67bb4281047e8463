import type { ClaimStatus, ControlEvidence, ExceptionEvidence, SubjectEvidence } from './evidence';
import { worstVerdict } from './verdict';

/** Something that keeps a claim from being kept, and why. */
export interface Signal {
  readonly status: Extract<ClaimStatus, 'broken' | 'unproven' | 'excepted' | 'awaiting' | 'attested'>;
  /** Plain words, lower case, no full stop. */
  readonly reason: string;
  /** It says that something is not there, rather than what was seen of it. */
  readonly isAbsence?: boolean;
}

/** Findings named one by one for a control before only their number is given. */
const shownSubjects = 3;

/** What a control's evidence says, prepared once for the many claims that it keeps. */
export interface ControlDigest {
  readonly evidence: ControlEvidence;
  readonly findings: readonly SubjectEvidence[];
  readonly unseen: readonly SubjectEvidence[];
  /** Whether some subjects are about some of the claims only. */
  readonly isDivided: boolean;
}

export function digestControl(evidence: ControlEvidence): ControlDigest {
  return {
    evidence,
    findings: evidence.subjects.filter(({ verdict }) => verdict === 'not-satisfied'),
    unseen: evidence.subjects.filter(({ verdict }) => verdict === 'not-assessed'),
    isDivided: evidence.subjects.some(({ claims }) => claims !== undefined),
  };
}

/** What the evidence says of one claim: subjects that are about others are left out. */
export function digestFor(digest: ControlDigest, claim: string): ControlDigest {
  if (!digest.isDivided) {
    return digest;
  }
  const subjects = digest.evidence.subjects.filter(({ claims }) => claims?.includes(claim) ?? true);
  const verdict = worstVerdict(subjects.map((subject) => subject.verdict));
  return digestControl({ ...digest.evidence, subjects, verdict });
}

/** Findings break a claim, unless a live exception that names the claim excuses them. */
export function findingSignals(
  { evidence, findings }: ControlDigest,
  claim: string,
  exceptions: ReadonlyMap<string, ExceptionEvidence>,
  today: string,
): Signal[] {
  if (evidence.verdict === 'not-satisfied' && findings.length === 0) {
    return [{ status: 'broken', reason: `${evidence.id} is not satisfied` }];
  }
  const signals = findings.map((subject): Signal => {
    const exception = subject.exception === undefined ? undefined : exceptions.get(subject.exception);
    const invalid = whyNotExcused(subject.exception, exception, claim, today);
    if (exception && invalid === undefined) {
      const { id, expires, reason } = exception;
      return {
        status: 'excepted',
        reason: `${evidence.id} on ${nameOf(subject)} is excused until ${expires} by exception '${id}': ${reason}`,
      };
    }
    const said = [subject.message, invalid].filter((part) => part !== undefined && part !== '').join('; ');
    return {
      status: 'broken',
      reason: `${evidence.id} is not satisfied${placeOf(subject)}${said === '' ? '' : `: ${said}`}`,
    };
  });
  const broken = signals.filter(({ status }) => status === 'broken');
  const excepted = signals.filter(({ status }) => status === 'excepted');
  return [...shorten(evidence.id, broken), ...shorten(evidence.id, excepted)];
}

function whyNotExcused(
  id: string | undefined,
  exception: ExceptionEvidence | undefined,
  claim: string,
  today: string,
): string | undefined {
  if (id === undefined) {
    return undefined;
  }
  if (!exception) {
    return `exception '${id}' is not known`;
  }
  if (today > exception.expires) {
    return `exception '${id}' expired on ${exception.expires}`;
  }
  if (exception.state !== 'live') {
    return `exception '${id}' is ${exception.state}`;
  }
  return exception.claims.includes(claim) ? undefined : `exception '${id}' does not name this claim`;
}

/** What could not be looked at, or was not there to look at, in a control that this run judges. */
export function unprovenSignals(id: string, digest: ControlDigest | undefined): Signal[] {
  if (!digest) {
    return [{ status: 'unproven', reason: `${id} was not judged in this run`, isAbsence: true }];
  }
  const { evidence, unseen } = digest;
  const signals = unseen.map(
    (subject): Signal =>
      subject.awaited
        ? { status: 'awaiting', reason: `${id} awaits ${nameOf(subject)}: ${subject.message}` }
        : {
            status: 'unproven',
            reason: `${id} could not assess ${nameOf(subject)}${subject.message ? `: ${subject.message}` : ''}`,
          },
  );
  if (signals.length > 0) {
    return (['unproven', 'awaiting'] as const).flatMap((status) =>
      shorten(
        id,
        signals.filter((signal) => signal.status === status),
      ),
    );
  }
  switch (evidence.verdict) {
    case 'not-assessed':
      return [{ status: 'unproven', reason: `${id} is not assessed` }];
    case 'not-applicable':
      return [{ status: 'unproven', reason: `${id} found nothing to judge`, isAbsence: true }];
    default:
      return [];
  }
}

function shorten(id: string, signals: readonly Signal[]): Signal[] {
  const shown = signals.slice(0, shownSubjects);
  const [first] = shown;
  const rest = signals.length - shown.length;
  return first && rest > 0
    ? [
        ...shown,
        { status: first.status, reason: `${id}: and ${rest} more ${rest === 1 ? 'subject' : 'subjects'} like these` },
      ]
    : shown;
}

/** A finding that something is missing stands nowhere. */
function placeOf(subject: SubjectEvidence): string {
  const name = nameOf(subject);
  return name === '' ? '' : ` on ${name}`;
}

function nameOf({ constructPath, logicalId }: SubjectEvidence): string {
  return constructPath ?? logicalId;
}
