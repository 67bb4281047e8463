import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { keysMode } from '../parameters';
import { faultsOf, isIncidentProcess, isMissing } from './incident-machine';
import { encrypted, logged } from './machine-record';
import { machineOf } from './state-machine';

/** IRS-01: the process of an incident, as a state machine that nobody can take a short cut through. */
export const control = defineControl({
  id: 'irs-01',
  title:
    'An incident is declared by itself, assessed, contained, eradicated, recovered only once its data was shown to be intact, and reviewed',
  family: 'response',
  claims: [
    'cfeu-recovery-integrity',
    'tdb-ir-process',
    'cly-ir-detection',
    'cly-ir-assessment',
    'cly-ir-recovery',
    'clvr-ir-plan-on-request',
    'clvr-ir-plan-review',
  ],
  doesNotProve:
    'That people did what they answered, that a restore was tested (bck-04), that every incident is noticed (det-02), and that the plan was read again after a change: the record of its review says that.',
  attested: true,
  runbook: 'respond-to-incident',
  parameters: { 'keys.mode': keysMode },
  messages: {
    missing: {
      violation: 'no state machine knows the steps of an incident, so its process is whatever comes to mind that night',
      fix: 'deploy the process of an incident with the steps assess, contain, eradicate, integrity, recover and review',
    },
    stepMissing: {
      violation: 'process {name} never comes to the step {step}',
      fix: 'add a state for {step} that every incident passes',
    },
    unassessed: {
      violation: 'process {name} goes on to containment without grade, impact and lead',
      fix: 'let a choice test all three before anything else happens',
    },
    integrityIgnored: {
      violation: 'no decision of process {name} lets recover where the data is intact, and nowhere else',
      fix: 'let a choice test the answer of the integrity check before the recovery',
    },
    integritySkipped: {
      violation: 'process {name} can recover or close without the answer that the data is intact',
      fix: 'lead every other answer, and every error, back to the cause',
    },
    waitsForEver: {
      violation: 'process {name} waits for people in {state} for as long as they like',
      fix: 'set TimeoutSecondsPath to what the clock leaves',
    },
    clockFromEntry: {
      violation: 'process {name} counts in {state} from the moment it got there, not from the discovery',
      fix: 'set TimeoutSecondsPath to what is left since the discovery',
    },
    nobodyCalled: {
      violation: 'process {name} calls nobody where the people of {state} are late',
      fix: 'catch States.Timeout with a state that reports, and come back to the wait',
    },
    noDiscovery: {
      violation: 'process {name} does not ask when the incident was discovered',
      fix: 'take the time of the discovery as input, and count from it',
    },
    notDeclared: {
      violation: 'nothing starts process {name} by itself',
      fix: 'let a rule of EventBridge for grave findings start it',
    },
    unlogged: {
      violation: 'what process {name} did is not written down whole: {property} is {value}',
      fix: 'set the level of its log to ALL',
    },
    platformKey: {
      violation:
        'what is known of incidents in process {name} is encrypted with a key that AWS owns: {property} is {value}',
      fix: 'set encryptionConfiguration to a customer-managed key',
    },
  },
  template: {
    judges: ['AWS::StepFunctions::StateMachine'],
    expects: 'any-number',
    judge: (subject, { figures, scope }: JudgementContext) => {
      const machine = machineOf(subject);
      if (typeof machine === 'string') {
        return notAssessed(machine);
      }
      if (!isIncidentProcess(machine)) {
        return notApplicable('it is no process of incidents');
      }
      const faults = faultsOf(machine);
      return [
        ...(faults.length > 0 ? faults : [satisfied]),
        ...started(subject, scope),
        ...logged(subject),
        ...(figures.choice('keys.mode') === 'customer' ? encrypted(subject) : []),
      ];
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

/** A rule that is off, or a schedule, declares nothing. */
function started(machine: Subject, scope: Scope): readonly Outcome[] {
  const rules = scope.referring(machine, 'AWS::Events::Rule', 'Targets.*.Arn').filter((rule) => {
    const state = rule.text('State');
    return rule.at('EventPattern').state() === 'known' && !(state.kind === 'known' && /^DISABLED$/.test(state.value));
  });
  return rules.length > 0 ? [satisfied] : [finding('notDeclared')];
}
