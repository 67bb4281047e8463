import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { retentionRows, retentionSchedule } from '../data-lifecycle/retention-figure';
import { rowRulesOf } from '../data-lifecycle/row-schedule';
import { namedRule, ruleOf, rulesOf, unusedRules } from '../data-lifecycle/schedule';
import { periodlessStores, periodStores } from '../data-lifecycle/store-types';
import { nobody, processingRecords, recordsOf } from './processing-figure';
import { judgeProcessing } from './processing-register';

/** Stores that hold data for a while, under no period of their own. */
const passingStores = [
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::Kinesis::Stream',
  'AWS::SQS::Queue',
];

const file = 'policies/registers/processing.yaml';

/** PRV-01: the records of processing and the stores are the same list; the retention schedule links one to the other. */
export const control = defineControl({
  id: 'prv-01',
  title:
    'Every store stands in a record of processing, every record has its stores, every recipient of data is in one, and somebody goes through them in time',
  family: 'privacy',
  claims: ['cfeu-gdpr', 'clvr-ropa-codebase', 'clvr-ropa-release-review'],
  doesNotProve:
    'That purposes, legal bases and categories are true and lawful, that free text holds no data that nobody expects, that copies in backups stand in a record of their own, and that whoever wrote down the day of the review went through the records then.',
  runbook: 'review-processing-records',
  parameters: {
    'processing.records': processingRecords,
    'processing.reviewDays': {
      kind: 'number',
      stricter: 'lower',
      default: 92,
      unit: 'days',
      description: 'days for which a review of the records of processing counts',
    },
    'retention.schedule': retentionSchedule,
    'retention.rows': retentionRows,
  },
  messages: {
    missing: {
      violation: 'nothing is deployed that keeps anything, so no record of processing is about anything',
      fix: 'deploy the stores, or judge what is present only',
    },
    unscheduled: {
      violation: 'store {name}, a {type}, is under no rule of the retention schedule, by which a record could name it',
      fix: 'write a rule into policies/registers/retention.yaml, and name it in a record of processing',
    },
    unrecorded: {
      violation: 'no record of processing is about store {name}, which is under rule {rule}',
      fix: 'name the rule in a record of policies/registers/processing.yaml, or under impersonal with the reason',
    },
    taggedOtherwise: {
      violation: 'rule {rule} is called impersonal, and the tag data-class of store {name} does not say so',
      fix: 'name the rule in a record of processing, or tag the store data-class: internal or public',
    },
    nothingThere: {
      violation: 'record of processing {name} is about rule {rule}, under which nothing is deployed',
      fix: 'drop the rule from the record, or bind the record to the profiles that have such a store',
    },
    noRegister: {
      violation: 'there is no register of processing',
      fix: 'write policies/registers/processing.yaml',
    },
    recipientUnused: {
      violation: 'record of processing {name} sends data to {recipient}, which is not used under the profile',
      fix: 'drop the recipient, bind the record to the profiles that use it, or add the profile in policies/registers/vendors.yaml',
    },
    recipientUnrecorded: {
      violation: '{company} is sent data, and no record of processing says why',
      fix: 'name it as a recipient in a record of policies/registers/processing.yaml, or stop sending',
    },
    transferUnsaid: {
      violation:
        'record of processing {name} sends data to {recipient} in {country}, and nothing says what allows that',
      fix: 'write the transfer down, with the decision or the clauses that allow it',
    },
    clausesUnsigned: {
      violation: 'record of processing {name} sends data to {recipient} in {country} under clauses that nobody signed',
      fix: 'have the agreement with its clauses signed, and write the day into policies/registers/vendors.yaml',
    },
    measureUnknown: {
      violation: 'record of processing {name} names measure {measure}, and no such control is built',
      fix: 'name a control that measures the protection of this data',
    },
    reviewAhead: {
      violation: 'the register of processing says that it was gone through on {reviewed}, a day still to come',
      fix: 'write down the day on which somebody did',
    },
  },
  register: { judge: judgeProcessing },
  template: {
    judges: [...periodStores, ...periodlessStores, ...passingStores],
    expects: 'at-least-one',
    expected: periodStores,
    judge: judgeStore,
    *judgeWhole(context) {
      for (const { record, rule } of context.presentOnly ? [] : emptyRecords(context)) {
        yield {
          target: file,
          subject: record,
          type: 'ProcessingRecord',
          outcome: finding('nothingThere', undefined, { rule }),
        };
      }
    },
  },
});

function judgeStore(store: Subject, { figures, presentOnly }: JudgementContext): Outcome {
  if (store.type === 'AWS::RDS::DBInstance' && store.at('DBClusterIdentifier').state() === 'known') {
    return notApplicable('its cluster keeps the data');
  }
  if (presentOnly && namedRule(store) === undefined) {
    return notApplicable('the records of whoever deploys it are not here');
  }
  const rule = ruleOf(store, rulesOf(figures.set('retention.schedule')));
  if (!rule || 'unknown' in rule) {
    return finding('unscheduled');
  }
  const records = recordsOf(rule.id, figures.set('processing.records'));
  if (records.length === 0) {
    return finding('unrecorded', undefined, { rule: rule.id });
  }
  const isPersonal = records.some((record) => record !== nobody);
  return isPersonal || isTaggedImpersonal(store) ? satisfied : finding('taggedOtherwise', undefined, { rule: rule.id });
}

/** Whether its tag says that it holds nothing about anybody: no tag, and one that cannot be read, do not. */
function isTaggedImpersonal(store: Subject): boolean {
  const tags = store.items('Tags');
  return (tags.kind === 'known' ? tags.value : []).some((tag) => {
    const key = tag.at('Key').text();
    const value = key.kind === 'known' && key.value === 'data-class' ? tag.at('Value').text() : undefined;
    return value?.kind === 'known' && ['internal', 'public'].includes(value.value);
  });
}

/** Records and rules under which neither a store is deployed nor a table declared. */
function emptyRecords({
  figures,
  scope,
}: JudgementContext): readonly { readonly record: string; readonly rule: string }[] {
  const rules = rulesOf(figures.set('retention.schedule'));
  const unused = new Set(unusedRules(rules, scope));
  const used = new Set([
    ...rules.filter((rule) => !unused.has(rule)).map(({ id }) => id),
    ...rowRulesOf(figures.set('retention.rows')).map(({ id }) => id),
  ]);
  return figures
    .set('processing.records')
    .map((line) => line.split(' '))
    .flatMap(([record = '', rule = '']) => (used.has(rule) ? [] : [{ record, rule }]));
}
