import type { FigureValue } from '../control/claim';
import type { Control } from '../control/control';
import type { ControlEvidence, SubjectEvidence, TargetEvidence } from '../control/evidence';
import { wordsOf } from '../control/finding-words';
import type { AccountReader, LiveHalf, LiveOutcome } from '../control/live';
import type { Figures } from '../control/parameter';
import { finding, notAssessed, type Verdict, worstVerdict } from '../control/verdict';
import { deepFreeze, digestOf, plain } from './plain-data';

export interface Verification {
  readonly controls: readonly Control[];
  readonly figures: Figures;
  /** The account; each control sees it through the reads that it declared. */
  readonly account: AccountReader;
}

/** What an account is known to be at the time of the run. */
export interface AccountEvidence {
  /** The account in one region, with the SHA-256 of all facts. */
  readonly targets: readonly TargetEvidence[];
  /** One entry for each control that has a live half. */
  readonly controls: readonly ControlEvidence[];
  /** By control, the facts that it was judged by: plain data, which judged again gives the same verdicts. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Facts of one control, or why there are none. */
type Collected = { readonly facts: unknown } | { readonly reason: string };

/**
 * Judges the running account. A control whose reads or judgement fail is not assessed, with the reason; the others go on.
 * Controls without a live half are left out.
 */
export async function verifyAccount({ controls, figures, account }: Verification): Promise<AccountEvidence> {
  const live = controls.flatMap((control) => (control.live ? [{ control, half: control.live }] : []));
  const collected = await Promise.all(live.map(({ half }) => collect(half, account)));
  const { accountId, region } = account;
  const path = `account/${accountId}/${region}`;
  const facts = Object.fromEntries(
    live.map(({ control }, index): [string, unknown] => [control.id, factsOf(collected[index])]),
  );
  return {
    facts,
    targets: [{ path, sha256: digestOf(facts), account: accountId, region }],
    controls: live.map(({ control, half }, index) => {
      const subjects = judge({ control, half, figures, accountId, target: path }, collected[index]);
      return {
        id: control.id,
        title: control.title,
        verdict: verdictOf(subjects, half),
        parameters: Object.fromEntries(Object.keys(control.parameters).map((name) => [name, figureOf(figures, name)])),
        subjects,
      };
    }),
  };
}

async function collect(half: LiveHalf, account: AccountReader): Promise<Collected> {
  try {
    return { facts: deepFreeze(plain(await half.collect(onlyDeclared(account, half.reads)))) };
  } catch (error) {
    return { reason: `the facts could not be collected: ${explain(error)}` };
  }
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
  };
}

interface LiveJudgement {
  readonly control: Control;
  readonly half: LiveHalf;
  readonly figures: Figures;
  readonly accountId: string;
  /** Path of the account among the targets. */
  readonly target: string;
}

function judge(judgement: LiveJudgement, collected: Collected | undefined): readonly SubjectEvidence[] {
  const { half, figures, accountId } = judgement;
  const whole = { subject: accountId, type: 'AWS::Account' };
  if (!collected || 'reason' in collected) {
    const reason = collected?.reason ?? 'nothing was collected';
    return [subjectEvidence(judgement, { ...whole, outcome: notAssessed(reason) })];
  }
  try {
    const outcomes = half.judge(collected.facts, { figures });
    const nothing = outcomes.every(({ outcome }) => outcome.verdict === 'not-applicable');
    const missing = nothing && half.expects === 'at-least-one' ? [{ ...whole, outcome: finding('missing') }] : [];
    return [...outcomes, ...missing].map((outcome) => subjectEvidence(judgement, outcome));
  } catch (error) {
    const outcome = notAssessed(`the judgement failed: ${explain(error)}`);
    return [subjectEvidence(judgement, { ...whole, outcome })];
  }
}

function subjectEvidence({ control, target }: LiveJudgement, live: LiveOutcome): SubjectEvidence {
  const { subject: logicalId, type, outcome, observations = [] } = live;
  const property = 'property' in outcome ? outcome.property : undefined;
  const value = observations.find((observation) => observation.property === property)?.value;
  const words = wordsOf(control, outcome, { name: logicalId, type, value });
  return { target, logicalId, type, verdict: outcome.verdict, ...words, observations };
}

/** Nothing to judge satisfies only a control that may be empty; one that may not has its finding by now. */
function verdictOf(subjects: readonly SubjectEvidence[], half: LiveHalf): Verdict {
  const applicable = subjects.filter(({ verdict }) => verdict !== 'not-applicable');
  return applicable.length === 0 && half.expects === 'any-number'
    ? 'satisfied'
    : worstVerdict(subjects.map(({ verdict }) => verdict));
}

function factsOf(collected: Collected | undefined): unknown {
  return collected && 'facts' in collected ? collected.facts : null;
}

function figureOf(figures: Figures, name: string): FigureValue {
  const figure = figures.all.get(name);
  if (!figure) {
    throw new Error(`no figure was resolved for the parameter '${name}'`);
  }
  return figure.value;
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
