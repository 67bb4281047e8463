import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { judgeProxy, proxyTask } from '../edge/proxy-configuration';
import { judgeDisclosure } from './disclosure-policy';
import { isReportProcess, reportFaults } from './report-machine';
import { machineOf } from './state-machine';

const machineType = 'AWS::StepFunctions::StateMachine';

/** IRS-06: where a weakness is reported, what a reporter may rely on, and the clock of the answer. */
export const control = defineControl({
  id: 'irs-06',
  title:
    'A dated security.txt and a policy with safe harbour are served by the edge itself, and every report has a clock from its receipt to a person and to the next news',
  family: 'response',
  claims: [
    'cfeu-contact-security',
    'tdb-vdp-email',
    'tdb-vdp-safe-harbor',
    'cfus-vdp',
    'cly-vdp',
    'cly-bounty-scope',
    'cly-vdp-ack-48h',
    'cly-vdp-update-5bd',
  ],
  doesNotProve:
    'That mail to the address arrives and is read, that whoever reads it starts the process, that an answer was a good one, that a lawyer read the safe harbour or that a bounty was paid; nor that the clock function counts as it is asked to, which its tests show for ours.',
  runbook: 'handle-vulnerability-report',
  parameters: {
    'vdp.ackHours': {
      kind: 'number',
      stricter: 'lower',
      default: 48,
      unit: 'hours',
      description: 'longest time from the receipt of a vulnerability report until a person acknowledges it',
    },
    'vdp.updateBusinessDays': {
      kind: 'number',
      stricter: 'lower',
      default: 5,
      unit: 'business days',
      description: 'longest time from the receipt of a vulnerability report to the first news, and between two news',
    },
    'vdp.bountyClasses': {
      kind: 'number',
      stricter: 'higher',
      default: 0,
      unit: 'classes',
      description: 'classes of flaws that the policy offers bounties for, none unless a claim says so',
    },
    'vdp.subject': {
      kind: 'flag',
      stricter: true,
      default: false,
      description: 'whether the published address names the subject line of a report',
    },
  },
  messages: {
    missing: {
      violation: 'nothing that is deployed answers for a security.txt',
      fix: 'serve /.well-known/security.txt from the proxy in front of the application',
    },
    bypassed: {
      violation:
        'the load balancer hands requests of {name} to the container {container}, around the proxy that serves security.txt',
      fix: 'register the container of the proxy with the target group',
    },
    notServed: {
      violation: '{name} does not serve {path} on {host}: a visitor gets {got}',
      fix: 'answer exactly that path with status 200 and the text, before anything is handed to the application',
    },
    wrongType: {
      violation: 'security.txt of {name} is sent as {got}',
      fix: 'send it as text/plain; charset=utf-8',
    },
    noContact: {
      violation: 'security.txt of {name} names no mail address under Contact',
      fix: 'add Contact: mailto: with an address that somebody reads every day',
    },
    noSubject: {
      violation: 'security.txt of {name} names an address without the subject line that was announced',
      fix: 'add ?subject= to the address under Contact',
    },
    undated: {
      violation: 'security.txt of {name} has {got} under Expires, expected one time such as 2027-11-15T23:59:59Z',
      fix: 'add exactly one Expires',
    },
    expired: {
      violation: 'security.txt of {name} counts until {expires}, in {days} days; at least {least} are kept in hand',
      fix: 'look at what is published (runbook handle-vulnerability-report), and set a new last day',
    },
    tooLong: {
      violation: 'security.txt of {name} counts until {expires}, in {days} days; at most {most} are allowed',
      fix: 'set a last day less than a year ahead, so that somebody looks at it every year',
    },
    noPolicy: {
      violation: 'security.txt of {name} leads to no policy',
      fix: 'add Policy: with the https address of the page',
    },
    noSafeHarbour: {
      violation: 'the policy at {path} of {name} does not say that no legal step follows on research in good faith',
      fix: 'add a section Safe harbour with the words of legal counsel',
    },
    uncoordinated: {
      violation: 'the policy at {path} of {name} does not say how long a reporter is asked to wait with publication',
      fix: 'add a section Coordinated disclosure',
    },
    latePage: {
      violation: 'the policy at {path} of {name} speaks of {got} {unit}, promised are at most {most}',
      fix: 'publish the time that is promised',
    },
    bountyScope: {
      violation:
        'the policy at {path} of {name} offers bounties for {count} classes of flaws, promised are {least}; missing are {missing}',
      fix: 'list every class below the heading of the bounties',
    },
    noProcess: {
      violation:
        'no state machine acknowledges vulnerability reports and tells news, so nobody is called when an answer is late',
      fix: 'deploy the process of a report with the steps acknowledge and update',
    },
    automatic: {
      violation: 'process {name} does not wait for a person in {state}: an automatic reply acknowledges nothing',
      fix: 'let the state wait for the token of a person',
    },
    noClock: {
      violation: 'process {name} asks no clock how long {state} may take',
      fix: 'ask for hours or business days in the state before it',
    },
    late: {
      violation: 'process {name} gives {state} {got}, promised are at most {most}',
      fix: 'ask the clock for the promised time or less',
    },
    fromTriage: {
      violation: 'process {name} counts to the acknowledgement from {since}, not from the receipt',
      fix: 'count from the time at which the message reached us',
    },
    unacknowledged: {
      violation: 'process {name} can go on or end without an acknowledgement',
      fix: 'let every way lead through the wait for a person',
    },
    noNews: {
      violation: 'process {name} can end without news to the reporter',
      fix: 'let every way to the end lead through the step that tells news',
    },
    onlyOnce: {
      violation: 'process {name} tells news once, and forgets a report that stays open',
      fix: 'lead back to the step that tells news until somebody closes the report',
    },
    waitsForEver: {
      violation: 'process {name} waits for people in {state} for as long as they like',
      fix: 'set TimeoutSecondsPath to what the clock leaves',
    },
    clockFromEntry: {
      violation: 'process {name} counts in {state} from the moment it got there, not from the receipt',
      fix: 'set TimeoutSecondsPath to what is left since the receipt',
    },
    nobodyCalled: {
      violation: 'process {name} calls nobody where the people of {state} are late',
      fix: 'catch States.Timeout with a state that reports, and come back to the wait',
    },
  },
  template: {
    judges: [proxyTask, machineType],
    expects: 'at-least-one',
    expected: [proxyTask],
    judge: (subject, context) =>
      subject.type === proxyTask
        ? judgeProxy(subject, (configuration) => judgeDisclosure(configuration, context))
        : judgeProcess(subject, context),
    *judgeWhole({ presentOnly, scope }) {
      const [template] = scope.graph.templates;
      const machines = scope.resources(machineType).map(machineOf);
      if (!presentOnly && template && !machines.some((each) => typeof each === 'string' || isReportProcess(each))) {
        yield { target: template.origin.path, subject: '', type: machineType, outcome: finding('noProcess') };
      }
    },
  },
});

function judgeProcess(subject: Subject, { figures }: JudgementContext): Outcome | readonly Outcome[] {
  const machine = machineOf(subject);
  if (typeof machine === 'string') {
    return notAssessed(machine);
  }
  if (!isReportProcess(machine)) {
    return notApplicable('it is no process of vulnerability reports');
  }
  const faults = reportFaults(machine, {
    hours: figures.number('vdp.ackHours'),
    businessDays: figures.number('vdp.updateBusinessDays'),
  });
  return faults.length > 0 ? faults : [satisfied];
}
