import type { Figures } from './parameter';
import type { Outcome } from './verdict';

/** Why a read gave nothing. None of these is ever a pass. */
export type ReadFailure = 'denied' | 'throttled' | 'not-implemented' | 'incomplete' | 'failed';

/** The answer to one read of the account. */
export type ReadResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ReadFailure; readonly message: string };

/**
 * The account as a control may see it: reads that it declared, in the run's region. Lists come whole or not at all: a page that
 * fails makes the whole read `incomplete`.
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
  readonly expects: 'at-least-one' | 'any-number';
  collect(account: AccountReader): Promise<Facts>;
  /** Pure: the same facts give the same verdicts. */
  judge(facts: Facts, context: { readonly figures: Figures }): readonly LiveOutcome[];
}
