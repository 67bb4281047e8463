import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { retentionSchedule } from '../data-lifecycle/retention-figure';
import { ruleOf, rulesOf } from '../data-lifecycle/schedule';
import { periodlessStores, periodStores } from '../data-lifecycle/store-types';
import { machineOf } from '../response/state-machine';
import { tenancyFiles, tenancyMode } from '../tenancy/tenancy-parameters';
import { judgeExportBucket } from './export-bucket';
import { exportKeepDays } from './export-figure';
import { exportFaults, isExport } from './export-machine';
import { bucketsUnread, exportersIn, isExportBucket, judgeExported, sessionFaults } from './exporters';
import { nobody, processingRecords, recordsOf } from './processing-figure';

const machineType = 'AWS::StepFunctions::StateMachine';

/** PRV-03: a customer takes along all that it has, whenever it wants, and nothing of anybody else. */
export const control = defineControl({
  id: 'prv-03',
  title:
    'A customer can export all that the records of processing say is kept for it, by itself, in the formats promised and whatever its size, read in a session that reaches no other customer',
  family: 'privacy',
  claims: [
    'cfus-export-anytime',
    'cly-export-full-json-csv',
    'cly-export-self-service',
    'cly-export-assisted-large',
    'clvr-dsr-process',
  ],
  doesNotProve:
    'That the application offers the export, to owners alone, and signs its links for no longer than needed; that the session carries the tag of whoever signed in; that the function writes what its formats say: the tests of this project do that on a real database. Files are copied as they are at that moment, not as of the moment of the rows. Columns that the application encrypts come out as ciphertext. A single file that S3 does not copy within 15 minutes makes the export fail, and somebody hears of it.',
  runbook: 'assist-export',
  parameters: {
    'export.formats': {
      kind: 'set',
      default: ['JSON', 'CSV'],
      description: 'formats in which everything that is stored for a customer can be taken out',
    },
    'export.keepDays': exportKeepDays,
    'export.linkMinutes': {
      kind: 'number',
      stricter: 'lower',
      default: 15,
      unit: 'minutes',
      description: 'minutes for which a link to an export works, from the moment it was signed',
    },
    'processing.records': processingRecords,
    'retention.schedule': retentionSchedule,
    'tenancy.files': tenancyFiles,
    'tenancy.mode': tenancyMode,
  },
  messages: {
    missing: { violation: 'nothing exports what is kept for a customer', fix: 'deploy TenantExport' },
    storeLeft: {
      violation: 'an export leaves out store {name}, a {type}: {how}',
      fix: 'tell the function of the store, and let the session that it takes on read there',
    },
    bucketsLeft: {
      violation: 'process {name} leaves out the buckets that are made for customers, {start}*',
      fix: 'let the session that it takes on read the bucket of its customer',
    },
    readsAsAll: {
      violation: 'process {name} may {action} with rights of its own, which know no customer',
      fix: 'take the right away from the function, and give it to a role that is taken on for one customer',
    },
    noSession: {
      violation: 'process {name} takes on no session of a customer, so nothing but its code keeps customers apart',
      fix: 'let its function take on a role with the tag tenant',
    },
    untagged: {
      violation: 'process {name} can take on {role} without naming one customer',
      fix: 'ask for aws:RequestTag/tenant in the trust of the role, with StringLike and 32 question marks',
    },
    unbound: {
      violation: 'process {name} reaches what is of more than one customer: {place}',
      fix: 'put ${aws:PrincipalTag/tenant} into the place, as the user of the database, the folder or the name of the bucket',
    },
    cutShort: {
      violation: 'process {name} may end {state} before it is done, as a function ends after 15 minutes',
      fix: 'let a choice pass only where the step says that it is done, and ask it again otherwise',
    },
    unsealed: {
      violation: 'process {name} can end well without a look at what was written',
      fix: 'let every way from the steps to the end pass a state that begins with Seal',
    },
    failureHidden: {
      violation: 'process {name} can end well after a step that failed',
      fix: 'lead what catches errors to a state of the type Fail',
    },
    unheard: {
      violation: 'nobody hears when process {name} fails: no alarm on ExecutionsFailed acts',
      fix: 'add an alarm on the metric with an action',
    },
    unheardLate: {
      violation: 'nobody hears when process {name} runs out of time: no alarm on ExecutionsTimedOut acts',
      fix: 'add an alarm on the metric with an action',
    },
    notStarted: {
      violation: 'nothing starts process {name} when a customer asks',
      fix: 'add a rule that is enabled for Object Created in the bucket of requests',
    },
    formatMissing: {
      violation: 'process {name} writes no {format}',
      fix: 'name the format in the environment of its function, under FORMATS',
    },
    public: {
      violation: 'bucket {name} of exports does not block public access: {property}',
      fix: 'set all four of PublicAccessBlockConfiguration to true',
    },
    unencrypted: {
      violation: 'bucket {name} of exports is not encrypted with a key of KMS',
      fix: 'set SSEAlgorithm to aws:kms, with a key of your own',
    },
    keptTooLong: {
      violation: 'bucket {name} keeps exports for {kept}, allowed are {most} days',
      fix: 'let a lifecycle rule for every object, and one for replaced versions, end them',
    },
    linkLasts: {
      violation: 'bucket {name} takes links to exports for as long as whoever signs them likes',
      fix: 'deny s3:GetObject to everybody where s3:signatureAge is greater than the life of a link',
    },
    linkTooLong: {
      violation: 'bucket {name} takes links to exports for {kept} minutes, promised are at most {most}',
      fix: 'lower s3:signatureAge in the policy of the bucket',
    },
    notSelfService: {
      violation: 'no session of a customer may ask for an export in bucket {name}, or fetch one',
      fix: 'hand the bucket to TenantAccess',
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
      if (!presentOnly && !isHidden && exportersIn(scope).length === 0 && template) {
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
  if (!isExport(machine)) {
    return notApplicable('it exports nothing');
  }
  const exporters = exportersIn(scope).filter((each) => each.machine.definition === subject.definition);
  if (exporters.some(({ sessions }) => sessions.length === 0)) {
    return finding('noSession');
  }
  const faults = [
    ...exportFaults(subject, machine, scope),
    ...exporters.flatMap((exporter) => [
      ...sessionFaults(exporter, figures.choice('tenancy.mode')),
      ...formatFaults(exporter.functions, figures.set('export.formats')),
    ]),
    ...bucketsUnread(scope, exporters).map((start) => finding('bucketsLeft', undefined, { start })),
  ];
  return faults.length > 0 ? faults : satisfied;
}

function formatFaults(functions: readonly Subject[], formats: readonly string[]): readonly Outcome[] {
  const written = functions.flatMap((code) => {
    const names = code.at('Environment.Variables.FORMATS').text();
    return names.kind === 'known' ? names.value.toLowerCase().split(/\W+/) : [];
  });
  return formats
    .filter((format) => !written.includes(format.toLowerCase()))
    .map((format) => finding('formatMissing', undefined, { format }));
}

/** Stores with a period of days hold what an export need not have, and what it is. */
function judgeStore(store: Subject, { figures, presentOnly, scope }: JudgementContext): Outcome | readonly Outcome[] {
  if (store.type === 'AWS::RDS::DBInstance' && store.at('DBClusterIdentifier').state() === 'known') {
    return notApplicable('its cluster keeps the data');
  }
  const exporters = exportersIn(scope);
  if (presentOnly && exporters.length === 0) {
    return notApplicable('what exports is not here');
  }
  if (exporters.length > 0 && exporters.every(({ sessions }) => sessions.length === 0)) {
    return notApplicable('what exports takes on no session of a customer, which is found on the process');
  }
  if (store.type === 'AWS::S3::Bucket' && isExportBucket(store, exporters)) {
    const days = { keepDays: figures.number('export.keepDays'), linkMinutes: figures.number('export.linkMinutes') };
    return judgeExportBucket(store, scope, days);
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
  return judgeExported(store, exporters, figures.choice('tenancy.files') === 'bucket');
}
