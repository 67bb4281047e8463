import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Json } from '../../../lib/template/parse';
import { answersOf, clockFaults, isCalledOut } from './human-steps';
import { isIncidentProcess, isMissing, statesOf } from './incident-machine';
import { demandedBy, ends, type Machine, machineOf, passedBy } from './state-machine';

const promised = 'cause of an incident';

/** IRS-03: the cause within the promised hours from the detection, and no recovery before it was removed. */
export const control = defineControl({
  id: 'irs-03',
  title:
    'The cause of an incident is due within the promised hours of its detection, with what shows it, and is removed before anything recovers',
  family: 'response',
  claims: ['cfeu-rca-24h', 'cly-ir-eradication'],
  doesNotProve:
    'That the cause which people name is the true one or the only one, that what they removed is gone, and that they answered in time: the record of the last incident or drill says when they did.',
  attested: true,
  runbook: 'respond-to-incident',
  parameters: {
    'ir.rcaHours': {
      kind: 'number',
      stricter: 'lower',
      default: 24,
      unit: 'hours',
      description: 'longest time from the detection of an incident until its cause is established',
    },
  },
  messages: {
    missing: {
      violation: `no state machine knows the steps of an incident, so nobody is asked for the ${promised}`,
      fix: 'deploy the process of an incident with a step that waits for its cause',
    },
    notAsked: {
      violation: 'process {name} waits for nobody who says in words what the {what} was, and what shows it',
      fix: 'let a choice demand both, as texts that are not empty, from the answer of a step that waits for people',
    },
    skipped: {
      violation: 'process {name} can recover or close without the {what}',
      fix: 'lead every answer that lacks it back to the step',
    },
    wrongStart: {
      violation: 'process {name} counts the time to the cause in {state} from {value}, not from the detection',
      fix: 'let a function count from the time at which the incident was discovered on every way into the step',
    },
    tooLong: {
      violation: 'process {name} leaves {hours} hours in {state}, promised are at most {most}',
      fix: 'count the hours that the profile promises',
    },
    nobodyCalled: {
      violation: 'process {name} calls nobody where the cause is not found in time: {state} just ends',
      fix: 'catch States.Timeout with a state that reports, and come back to the wait',
    },
  },
  template: {
    judges: ['AWS::StepFunctions::StateMachine'],
    expects: 'any-number',
    judge: (subject, { figures }: JudgementContext) => {
      const machine = machineOf(subject);
      if (typeof machine === 'string') {
        return notAssessed(machine);
      }
      if (!isIncidentProcess(machine)) {
        return notApplicable('it is no process of incidents');
      }
      const faults = [...found(machine, figures.number('ir.rcaHours')), ...removed(machine)];
      return faults.length > 0 ? faults : satisfied;
    },
    *judgeWhole({ presentOnly, scope }) {
      const [template] = scope.graph.templates;
      if (!presentOnly && isMissing(scope) && template) {
        yield {
          target: template.origin.path,
          subject: '',
          type: 'AWS::StepFunctions::StateMachine',
          outcome: finding('missing'),
        };
      }
    },
  },
});

/** The cause comes with what shows it (GDPR, Article 33(5): the facts are kept), in time, on every way to recovery. */
function found(machine: Machine, hours: number): readonly Outcome[] {
  const waits = askedFor(machine, isCause);
  if (waits.length === 0) {
    return [finding('notAsked', undefined, { what: 'cause' })];
  }
  return [
    ...skipped(machine, isCause, 'cause'),
    ...waits.flatMap((wait) => clockFaults(machine, wait, { clockStart: 'discovery', hours })),
    ...waits
      .filter((wait) => !isCalledOut(machine, wait))
      .map(({ name }) => finding('nobodyCalled', undefined, { state: name })),
  ];
}

function removed(machine: Machine): readonly Outcome[] {
  return askedFor(machine, isRemoval).length === 0
    ? [finding('notAsked', undefined, { what: 'removal' })]
    : skipped(machine, isRemoval, 'removal');
}

function askedFor(machine: Machine, fits: (choice: Json) => boolean) {
  return [...new Set(answersOf(machine).flatMap(({ choice, wait }) => (fits(choice) ? [wait] : [])))];
}

function skipped(machine: Machine, fits: (choice: Json) => boolean, what: string): readonly Outcome[] {
  const goals = [...statesOf(machine, 'recover'), ...ends(machine)];
  return passedBy(machine, statesOf(machine, 'contain'), goals, fits) ? [finding('skipped', undefined, { what })] : [];
}

function isCause(choice: Json): boolean {
  return demands(choice, /cause/i, /evidence|report|url|proof/i);
}

function isRemoval(choice: Json): boolean {
  return demands(choice, /remov|remed/i, /change|commit|ticket|request/i);
}

/** Whether a choice is taken only with words under each of these names. The step itself may be called like one of them. */
function demands(choice: Json, ...names: readonly RegExp[]): boolean {
  const last = demandedBy(choice).map((path) => path.slice(path.lastIndexOf('.') + 1));
  return names.every((name) => last.some((word) => name.test(word)));
}
