import type { Figures } from './parameter';
import { notAssessed, type Outcome } from './verdict';

/** Why a read gave nothing. None of these is ever a pass. */
export type ReadFailure = 'denied' | 'throttled' | 'not-implemented' | 'incomplete' | 'failed';

/** A read that gave nothing, and why. */
export interface FailedRead {
  readonly ok: false;
  readonly failure: ReadFailure;
  /** What was answered instead; lower case unless the service's own words. */
  readonly message: string;
}

/** The answer to one read of the account: plain data, times as ISO 8601 text. */
export type ReadResult<T> = { readonly ok: true; readonly value: T } | FailedRead;

const failureWords: Readonly<Record<ReadFailure, string>> = {
  denied: 'was denied',
  throttled: 'was throttled until the last attempt',
  'not-implemented': 'is not implemented by the endpoint',
  incomplete: 'came back incomplete',
  failed: 'failed',
};

/** The outcome of a judgement whose read gave nothing: never a pass. */
export function couldNotLook(action: string, { failure, message }: FailedRead): Outcome {
  return notAssessed(`${action} ${failureWords[failure]}: ${message}`);
}

/**
 * The account as a control may see it: reads that it declared, in one Region, that of the run unless another was asked for. Lists come whole or not at all:
 * a page that fails makes the whole read `incomplete`.
 */
export interface AccountReader {
  readonly accountId: string;
  readonly region: string;
  /** The time of the run: what is recent is measured against it. */
  readonly now: Date;
  /**
   * Calls one operation.
   * @param action `service:Operation`, as declared in `reads` (`cloudtrail:GetTrailStatus`)
   * @param input the operation's input, as the AWS SDK takes it
   * @throws Error when the control did not declare the action
   */
  read(
    action: string,
    input?: Readonly<Record<string, unknown>>,
  ): Promise<ReadResult<Readonly<Record<string, unknown>>>>;
  /**
   * Calls a listing operation until its last page.
   * @param field the output member that holds the items
   */
  list(
    action: string,
    field: string,
    input?: Readonly<Record<string, unknown>>,
  ): Promise<ReadResult<readonly unknown[]>>;
  /** The same account in another Region. One that it has not switched on refuses every read. */
  in(region: string): AccountReader;
}

/** A verdict on one thing in the account. */
export interface LiveOutcome {
  /** ARN or name of the thing; the account id where the promise is about the account. */
  readonly subject: string;
  /** CloudFormation's name of its type, or `AWS::Account`. */
  readonly type: string;
  readonly outcome: Outcome;
  readonly observations?: readonly { readonly property: string; readonly value: unknown }[];
}

/**
 * The half that judges the running account. Facts are plain data: they can be stored, redacted and judged again years later.
 */
export interface LiveHalf<Facts = unknown> {
  /** Actions that `collect` may call; the read-only role of `verify` is their union. */
  readonly reads: readonly string[];
  /** Whether the promise needs something to exist. `at-least-one`: nothing to judge is a finding with the message `missing`. */
  readonly expects: 'at-least-one' | 'any-number';
  collect(account: AccountReader, context: { readonly figures: Figures }): Promise<Facts>;
  /** Pure: the same facts give the same verdicts. */
  judge(facts: Facts, context: { readonly figures: Figures }): readonly LiveOutcome[];
}
