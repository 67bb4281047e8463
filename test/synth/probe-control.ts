import type { TemplateHalf } from '../../lib/control/control';
import { type Control, defineControl } from '../../lib/control/control';
import { decide } from '../../lib/control/decide';
import type { SubjectEvidence } from '../../lib/control/evidence';
import { Figures } from '../../lib/control/parameter';
import { finding, satisfied } from '../../lib/control/verdict';
import { type JudgeOptions, judgeGraph } from '../../lib/synth/judge-template';
import type { Graph } from '../../lib/template/graph';
import { isObject, type Json } from '../../lib/template/parse';
import { graphOf } from '../template/graph-of';

/** A control that asks nothing of AWS: `Test::R` must be switched on. */
export function probe(half: Partial<TemplateHalf> = {}): Control {
  return defineControl({
    id: 'probe-01',
    title: 'Every probe is switched on',
    family: 'probe',
    claims: ['probe'],
    doesNotProve: 'Anything.',
    parameters: {},
    messages: {
      missing: { violation: 'there is no probe', fix: 'add one' },
      off: { violation: '{name} is switched off: {property} is {value}', fix: 'set On to true' },
      open: { violation: '{name} is open to {who}', fix: 'close it' },
    },
    template: {
      judges: ['Test::R'],
      expects: 'any-number',
      judge: (subject) =>
        decide(subject.bool('On'), {
          known: (on) => (on ? satisfied : finding('off')),
          absent: () => finding('off'),
        }),
      ...half,
    },
  });
}

export function judge(control: Control, graph: Graph | Json, options?: JudgeOptions): readonly SubjectEvidence[] {
  return judgeGraph(control, isJson(graph) ? graphOf(graph) : graph, new Figures([]), options);
}

function isJson(graph: Graph | Json): graph is Json {
  return isObject(graph) && !('ofType' in graph);
}

/** Verdict and words of each entry. */
export function brief(evidence: readonly SubjectEvidence[]): string[] {
  return evidence.map(
    ({ logicalId, verdict, message }) => `${logicalId || '-'} ${verdict}${message ? `: ${message}` : ''}`,
  );
}

/** A template of one switch. */
export function switched(On: unknown, rest: Json = {}, resource: Json = {}): Json {
  return { ...rest, Resources: { R: { Type: 'Test::R', Properties: { On }, ...resource } } };
}
