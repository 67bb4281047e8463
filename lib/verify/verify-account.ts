import type { Control } from '../control/control';
import type { ControlEvidence, TargetEvidence } from '../control/evidence';
import type { AccountReader } from '../control/live';
import type { Figures } from '../control/parameter';
import { collectFacts, factsOf, judgeFacts } from './judge-facts';
import { digestOf } from './plain-data';

export interface Verification {
  readonly controls: readonly Control[];
  readonly figures: Figures;
  /** The account; each control sees it through the reads that it declared. */
  readonly account: AccountReader;
}

/** What was looked at is known to be at the time of the run. */
export interface RunningEvidence {
  /** What was looked at (the account in one region, a database), with the SHA-256 of all facts. */
  readonly targets: readonly TargetEvidence[];
  /** One entry for each control that has a half for it. */
  readonly controls: readonly ControlEvidence[];
  /** By control, the facts that it was judged by: plain data, which judged again gives the same verdicts. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * Judges the running account. A control whose reads or judgement fail is not assessed, with the reason; the others go on.
 * Controls without a live half are left out.
 */
export async function verifyAccount({ controls, figures, account }: Verification): Promise<RunningEvidence> {
  const live = controls.flatMap((control) => (control.live ? [{ control, half: control.live }] : []));
  const collected = await Promise.all(
    live.map(({ half }) => collectFacts(() => half.collect(onlyDeclared(account, half.reads), { figures }))),
  );
  const { accountId, region } = account;
  const path = `account/${accountId}/${region}`;
  const facts = Object.fromEntries(
    live.map(({ control }, index): [string, unknown] => [control.id, factsOf(collected[index])]),
  );
  const whole = { subject: accountId, type: 'AWS::Account' };
  return {
    facts,
    targets: [{ path, sha256: digestOf(facts), account: accountId, region }],
    controls: live.map((each, index) => judgeFacts({ ...each, figures, target: path, whole }, collected[index])),
  };
}

/** The account as a control may see it. An undeclared read is a mistake in the control: the role of `verify` would not allow it. */
export function onlyDeclared(account: AccountReader, reads: readonly string[]): AccountReader {
  const check = (action: string) => {
    if (!reads.includes(action)) {
      throw new Error(`read '${action}' is not declared: declared are ${reads.join(', ') || 'none'}`);
    }
  };
  return {
    accountId: account.accountId,
    region: account.region,
    now: account.now,
    read: async (action, input) => {
      check(action);
      return account.read(action, input);
    },
    list: async (action, field, input) => {
      check(action);
      return account.list(action, field, input);
    },
    in: (region) => onlyDeclared(account.in(region), reads),
  };
}
