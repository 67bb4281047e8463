import type { Control, TemplateHalf } from '../control/control';
import type { SubjectEvidence } from '../control/evidence';
import type { Figures } from '../control/parameter';
import { notAssessed, type Outcome } from '../control/verdict';
import type { Graph } from '../template/graph';
import { Scope } from '../template/scope';
import type { ResourceDefinition } from '../template/template';
import { exploreWorlds } from '../template/world';
import { judgeSubject, judgeWhole, type Run } from './judge-worlds';
import { explain, wholeEvidence } from './subject-evidence';

export interface JudgeOptions {
  /** Judge what is there: a promise that needs a resource which the template does not hold is not applicable. */
  readonly presentOnly?: boolean;
  /**
   * Day of the run, YYYY-MM-DD, UTC.
   *
   * @default - the day of the machine
   */
  readonly today?: string;
}

interface JudgedSubject {
  readonly definition: ResourceDefinition;
  readonly evidence: readonly SubjectEvidence[];
}

/**
 * Judges every subject of a control in one graph, and in the templates that its stack sets carry. Empty: there was nothing to judge, and the control
 * may be empty. A carried template is judged by what is in it: it joins accounts that have more than that.
 */
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
  const presentOnly = options.presentOnly ?? false;
  const today = options.today ?? new Date().toISOString().slice(0, 10);
  const run: Run = { control, half, graph, given: { figures, presentOnly, today }, sought: new Set() };
  const judged = subjectsOf(half, graph).map((definition) => ({ definition, evidence: judgeSubject(run, definition) }));
  const whole = judgeWhole(run);
  const gaps = gapsOf(run);
  // What cannot be read may be the very thing that is missing.
  const absent = presentOnly || gaps.length > 0 ? [] : missing(run, judged);
  const carried = graph.carried.flatMap((each) => judgeGraph(control, each, figures, { presentOnly: true, today }));
  return [...judged.flatMap(({ evidence }) => evidence), ...whole, ...gaps, ...absent, ...carried];
}

function subjectsOf(half: TemplateHalf, graph: Graph): readonly ResourceDefinition[] {
  const types = half.judges.includes('*') ? [...graph.presentTypes] : half.judges;
  return types.flatMap((type) => graph.ofType(type));
}

/** What cannot be read may hide a subject, or a resource that decides about one. */
function gapsOf({ control, half, graph, sought }: Run): readonly SubjectEvidence[] {
  const mayHide = (types: readonly string[] | undefined) =>
    !types || half.judges.includes('*') || types.some((type) => half.judges.includes(type) || sought.has(type));
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

function missing({ control, half, graph }: Run, judged: readonly JudgedSubject[]): readonly SubjectEvidence[] {
  if (half.expects === 'any-number') {
    return [];
  }
  const definitions = judged
    .filter(({ evidence }) => evidence.some(({ verdict }) => verdict !== 'not-applicable'))
    .map(({ definition }) => definition)
    .filter(({ type }) => half.expected?.includes(type) ?? true);
  const outcome = whyMissing(definitions, graph);
  const target = graph.templates[0]?.path ?? '';
  const type = half.expected?.[0] ?? half.judges[0] ?? '';
  return outcome ? [wholeEvidence(control, { target, subject: '', type, outcome })] : [];
}

/** Undefined where every combination of conditions leaves at least one of them. */
function whyMissing(definitions: readonly ResourceDefinition[], graph: Graph): Outcome | undefined {
  try {
    for (const some of exploreWorlds((world) => {
      const scope = new Scope(graph, world);
      return definitions.some((definition) => scope.subject(definition).exists());
    })) {
      if (!some) {
        return { verdict: 'not-satisfied', message: 'missing' };
      }
    }
    return undefined;
  } catch (error) {
    return notAssessed(`whether one always exists is not known: ${explain(error)}`);
  }
}
