import type { Control, JudgementContext, TemplateHalf, WholeOutcome } from '../control/control';
import type { SubjectEvidence } from '../control/evidence';
import { shown } from '../control/finding-words';
import { notAssessed, type Outcome, worstVerdict } from '../control/verdict';
import type { Graph } from '../template/graph';
import { type RecordedRead, Scope } from '../template/scope';
import type { ResourceDefinition } from '../template/template';
import { exploreWorlds, maximumWorlds, TooManyWorlds, type World } from '../template/world';
import { explain, type JudgedOutcome, subjectEvidence, wholeEvidence } from './subject-evidence';

/** One run of a control's template half over one graph. */
export interface Run {
  readonly control: Control;
  readonly half: TemplateHalf;
  readonly graph: Graph;
  readonly given: Omit<JudgementContext, 'scope'>;
  /** Types that the control looked up: what cannot be read may hide one more of them. */
  readonly sought: Set<string>;
}

/** What a judgement came to in one world, and what it read there. */
interface Judged<T> {
  readonly outcomes: readonly T[];
  readonly reads: readonly RecordedRead[];
}

/** Judges one resource in every world in which it exists. */
export function judgeSubject(run: Run, definition: ResourceDefinition): readonly SubjectEvidence[] {
  const worlds: Judged<Outcome>[] = [];
  let failure: JudgedOutcome | undefined;
  try {
    for (const judged of exploreWorlds((world) => judgeInWorld(run, definition, world))) {
      if (judged) {
        worlds.push(judged);
      }
    }
  } catch (error) {
    failure = { outcome: failed(error) };
  }
  const outcomes = weighed(worlds, failure === undefined, definition);
  const reads = worlds.length === 1 && worlds[0] ? worlds[0].reads : worlds.flatMap((world) => world.reads);
  return subjectEvidence(run.control, definition, failure ? [...outcomes, failure] : outcomes, reads);
}

function judgeInWorld(run: Run, definition: ResourceDefinition, world: World): Judged<Outcome> | undefined {
  const scope = new Scope(run.graph, world, run.sought);
  const subject = scope.subject(definition);
  if (!subject.exists()) {
    return undefined;
  }
  const result = run.half.judge(subject, { ...run.given, scope });
  const outcomes: readonly Outcome[] = 'verdict' in result ? [result] : result;
  return { outcomes: outcomes.length === 0 ? [silence] : outcomes, reads: scope.reads };
}

/** A rule that says nothing of a resource has not looked at it. */
const silence = notAssessed('the judgement came to no outcome');

/** A rule that throws has not looked: said aloud, never a pass, and the run goes on with the next subject. */
function failed(error: unknown): Outcome {
  return notAssessed(
    error instanceof TooManyWorlds
      ? `${error.message}: give the parameters their values with --parameters`
      : `the judgement failed: ${explain(error)}`,
  );
}

/**
 * A value that the deployer would have to choose breaks nothing yet; the parameter that allows it is named instead. Where the
 * resource is broken whatever he chooses, it is broken.
 */
function weighed(worlds: readonly Judged<Outcome>[], isWhole: boolean, subject: ResourceDefinition): JudgedOutcome[] {
  const everywhere = isWhole && worlds.length > 0 && worlds.every(({ outcomes }) => outcomes.some(isFinding));
  return worlds.flatMap(({ outcomes, reads }) =>
    outcomes.map((outcome) => ({
      outcome:
        everywhere || !isFinding(outcome)
          ? outcome
          : weighChoice(outcome, reads, (read) => read.subject === subject && read.property === outcome.property),
      reads,
    })),
  );
}

function isFinding(outcome: Outcome): outcome is Extract<Outcome, { verdict: 'not-satisfied' }> {
  return outcome.verdict === 'not-satisfied';
}

function weighChoice(
  outcome: Extract<Outcome, { verdict: 'not-satisfied' }>,
  reads: readonly RecordedRead[],
  isOfFinding: (read: RecordedRead) => boolean,
): Outcome {
  const chosen = reads.find(
    (read) => read.choice !== undefined && (outcome.property === undefined || isOfFinding(read)),
  );
  if (!chosen) {
    return outcome;
  }
  const safe = shown(chosen.property, chosen.value);
  const value = safe === chosen.value ? JSON.stringify(safe) : safe;
  return notAssessed(`the parameter '${chosen.choice}' may be set to ${value}, which would break it`, chosen.property);
}

/** Resources that a judgement of the whole may look at over all worlds, before its combinations count as too many. */
const maximumVisits = 2_000_000;

/** Judges what is no single resource, in every world. */
export function judgeWhole(run: Run): readonly SubjectEvidence[] {
  const { half, graph, control } = run;
  if (!half.judgeWhole) {
    return [];
  }
  const worlds: Judged<WholeOutcome>[] = [];
  let failure: WholeOutcome | undefined;
  const most = Math.min(maximumWorlds, Math.max(8, Math.floor(maximumVisits / Math.max(graph.size, 1))));
  try {
    for (const judged of exploreWorlds((world) => judgeWholeInWorld(run, world), most)) {
      worlds.push(judged);
    }
  } catch (error) {
    failure = { target: graph.templates[0]?.path ?? '', subject: '', type: 'Template', outcome: failed(error) };
  }
  const outcomes = worstOfWorlds(worlds, failure === undefined);
  return (failure ? [...outcomes, failure] : outcomes).map((outcome) => wholeEvidence(control, outcome));
}

function judgeWholeInWorld({ half, graph, given, sought }: Run, world: World): Judged<WholeOutcome> {
  const scope = new Scope(graph, world, sought);
  return { outcomes: [...(half.judgeWhole?.({ ...given, scope }) ?? [])], reads: scope.reads };
}

/** The worst that any world says of each thing judged. */
function worstOfWorlds(worlds: readonly Judged<WholeOutcome>[], isWhole: boolean): readonly WholeOutcome[] {
  const [only, ...others] = worlds;
  if (only && others.length === 0) {
    return only.outcomes;
  }
  const broken = worlds.map(({ outcomes }) => new Set(outcomes.filter(({ outcome }) => isFinding(outcome)).map(thing)));
  const byThing = new Map<string, Map<string, WholeOutcome>>();
  for (const { outcomes, reads } of worlds) {
    for (const whole of outcomes) {
      const key = thing(whole);
      const everywhere = isWhole && broken.every((things) => things.has(key));
      const outcome = everywhere ? whole.outcome : weighWhole(whole, reads);
      const known = byThing.get(key) ?? new Map<string, WholeOutcome>();
      byThing.set(key, known.set(JSON.stringify(outcome), { ...whole, outcome }));
    }
  }
  return [...byThing.values()].flatMap((distinct) => worstOf([...distinct.values()]));
}

function worstOf(outcomes: readonly WholeOutcome[]): readonly WholeOutcome[] {
  const worst = worstVerdict(outcomes.map(({ outcome }) => outcome.verdict));
  const kept = outcomes.filter(({ outcome }) => outcome.verdict === worst);
  return worst === 'not-satisfied' || worst === 'not-assessed' ? kept : kept.slice(0, 1);
}

function thing({ target, subject, type }: WholeOutcome): string {
  return JSON.stringify([target, subject, type]);
}

function weighWhole({ outcome, subject }: WholeOutcome, reads: readonly RecordedRead[]): Outcome {
  return isFinding(outcome)
    ? weighChoice(outcome, reads, (read) => read.subject.logicalId === subject && read.property === outcome.property)
    : outcome;
}
