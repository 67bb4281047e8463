import type { Register } from '../control/claim';
import type { Control, WholeOutcome } from '../control/control';
import type { ControlEvidence } from '../control/evidence';
import { InputError } from '../control/input-error';
import type { Figures, Parameter } from '../control/parameter';
import type { Profile } from '../control/profile';
import { noRecords, type Records } from '../control/records';
import { worstVerdict } from '../control/verdict';
import type { Graph } from '../template/graph';
import { type JudgeOptions, judgeGraph } from './judge-template';
import { wholeEvidence } from './subject-evidence';

/** What a run judges, and with which controls and figures. */
export interface Judgement extends JudgeOptions {
  readonly controls: readonly Control[];
  readonly figures: Figures;
  readonly graphs: readonly Graph[];
  /** Every control there is, for the control that judges whether the registers are honest; by default `controls`. */
  readonly catalogue?: readonly Control[];
  /** The registers of claims; without them no control judges registers of any kind. */
  readonly registers?: readonly Register[];
  /** The other registers; by default nothing stands in them. */
  readonly records?: Records;
  /** Day of the run, YYYY-MM-DD, UTC: what a register holds of people's words grows old. */
  readonly today: string;
  /** The profile that binds; by default it has no name, and nothing in a register is for it. */
  readonly profile?: Pick<Profile, 'name' | 'documents'>;
}

/** Judges every control that has a template or register half; a control with neither is left to `verify`. */
export function judgeCatalogue(judgement: Judgement): readonly ControlEvidence[] {
  return judgement.controls
    .filter((control) => control.template || control.register)
    .map((control) => judgeControl(control, judgement));
}

function judgeControl(control: Control, judgement: Judgement): ControlEvidence {
  const { figures, graphs } = judgement;
  const subjects = [
    ...graphs.flatMap((graph) => judgeGraph(control, graph, figures, judgement)),
    ...judgeRegisters(control, judgement).map((outcome) => wholeEvidence(control, outcome)),
  ];
  const verdicts = subjects.map(({ verdict }) => verdict);
  // Zero subjects satisfies only a control that may be empty; one that may not has a finding among its subjects by now.
  const empty = judgement.presentOnly ? 'not-applicable' : 'satisfied';
  const onlyInapplicable = verdicts.every((verdict) => verdict === 'not-applicable');
  return {
    id: control.id,
    title: control.title,
    verdict: onlyInapplicable ? empty : worstVerdict(verdicts),
    parameters: Object.fromEntries(Object.keys(control.parameters).map((name) => [name, figureOf(figures, name)])),
    subjects,
  };
}

function judgeRegisters({ register }: Control, judgement: Judgement): readonly WholeOutcome[] {
  const { controls, catalogue = controls, figures, profile, records = noRecords, registers, today } = judgement;
  return register && registers
    ? [
        ...register.judge(registers, catalogue, {
          records,
          figures,
          today,
          profile: profile?.name ?? '',
          documents: profile?.documents ?? [],
        }),
      ]
    : [];
}

function figureOf(figures: Figures, name: string) {
  const figure = figures.all.get(name);
  if (!figure) {
    throw new Error(`no figure was resolved for the parameter '${name}'`);
  }
  return figure.value;
}

/**
 * Every parameter that the controls declare. The same name is the same figure wherever it is declared.
 * @throws InputError when two controls declare it differently
 */
export function declaredParameters(controls: readonly Control[]): Readonly<Record<string, Parameter>> {
  const declared: Record<string, Parameter> = {};
  for (const control of controls) {
    for (const [name, parameter] of Object.entries(control.parameters)) {
      const known = declared[name];
      if (known && JSON.stringify(known) !== JSON.stringify(parameter)) {
        throw new InputError(
          `control ${control.id} declares the parameter '${name}' differently than another control: declare it once`,
        );
      }
      declared[name] = parameter;
    }
  }
  return declared;
}
