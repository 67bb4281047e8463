import type { Control, JudgementContext, TemplateHalf, WholeOutcome } from '../control/control';
import type { SubjectEvidence } from '../control/evidence';
import type { Figures } from '../control/parameter';
import { notAssessed, type Outcome } from '../control/verdict';
import type { Graph } from '../template/graph';
import { type RecordedRead, Scope } from '../template/scope';
import type { ResourceDefinition } from '../template/template';
import { exploreWorlds } from '../template/world';
import { explain, type JudgedOutcome, subjectEvidence, wholeEvidence } from './subject-evidence';

export interface JudgeOptions {
  /** Judge what is there: a promise that needs a resource which the template does not hold is not applicable. */
  readonly presentOnly?: boolean;
}

type Given = Omit<JudgementContext, 'scope'>;

/** Judges every subject of a control in one graph. Empty: there was nothing to judge, and the control may be empty. */
export function judgeGraph(
  control: Control,
  graph: Graph,
  figures: Figures,
  options: JudgeOptions = {},
): readonly SubjectEvidence[] {
  const half = control.template;
  if (!half) {
    return [];
  }
  const given: Given = { figures, presentOnly: options.presentOnly ?? false };
  const judged = subjectsOf(half, graph).flatMap((subject) => judgeSubject(control, half, subject, graph, given));
  const whole = [...judgeWhole(control, half, graph, given)];
  return [...judged, ...whole, ...gapsOf(control, half, graph), ...missing(control, half, graph, judged, options)];
}

function subjectsOf(half: TemplateHalf, graph: Graph): readonly ResourceDefinition[] {
  const types = half.judges.includes('*') ? [...graph.presentTypes] : half.judges;
  return types.flatMap((type) => graph.ofType(type));
}

function judgeSubject(
  control: Control,
  half: TemplateHalf,
  definition: ResourceDefinition,
  graph: Graph,
  given: Given,
): readonly SubjectEvidence[] {
  const outcomes: JudgedOutcome[] = [];
  const reads: RecordedRead[] = [];
  try {
    for (const world of exploreWorlds((world) => judgeInWorld(half, definition, new Scope(graph, world), given))) {
      outcomes.push(...world.outcomes);
      reads.push(...world.reads);
    }
  } catch (error) {
    // A rule that throws has not looked: said aloud, never a pass, and the run goes on with the next subject.
    outcomes.push({ outcome: notAssessed(`the judgement failed: ${explain(error)}`) });
  }
  return subjectEvidence(control, definition, outcomes, reads);
}

function judgeInWorld(half: TemplateHalf, definition: ResourceDefinition, scope: Scope, given: Given) {
  const subject = scope.subject(definition);
  if (!subject.exists()) {
    return { outcomes: [], reads: [] };
  }
  const result = half.judge(subject, { ...given, scope });
  const outcomes: readonly Outcome[] = 'verdict' in result ? [result] : result;
  const judged = outcomes.map((outcome) => weighChoice(outcome, definition, scope.reads));
  return { outcomes: judged.map((outcome) => ({ outcome, reads: scope.reads })), reads: scope.reads };
}

/** A value that the deployer would have to choose breaks nothing yet; the parameter that allows it is named instead. */
function weighChoice(outcome: Outcome, subject: ResourceDefinition, reads: readonly RecordedRead[]): Outcome {
  if (outcome.verdict !== 'not-satisfied') {
    return outcome;
  }
  const relevant = reads.filter(
    (read) => outcome.property === undefined || (read.subject === subject && read.property === outcome.property),
  );
  const chosen = relevant.find((read) => read.choice !== undefined);
  return chosen
    ? notAssessed(
        `the parameter '${chosen.choice}' may be set to ${JSON.stringify(chosen.value)}, which would break it`,
        chosen.property,
      )
    : outcome;
}

function* judgeWhole(control: Control, half: TemplateHalf, graph: Graph, given: Given): Generator<SubjectEvidence> {
  if (!half.judgeWhole) {
    return;
  }
  let outcomes: readonly WholeOutcome[];
  try {
    outcomes = [...half.judgeWhole({ ...given, scope: new Scope(graph) })];
  } catch (error) {
    const target = graph.templates[0]?.path ?? '';
    outcomes = [
      { target, subject: '', type: 'Template', outcome: notAssessed(`the judgement failed: ${explain(error)}`) },
    ];
  }
  for (const outcome of outcomes) {
    yield wholeEvidence(control, outcome);
  }
}

/** What cannot be read may hide a subject. */
function gapsOf(control: Control, half: TemplateHalf, graph: Graph): readonly SubjectEvidence[] {
  const mayHide = (types: readonly string[] | undefined) =>
    !types || half.judges.includes('*') || types.some((type) => half.judges.includes(type));
  return graph.gaps
    .filter((gap) => mayHide(gap.types))
    .map(({ template, logicalId, reason }) =>
      wholeEvidence(control, {
        target: template.path,
        subject: logicalId,
        type: 'Template',
        outcome: notAssessed(reason),
      }),
    );
}

function missing(
  control: Control,
  half: TemplateHalf,
  graph: Graph,
  judged: readonly SubjectEvidence[],
  options: JudgeOptions,
): readonly SubjectEvidence[] {
  if (half.expects === 'any-number' || options.presentOnly) {
    return [];
  }
  const applicable = new Set(
    judged
      .filter((subject) => subject.verdict !== 'not-applicable')
      .map((subject) => `${subject.target}#${subject.logicalId}`),
  );
  const definitions = subjectsOf(half, graph).filter(
    (definition) =>
      (half.expected?.includes(definition.type) ?? true) &&
      applicable.has(`${definition.template.path}#${definition.logicalId}`),
  );
  if (alwaysExists(definitions, graph)) {
    return [];
  }
  const target = graph.templates[0]?.path ?? '';
  const outcome: Outcome = { verdict: 'not-satisfied', message: 'missing' };
  return [wholeEvidence(control, { target, subject: '', type: half.expected?.[0] ?? half.judges[0] ?? '', outcome })];
}

/** Whether every combination of conditions leaves at least one of them. */
function alwaysExists(definitions: readonly ResourceDefinition[], graph: Graph): boolean {
  try {
    for (const some of exploreWorlds((world) => {
      const scope = new Scope(graph, world);
      return definitions.some((definition) => scope.subject(definition).exists());
    })) {
      if (!some) {
        return false;
      }
    }
    return true;
  } catch {
    return false;
  }
}
