import { defineControl, type JudgementContext, type WholeOutcome } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { StatusPage } from '../../../lib/control/publication';
import type { RegisterContext } from '../../../lib/control/records';
import {
  attested,
  awaited,
  finding,
  notApplicable,
  notAssessed,
  type Outcome,
  satisfied,
} from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { dayAfter, daysBetween } from '../days';
import { isIncidentProcess } from './incident-machine';
import { reviewFaults } from './review-machine';
import { machineOf } from './state-machine';

const machineType = 'AWS::StepFunctions::StateMachine';
const file = 'policies/registers/publications.yaml';

/** IRS-05: whoever is disturbed reads so on a page that stands by itself, and what was learnt is written down, acted on and told. */
export const control = defineControl({
  id: 'irs-05',
  title:
    'The status page stands on something else than the service, and no incident closes without a review that has consequences and, where it was grave, an account for customers',
  family: 'response',
  claims: ['cly-ir-post-incident', 'cly-status-page', 'cly-post-incident-reports'],
  doesNotProve:
    'That the page is written to while something is disturbed, that its provider stands on nothing that the service stands on, that a review found the cause, or that customers understood the account: the runbooks and their evidence say that. Nothing here deploys a status page.',
  runbook: 'update-status-page',
  parameters: {
    'ir.reviewDays': {
      kind: 'number',
      stricter: 'lower',
      default: 14,
      unit: 'days',
      description: 'longest time from the discovery of an incident until its review',
    },
    'ir.statusDrillDays': {
      kind: 'number',
      stricter: 'lower',
      default: 366,
      unit: 'days',
      description: 'longest time between two days on which the status page was seen to work without the service',
    },
    'status.hosts': {
      kind: 'set',
      default: [],
      description: 'hosts of the status pages, as the register of publications has them',
    },
  },
  messages: {
    missing: {
      violation: 'no state machine knows the steps of an incident, so nobody is asked what was learnt from one',
      fix: 'deploy the process of an incident with a review at its end',
    },
    noReview: {
      violation: 'process {name} never waits for a review',
      fix: 'add a wait for people that every incident passes before it closes',
    },
    noActions: {
      violation: 'process {name} closes an incident although no action with an owner and a day came out of its review',
      fix: 'let a choice test owner and day of an action, and lead everything else back',
    },
    noAccount: {
      violation: 'process {name} can close an incident of grade {grade} although customers were told nothing',
      fix: 'lead every incident of grade 1 and 2 through the wait for the written account',
    },
    lateReview: {
      violation: 'process {name} gives the review {got}, promised are at most {most} days from the discovery',
      fix: 'ask the clock of the review for that time or less',
    },
    sameZone: {
      violation:
        'status page {host} is found through {name} ({value}) of the service: when that goes, the page goes too',
      fix: 'give the status page a domain of its own, with another provider',
    },
    samePlace: {
      violation:
        'status page {name} stands on {provider}, which hosts the service, and names no account and Region of its own',
      fix: 'name account and Region, neither of which the service uses, or move the page to another provider',
    },
    stale: {
      violation:
        'status page {name} was last seen to work without the service on {drilled}, {days} days ago, promised are at most {most}',
      fix: 'hold the drill of runbook update-status-page, and enter its day in policies/registers/publications.yaml',
    },
    future: {
      violation: 'status page {name} is entered with a drill on {drilled}, which has not come yet',
      fix: 'enter it once the drill was held',
    },
  },
  template: {
    judges: [machineType, 'AWS::Route53::HostedZone', 'AWS::Route53::RecordSet'],
    expects: 'at-least-one',
    expected: [machineType],
    judge: (subject, context) =>
      subject.type === machineType ? judgeProcess(subject, context) : judgeName(subject, context),
  },
  register: { judge: (_registers, _catalogue, context) => judgePages(context) },
});

function judgeProcess(subject: Subject, { figures }: JudgementContext): Outcome | readonly Outcome[] {
  const machine = machineOf(subject);
  if (typeof machine === 'string') {
    return notAssessed(machine);
  }
  if (!isIncidentProcess(machine)) {
    return notApplicable('it is no process of incidents');
  }
  const faults = reviewFaults(machine, figures.number('ir.reviewDays'));
  return faults.length > 0 ? faults : [satisfied];
}

/** A zone answers for everything below its name, a record for its own. */
function judgeName(subject: Subject, { figures }: JudgementContext): Outcome | readonly Outcome[] {
  const hosts = figures.set('status.hosts');
  if (hosts.length === 0) {
    return notApplicable('no status page is on record');
  }
  return decide(subject.text('Name'), {
    known: (text) => {
      const name = text.toLowerCase().replace(/\.$/, '');
      const isZone = subject.type === 'AWS::Route53::HostedZone';
      const host = hosts.find((each) => each === name || (isZone && each.endsWith(`.${name}`)));
      return host === undefined ? satisfied : finding('sameZone', 'Name', { host });
    },
    absent: () => notAssessed('it has no name', 'Name'),
  });
}

function* judgePages({ figures, records, today }: RegisterContext): Generator<WholeOutcome> {
  const hosts = records.vendors.filter(({ role }) => role === 'host').flatMap(({ id, name }) => [id, name]);
  if (records.statusPages.length === 0) {
    const reason = `no status page is on record: set one up with a provider, or in an account and Region, that the service does not use, hold the drill of runbook 'update-status-page', and enter it in ${file}`;
    yield { ...place, subject: 'status page', outcome: awaited(reason) };
  }
  for (const page of records.statusPages) {
    const most = figures.number('ir.statusDrillDays');
    const days = daysBetween(page.drilled, today);
    const isNowhere = hosts.includes(page.provider) && (page.account === undefined || page.region === undefined);
    const found = [
      ...(isNowhere ? [finding('samePlace', undefined, { provider: page.provider })] : []),
      ...(days < 0 ? [finding('future', undefined, { drilled: page.drilled })] : []),
      ...(days > most ? [finding('stale', undefined, { drilled: page.drilled, days, most })] : []),
    ];
    for (const outcome of found.length > 0 ? found : [attested(dayAfter(page.drilled, most))]) {
      yield { ...place, subject: page.url, outcome, observations: observationsOf(page) };
    }
  }
}

const place = { target: file, type: 'StatusPage', claims: ['cly-status-page'] };

function observationsOf({
  account,
  by,
  drilled,
  evidence,
  provider,
  region,
}: StatusPage): WholeOutcome['observations'] {
  return [
    { property: 'provider', value: provider },
    { property: 'account', value: account ?? null },
    { property: 'region', value: region ?? null },
    { property: 'by', value: by },
    { property: 'drilled', value: drilled },
    { property: 'evidence', value: `${evidence.reference} (SHA-256 ${evidence.sha256})` },
  ];
}
