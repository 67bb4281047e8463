import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { retentionSchedule } from '../data-lifecycle/retention-figure';
import { ruleOf, rulesOf } from '../data-lifecycle/schedule';
import { periodlessStores, periodStores } from '../data-lifecycle/store-types';
import { machineOf } from '../response/state-machine';
import { tenancyFiles } from '../tenancy/tenancy-parameters';
import { bucketsLeft, erasersIn, judgeErased } from './erased-stores';
import { erasureFaults, isErasure } from './erasure-machine';
import { judgeLedger, ledgersOf } from './ledger';
import { nobody, processingRecords, recordsOf } from './processing-figure';

const machineType = 'AWS::StepFunctions::StateMachine';

/** PRV-04: the deletion of an account, as a process that can be called off and leaves out no store. */
export const control = defineControl({
  id: 'prv-04',
  title:
    'An account that is deleted can be brought back for the days promised and is then erased everywhere that the records of processing name, which a look shows before it is confirmed, and in every copy that is restored',
  family: 'privacy',
  claims: [
    'cfus-delete-request',
    'cly-deleted-30d',
    'cly-delete-complete',
    'cly-delete-confirmation-email',
    'cly-delete-grace-30d',
    'clvr-dsr-process',
  ],
  doesNotProve:
    'That the application starts the process when somebody asks and tells the customer what it is told, that each account stands in the group of its customer, and that whoever restores in earnest lets nobody in before the function that is judged here has erased again (recover-service): a copy that lies in a vault still holds what was erased, readable for whoever restores it past that function. What the application did not encrypt under the key of a person comes back with a restore unless its whole customer was erased. Log lines and the activity log end by the retention schedule (dat-01), and vendors erase by themselves.',
  // That what people entered is encrypted under their keys, and that a restore in earnest is emptied as well, somebody has to look at
  attested: true,
  runbook: 'answer-data-subject-request',
  parameters: {
    'erasure.purgeDays': {
      kind: 'number',
      stricter: 'lower',
      default: 30,
      unit: 'days',
      description:
        'days from the deletion of an account, in which it can be called off, to the moment at which it is erased',
    },
    'processing.records': processingRecords,
    'retention.schedule': retentionSchedule,
    'tenancy.files': tenancyFiles,
  },
  messages: {
    missing: {
      violation: 'no process erases an account that was deleted',
      fix: 'deploy TenantErasure',
    },
    storeLeft: {
      violation: 'the erasure of an account leaves out store {name}, a {type}: {how}',
      fix: 'add a step to the process that erases there, and let it',
    },
    bucketsLeft: {
      violation: 'process {name} leaves out the buckets that are made for customers, {start}*',
      fix: 'let a step of it erase every version and unfinished upload there',
    },
    noLedger: {
      violation: 'process {name} writes down nowhere whom it erases, so a backup brings everybody back',
      fix: 'tell a function of it the name of a locked bucket, let it call s3:PutObject there, and ask it before the first step',
    },
    unrecorded: {
      violation: 'process {name} can erase somebody whom it did not write down before',
      fix: 'let a state that records come before the first step, and lead its failures back to it',
    },
    ledgerOpen: {
      violation: 'ledger {name} does not lock its entries, so that somebody who was erased can be taken off it',
      fix: 'switch on ObjectLockEnabled with a default retention in compliance mode',
    },
    ledgerShort: {
      violation: 'ledger {name} locks its entries for {days} days, and backups are kept for {longest}',
      fix: 'lock entries for longer than the longest backup is kept',
    },
    ledgerForeign: {
      violation: 'role {role} may write into ledger {name}, and belongs to no function that is told of it',
      fix: 'take s3:PutObject on the ledger away from it: whoever stands there is erased at the next restore',
    },
    notReplayed: {
      violation: 'nothing erases again in restored databases whom ledger {name} holds: {reason}',
      fix: 'tell the function that looks into restored databases of the ledger, and let it call s3:ListBucketVersions there',
    },
    noGrace: {
      violation: 'process {name} can erase before any wait, so nobody can call it off',
      fix: 'let the first step that erases follow a wait of the days promised',
    },
    tooLate: {
      violation: 'process {name} erases after {days} days, promised are at most {most}',
      fix: 'wait for {most} days and no longer',
    },
    tooSoon: {
      violation: 'process {name} erases after {days} days, for {least} an account can be brought back',
      fix: 'wait for {least} days',
    },
    waitsOn: {
      violation: 'process {name} waits in {state} as well, so that the days promised are over before it erases',
      fix: 'wait once, from the request on',
    },
    unannounced: {
      violation: 'process {name} tells nobody when what will be erased',
      fix: 'let a state announce it before the wait',
    },
    unconfirmed: {
      violation: 'process {name} can end without telling anybody that the account is erased',
      fix: 'let a state confirm it before every end',
    },
    unverified: {
      violation: 'process {name} can confirm or end without a look that shows that nothing is left',
      fix: 'let a choice test the answer of the look, and lead every other answer back to the steps',
    },
    keysKept: {
      violation: 'process {name} destroys no keys, so what it encrypted lives on in every copy',
      fix: 'add a last step that destroys the keys',
    },
    keysEarly: {
      violation: 'process {name} destroys keys in {state} before {after}',
      fix: 'destroy keys last: what was forgotten can be found as long as they are there',
    },
    nobodyCalled: {
      violation: 'process {name} calls nobody where {state} fails, or does not try it again',
      fix: 'catch States.ALL with a state that reports, and lead it back to the steps',
    },
  },
  template: {
    judges: [machineType, ...periodStores, ...periodlessStores],
    expects: 'any-number',
    judge: (subject, context) =>
      subject.type === machineType ? judgeProcess(subject, context) : judgeStore(subject, context),
    *judgeWhole({ presentOnly, scope }) {
      const [template] = scope.graph.templates;
      const isHidden = scope.resources(machineType).some((machine) => typeof machineOf(machine) === 'string');
      if (!presentOnly && !isHidden && erasersIn(scope).length === 0 && template) {
        yield { target: template.origin.path, subject: '', type: machineType, outcome: finding('missing') };
      }
    },
  },
});

function judgeProcess(subject: Subject, { figures, scope }: JudgementContext): Outcome | readonly Outcome[] {
  const machine = machineOf(subject);
  if (typeof machine === 'string') {
    return notAssessed(machine);
  }
  if (!isErasure(machine)) {
    return notApplicable('it erases no account');
  }
  const most = figures.ceiling('erasure.purgeDays') ?? figures.number('erasure.purgeDays');
  const erasers = erasersIn(scope);
  const own = erasers.filter((eraser) => eraser.machine.definition === subject.definition);
  const faults = [
    ...(own.flatMap(ledgersOf).length === 0 ? [finding('noLedger')] : []),
    ...erasureFaults(machine, { least: figures.floor('erasure.purgeDays'), most }),
    ...bucketsLeft(scope, erasers).map((start) => finding('bucketsLeft', undefined, { start })),
  ];
  return faults.length > 0 ? faults : satisfied;
}

/** Stores with a period of days end by that, whoever the data is of: the others must be emptied of each account. */
function judgeStore(store: Subject, { figures, presentOnly, scope }: JudgementContext): Outcome | readonly Outcome[] {
  if (store.type === 'AWS::RDS::DBInstance' && store.at('DBClusterIdentifier').state() === 'known') {
    return notApplicable('its cluster keeps the data');
  }
  const erasers = erasersIn(scope);
  if (presentOnly && erasers.length === 0) {
    return notApplicable('what erases accounts is not here');
  }
  if (erasers.flatMap(ledgersOf).some(({ definition }) => definition === store.definition)) {
    return judgeLedger(store, scope, presentOnly);
  }
  const rule = ruleOf(store, rulesOf(figures.set('retention.schedule')));
  if (!rule || 'unknown' in rule) {
    return notAssessed('no rule of the retention schedule says whether it holds what belongs to accounts');
  }
  if (rule.keep !== 'while-active') {
    return notApplicable(`rule ${rule.id} ends it by its period`);
  }
  const records = recordsOf(rule.id, figures.set('processing.records'));
  if (records.length > 0 && records.every((record) => record === nobody)) {
    return notApplicable(`rule ${rule.id} is about nobody`);
  }
  return judgeErased(store, erasers, figures.choice('tenancy.files') === 'bucket');
}
