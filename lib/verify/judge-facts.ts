import type { FigureValue } from '../control/claim';
import type { Control } from '../control/control';
import type { ControlEvidence, SubjectEvidence } from '../control/evidence';
import { wordsOf } from '../control/finding-words';
import type { LiveOutcome } from '../control/live';
import type { Figures } from '../control/parameter';
import { finding, notAssessed, type Verdict, worstVerdict } from '../control/verdict';
import { deepFreeze, plain } from './plain-data';

/** Facts of one control, or why there are none. */
export type Collected = { readonly facts: unknown } | { readonly reason: string };

/** A half that judges facts, whatever they were collected from. */
interface FactHalf {
  readonly expects: 'at-least-one' | 'any-number';
  judge(facts: unknown, context: { readonly figures: Figures }): readonly LiveOutcome[];
}

export interface FactJudgement {
  readonly control: Control;
  readonly half: FactHalf;
  readonly figures: Figures;
  /** Path among the targets of what was looked at. */
  readonly target: string;
  /** What was looked at as a whole: the subject where nothing smaller can be named. */
  readonly whole: { readonly subject: string; readonly type: string };
}

/** Facts as plain data that nobody can change any more. A mistake of the collector is a reason, no fault of the run. */
export async function collectFacts(collect: () => Promise<unknown>): Promise<Collected> {
  try {
    return { facts: deepFreeze(plain(await collect())) };
  } catch (error) {
    return { reason: `the facts could not be collected: ${explain(error)}` };
  }
}

/** The facts, or nothing where they could not be collected. */
export function factsOf(collected: Collected | undefined): unknown {
  return collected && 'facts' in collected ? collected.facts : null;
}

/** What a control says of the facts that were collected for it. */
export function judgeFacts(judgement: FactJudgement, collected: Collected | undefined): ControlEvidence {
  const { control, figures } = judgement;
  const subjects = judge(judgement, collected);
  return {
    id: control.id,
    title: control.title,
    verdict: verdictOf(subjects, judgement.half),
    parameters: Object.fromEntries(Object.keys(control.parameters).map((name) => [name, figureOf(figures, name)])),
    subjects,
  };
}

function judge(judgement: FactJudgement, collected: Collected | undefined): readonly SubjectEvidence[] {
  const { half, figures, whole } = judgement;
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

function subjectEvidence({ control, target }: FactJudgement, live: LiveOutcome): SubjectEvidence {
  const { subject: logicalId, type, outcome, observations = [] } = live;
  const property = 'property' in outcome ? outcome.property : undefined;
  const value = observations.find((observation) => observation.property === property)?.value;
  const words = wordsOf(control, outcome, { name: logicalId, type, value });
  return { target, logicalId, type, verdict: outcome.verdict, ...words, observations };
}

/** Nothing to judge satisfies only a control that may be empty; one that may not has its finding by now. */
function verdictOf(subjects: readonly SubjectEvidence[], { expects }: FactHalf): Verdict {
  const applicable = subjects.filter(({ verdict }) => verdict !== 'not-applicable');
  return applicable.length === 0 && expects === 'any-number'
    ? 'satisfied'
    : worstVerdict(subjects.map(({ verdict }) => verdict));
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
