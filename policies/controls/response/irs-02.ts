import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, satisfied } from '../../../lib/control/verdict';
import { containmentFaults, isContainment, quarantinesOf } from './containment';
import { heard, triggered } from './containment-events';
import { judgeRole } from './containment-role';
import { openGroups } from './quarantine-group';
import { machineOf } from './state-machine';

const machineType = 'AWS::StepFunctions::StateMachine';

/** IRS-02: what an incident has reached is cut off at once, by a machine, and what was open ends with it. */
export const control = defineControl({
  id: 'irs-02',
  title:
    'A grave finding has what it names cut off by itself, with everything that is open, or somebody hears that it is not',
  family: 'response',
  claims: ['cfeu-containment-immediate', 'cly-ir-containment'],
  doesNotProve:
    'That GuardDuty notices every incident and names what it reached, that nothing left before the cut, that AWS carries a cut out in time (a drill shows it), and that people say yes at once where a cut takes the service away from everybody.',
  attested: true,
  runbook: 'contain-incident',
  parameters: {
    'ir.containMinutes': {
      kind: 'number',
      stricter: 'lower',
      default: 5,
      unit: 'minutes',
      description: 'longest time from a grave finding until what it names is cut off',
    },
  },
  messages: {
    missing: {
      violation: 'no state machine cuts off what an incident has reached',
      fix: 'deploy one that stops workloads and denies credentials, and start it from grave findings',
    },
    notCut: {
      violation: 'containment {name} cuts off no {what}',
      fix: 'add a state that does: stop tasks or services, and deny a role everything that was issued before',
    },
    sessionsLive: {
      violation: 'containment {name} leaves open what was open before {state}',
      fix: 'end it too: count 0, a policy that denies by aws:TokenIssueTime or everything, a sign-out everywhere, an access list of the subnet',
    },
    comesBack: {
      violation: 'containment {name} lets scaling start again what {state} stops',
      fix: 'suspend the scaling of the service before its count is set to 0',
    },
    openQuarantine: {
      violation: 'containment {name} moves things into group {group}, which still has a way in or out',
      fix: 'give the group no rule in, and no rule out but one that reaches nothing, such as 255.255.255.255/32',
    },
    manualOnly: {
      violation: "containment {name} cuts nothing off without somebody's word",
      fix: 'let at least one cut that harms few, such as that of a single task, need nobody',
    },
    notTriggered: {
      violation: 'no rule starts containment {name} from the grave findings of GuardDuty',
      fix: 'let a rule of EventBridge for aws.guardduty from severity 7 start it',
    },
    tooSlow: {
      violation:
        'containment {name} may take {seconds} seconds before anybody hears that it is not done, promised are {most}',
      fix: 'set the TimeoutSeconds of the whole machine to what is promised',
    },
    failsSilently: {
      violation: 'nobody hears of it when containment {name} ends with {metric}',
      fix: 'add an alarm on the metric of this machine that reports to a topic',
    },
    mightRaise: {
      violation: 'whoever controls containment {name} may call {action} to give itself any right',
      fix: 'hold the call by iam:PolicyARN to the policy AWSDenyAll, or name the identities that it may write into',
    },
  },
  template: {
    judges: [machineType],
    expects: 'any-number',
    judge: (subject, { figures, scope }: JudgementContext) => {
      const machine = machineOf(subject);
      if (typeof machine === 'string') {
        return notAssessed(machine);
      }
      if (!isContainment(machine)) {
        return notApplicable('it cuts nothing off');
      }
      const hasScaling = scope.resources('AWS::ApplicationAutoScaling::ScalableTarget').length > 0;
      const faults = [
        ...containmentFaults(machine, { minutes: figures.number('ir.containMinutes'), hasScaling }),
        ...quarantinesOf(machine).flatMap((id) => openGroups(id, scope)),
        ...triggered(subject, scope),
        ...['ExecutionsFailed', 'ExecutionsTimedOut'].flatMap((metric) => heard(subject, metric, scope)),
        ...judgeRole(subject, scope),
      ];
      return faults.length > 0 ? faults : satisfied;
    },
    *judgeWhole({ presentOnly, scope }) {
      const machines = scope.resources(machineType).map(machineOf);
      const isThere = machines.some((machine) => typeof machine === 'string' || isContainment(machine));
      const [template] = scope.graph.templates;
      if (!presentOnly && !isThere && template) {
        const isElsewhere = scope.resources('AWS::SSM::Document').length > 0;
        yield {
          target: template.origin.path,
          subject: '',
          type: machineType,
          outcome: isElsewhere ? notAssessed('documents of Systems Manager are not read here') : finding('missing'),
        };
      }
    },
  },
});
