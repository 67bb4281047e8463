import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, satisfied } from '../../../lib/control/verdict';
import { isIncidentProcess, isMissing } from './incident-machine';
import { noticeFaults } from './incident-notices';
import { machineOf } from './state-machine';

/** IRS-04: those who must hear of a breach do, in the promised hours, and a person answers for what they are told. */
export const control = defineControl({
  id: 'irs-04',
  title:
    'The authority and customers are told of a breach within the promised hours of its discovery, with all that a notice must say, by a person',
  family: 'response',
  claims: [
    'cfeu-notify-72h',
    'tdb-notify-72h-discovery',
    'tdb-notify-content',
    'cly-notify-72h-confirmed',
    'clvr-breach-72h',
  ],
  doesNotProve:
    'That people sent what they answered, in time and to everybody concerned, that a decision to tell nobody was right, and that the discovery was early: the record of the last breach or drill says that.',
  attested: true,
  runbook: 'notify-breach',
  parameters: {
    'ir.notifyHours': {
      kind: 'number',
      stricter: 'lower',
      default: 72,
      unit: 'hours',
      description: 'longest time until those are told who must hear of a breach',
    },
    'ir.clockStart': {
      kind: 'choice',
      weakestFirst: ['confirmed', 'awareness', 'discovery'],
      default: 'discovery',
      description: 'moment from which the hours until a notice count: its confirmation, awareness, or the discovery',
    },
  },
  messages: {
    missing: {
      violation: 'no state machine knows the steps of an incident, so nobody counts the hours until a notice',
      fix: 'deploy the process of an incident with a step for the authority and one for customers',
    },
    untold: {
      violation: 'process {name} waits for nobody who tells {audience}',
      fix: 'add a step that waits for people, with the audience in its name, beside the work on the incident',
    },
    fieldMissing: {
      violation: 'process {name} takes a notice to {audience} as sent that does not say {field}',
      fix: 'let a choice demand all that GDPR, Article 33(3), lists, and who sent it and when, as texts that are not empty',
    },
    skipped: {
      violation: 'process {name} can close without a notice to {audience}, and without a decision that none is due',
      fix: 'lead every other answer, and every error, back to the step',
    },
    unknownForgotten: {
      violation: 'process {name} forgets what a notice to {audience} could not say yet',
      fix: 'let the first choice look for what is not known yet, and lead to a step that waits for the rest',
    },
    startsLate: {
      violation: 'process {name} comes to {state} only after other people answered',
      fix: 'put the notices into branches of their own, beside the work on the incident',
    },
    wrongStart: {
      violation: 'process {name} counts the time in {state} from {value}, which is later than promised',
      fix: 'let a function count from the time of the discovery on every way into the step',
    },
    tooLong: {
      violation: 'process {name} leaves {hours} hours in {state}, promised are at most {most}',
      fix: 'count the hours that the profile promises',
    },
    noReminder: {
      violation: 'process {name} reminds nobody in {state} before it is too late',
      fix: 'let the clock stop before the end, and a choice tell the reminder from the end',
    },
    nobodyCalled: {
      violation: 'process {name} calls nobody where the notice of {state} is late',
      fix: 'catch States.Timeout with states that report, and come back to the wait',
    },
    sentByItself: {
      violation: 'process {name} sends mail in {state} that no person has answered for',
      fix: 'let a person send it, or at least answer before the state is reached',
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
      const faults = noticeFaults(machine, {
        clockStart: figures.choice('ir.clockStart'),
        hours: figures.number('ir.notifyHours'),
      });
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
