import type { FigureValue } from './claim';
import type { Verdict } from './verdict';

/** Status of a claim in one run; the first of this list that holds stands. */
export type ClaimStatus = 'broken' | 'unproven' | 'excepted' | 'awaiting' | 'attested' | 'kept' | 'planned';

/** One value that a judgement looked at. Passing is evidence too. */
export interface Observation {
  /** Dotted path in the subject, or `LogicalId.path` in another resource that the judgement followed. */
  readonly property: string;
  /** The value as judged; absent is `null` with `default` saying what the service does then. */
  readonly value: unknown;
}

/** A verdict on one subject, where it stands, and what was looked at. */
export interface SubjectEvidence {
  /** Path of its template in `targets`; for a live run, the region. */
  readonly target: string;
  readonly logicalId: string;
  readonly type: string;
  readonly constructPath?: string;
  /** `lib/constructs/x.ts:12`, or `template.yaml:40` where no assembly says more. */
  readonly source?: string;
  readonly verdict: Verdict;
  /** For a finding: what is wrong; otherwise the reason of the verdict. */
  readonly message?: string;
  readonly fix?: string;
  /** Id of the live exception that excuses this finding. */
  readonly exception?: string;
  /** Claims that it is about, where not all that the control keeps. */
  readonly claims?: readonly string[];
  /** Of `not-assessed`: nobody has looked yet, and the message says what is awaited. */
  readonly awaited?: true;
  /** Of `satisfied`: YYYY-MM-DD to which the person's word counts that it rests on. */
  readonly attestedUntil?: string;
  readonly observations: readonly Observation[];
}

export interface ControlEvidence {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly parameters: Readonly<Record<string, FigureValue>>;
  readonly subjects: readonly SubjectEvidence[];
}

export interface ClaimEvidence {
  readonly id: string;
  readonly document: string;
  readonly status: ClaimStatus;
  readonly controls: readonly string[];
  readonly reasons: readonly string[];
}

export interface TargetEvidence {
  readonly path: string;
  readonly sha256: string;
  readonly stack?: string;
  readonly account?: string;
  readonly region?: string;
}

/** A finding of another checker (cdk-nag, CloudFormation validation) that runs beside ours. */
export interface OpinionFinding {
  readonly rule: string;
  readonly description: string;
  readonly constructPath?: string;
  readonly logicalId?: string;
  readonly target?: string;
  readonly source?: string;
  /** Id of the live exception that acknowledges it. */
  readonly exception?: string;
}

export interface OpinionEvidence {
  readonly tool: string;
  readonly version?: string;
  /** `not-run` is said aloud: an opinion that was not asked is no assent. */
  readonly state: 'ran' | 'not-run';
  readonly findings: readonly OpinionFinding[];
}

export interface ExceptionEvidence {
  readonly id: string;
  readonly used: boolean;
  /** Date, YYYY-MM-DD; the exception holds to the end of that day, UTC. */
  readonly expires: string;
  readonly state: 'live' | 'expired' | 'unused' | 'too-wide';
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  readonly claims: readonly string[];
}

/** The one machine-readable result of `check` and `verify`; every other format is rendered from it. */
export interface Evidence {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'avouch'; readonly version: string };
  readonly run: {
    readonly kind: 'check' | 'verify';
    readonly profile: string;
    readonly environment: string | null;
    /** ISO 8601, UTC. */
    readonly startedAt: string;
    readonly commit: string | null;
  };
  readonly targets: readonly TargetEvidence[];
  readonly summary: {
    readonly claims: Readonly<Record<'total' | ClaimStatus, number>>;
    readonly controls: Readonly<Record<Verdict, number>>;
    readonly subjects: { readonly judged: number; readonly findings: number };
  };
  readonly claims: readonly ClaimEvidence[];
  readonly controls: readonly ControlEvidence[];
  readonly opinions: readonly OpinionEvidence[];
  readonly exceptions: readonly ExceptionEvidence[];
}
