import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { keysMode } from '../parameters';
import { heard } from '../response/containment-events';
import { encrypted, logged } from '../response/machine-record';
import { machineOf } from '../response/state-machine';
import { judgeContacts } from './privacy-contacts';
import { liveHalf } from './prv-02.live';
import { deskFaults } from './request-desk';
import { isRequestProcess, requestFaults } from './request-machine';
import { roleFaults } from './request-roles';
import { dsrParameters, requestMessages } from './request-words';

const machineType = 'AWS::StepFunctions::StateMachine';

/** PRV-02: requests of people about data about them, as a process whose clock starts at the receipt and that ends with an answer. */
export const control = defineControl({
  id: 'prv-02',
  title:
    'Every request of a person about data about them has a clock from its receipt to an answer on record, wakes others when it is due, and reaches a mailbox that is published and answers',
  family: 'privacy',
  claims: ['cfeu-gdpr', 'cfeu-contact-dpo', 'cly-ccpa', 'clvr-dsr-process', 'clvr-dsr-30d', 'clvr-dsr-contact'],
  doesNotProve:
    'That whoever reads the mailbox starts the process, and with the true time of the receipt; that an answer was a good one, was sent, or covered all that is kept; that a refusal or a delay was lawful; that the clock function counts as it is asked to, which its tests show for ours; that applications obey an opt-out signal of browsers; and that a law is complied with, which only a person with legal knowledge concludes.',
  runbook: 'answer-data-subject-request',
  parameters: { ...dsrParameters, 'keys.mode': keysMode },
  messages: requestMessages,
  template: {
    judges: [machineType],
    expects: 'any-number',
    judge: judgeProcess,
    *judgeWhole({ presentOnly, scope }) {
      const machines = scope.resources(machineType).map(machineOf);
      const isThere = machines.some((machine) => typeof machine === 'string' || isRequestProcess(machine));
      const [template] = scope.graph.templates;
      if (!presentOnly && !isThere && template) {
        yield { target: template.origin.path, subject: '', type: machineType, outcome: finding('missing') };
      }
    },
  },
  live: liveHalf,
  register: { judge: (registers, _catalogue, context) => judgeContacts(registers, context) },
});

function judgeProcess(subject: Subject, { figures, scope }: JudgementContext): Outcome | readonly Outcome[] {
  const machine = machineOf(subject);
  if (typeof machine === 'string') {
    return notAssessed(machine);
  }
  if (!isRequestProcess(machine)) {
    return notApplicable('it is no process of requests about personal data');
  }
  const promised = {
    days: figures.number('dsr.responseDays'),
    extensionMonths: figures.number('dsr.extensionMonths'),
    confirmBusinessDays: figures.number('dsr.confirmBusinessDays'),
    optOutBusinessDays: figures.number('dsr.optOutBusinessDays'),
  };
  const faults = [
    ...requestFaults(machine, promised),
    ...deskFaults(machine, scope, figures.set('dsr.contacts')),
    ...['ExecutionsFailed', 'ExecutionsAborted'].flatMap((metric) => heard(subject, metric, scope)),
    ...roleFaults(subject, scope),
    ...keptOpen(subject),
    ...logged(subject),
    ...wordless(subject),
    ...(figures.choice('keys.mode') === 'customer' ? encrypted(subject) : []),
  ];
  return faults.length > 0 ? faults : [satisfied];
}

/** An express machine ends after five minutes. Standard is the default: the page of the resource. */
function keptOpen(machine: Subject): readonly Outcome[] {
  return decide(machine.text('StateMachineType'), {
    known: (type) => (type === 'STANDARD' ? satisfied : finding('express')),
    absent: () => satisfied,
  });
}

/** What people say in a request is in no log. Nothing is, unless asked for: the page of the resource. */
function wordless(machine: Subject): readonly Outcome[] {
  return decide(machine.bool('LoggingConfiguration.IncludeExecutionData'), {
    known: (isIncluded) => (isIncluded ? finding('wordsLogged') : satisfied),
    absent: () => satisfied,
  });
}
