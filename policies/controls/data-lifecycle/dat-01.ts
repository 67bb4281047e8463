import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { declaredGroup, logGroupMakers, unknownLogGroupMakers, writtenGroups } from '../logging/service-log-groups';
import { retentionSchedule } from './retention-figure';
import { namedRule, ruleOf, rulesOf, unusedRules } from './schedule';
import { keepsFor, keepsWhileActive } from './store-periods';

const stores = [
  'AWS::Cognito::UserPool',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::S3::Bucket',
];

/** Stores whose periods this control cannot read: named where they occur, never passed over. */
const unjudged = [
  'AWS::DocDB::DBCluster',
  'AWS::EFS::FileSystem',
  'AWS::Neptune::DBCluster',
  'AWS::OpenSearchService::Domain',
  'AWS::Redshift::Cluster',
  'AWS::S3Express::DirectoryBucket',
  'AWS::Timestream::Table',
];

/** DAT-01: the retention schedule and the stores are the same list. */
export const control = defineControl({
  id: 'dat-01',
  title:
    'Every store keeps for as long as the retention schedule says, nothing deletes what belongs to an account in use, and no log group is made past the schedule',
  family: 'data-lifecycle',
  claims: ['cly-retain-active', 'clvr-retention-rules-documented', 'clvr-retention-release-review'],
  doesNotProve:
    'That rows inside a database, and items of a table that have an end, are deleted in time, that copies and backups are (bck-01, bck-02), that anonymised data names nobody, that the periods are lawful, and that the schedule was gone through at the last release: the record of its review says that.',
  attested: true,
  runbook: 'review-processing-records',
  parameters: { 'retention.schedule': retentionSchedule },
  messages: {
    missing: {
      violation: 'nothing is deployed that keeps anything',
      fix: 'deploy the stores, or judge what is present only',
    },
    unscheduled: {
      violation: 'no rule of the retention schedule is about store {name}, a {type}',
      fix: 'write a rule into policies/registers/retention.yaml, or name one in the tag retention of the store',
    },
    unknownRule: {
      violation: 'store {name} names rule {rule}, which the retention schedule does not have for its type',
      fix: 'write the rule, or correct the tag retention',
    },
    differs: {
      violation: 'store {name} keeps for {kept} days by {property}, the retention schedule says {promised}',
      fix: 'set the period to {promised} days, or change the schedule and have it reviewed',
    },
    neverDeleted: {
      violation: 'store {name} keeps for ever, the retention schedule says {promised} days',
      fix: 'set a retention, or a lifecycle rule for every object, of {promised} days',
    },
    deletesActive: {
      violation: 'store {name} deletes by {property} what belongs to accounts that are in use: {value}',
      fix: 'drop the expiry: what is deleted is chosen by account, not by age',
    },
    deletedWithStack: {
      violation: 'store {name} and everything in it goes when its stack goes',
      fix: 'set removalPolicy: RemovalPolicy.RETAIN',
    },
    unusedRule: {
      violation: 'rule {name} of the retention schedule is about stores that nobody deploys: {stores}',
      fix: 'drop the rule, bind it to the profiles that have such a store, or deploy the store',
    },
    undeclared: {
      violation: '{name} makes log group {group}, which is in no template and is kept for ever',
      fix: 'declare the log group with a retention, and let {name} write to it',
    },
  },
  template: {
    judges: [...new Set([...stores, ...unjudged, ...Object.keys(logGroupMakers), ...unknownLogGroupMakers])],
    expects: 'at-least-one',
    expected: stores,
    judge: (subject, context) => {
      const outcomes = [...period(subject, context), ...madeLogGroups(subject, context)];
      return outcomes.length > 0 ? outcomes : notApplicable('it keeps nothing by itself');
    },
    *judgeWhole({ figures, presentOnly, scope }) {
      const rules = presentOnly ? [] : unusedRules(rulesOf(figures.set('retention.schedule')), scope);
      for (const { id, isTagged, type } of rules) {
        const stores = `${type}${isTagged ? ' with its tag' : ''}`;
        yield {
          target: 'policies/registers/retention.yaml',
          subject: id,
          type,
          outcome: finding('unusedRule', undefined, { stores }),
        };
      }
    },
  },
});

function period(store: Subject, { figures, presentOnly }: JudgementContext): readonly Outcome[] {
  if (unjudged.includes(store.type)) {
    return [notAssessed(`how long ${store.type} keeps is not known to this control`)];
  }
  if (!stores.includes(store.type)) {
    return [];
  }
  if (store.type === 'AWS::RDS::DBInstance' && store.at('DBClusterIdentifier').state() === 'known') {
    return [notApplicable('its cluster keeps the data')];
  }
  if (presentOnly && namedRule(store) === undefined) {
    return [notApplicable('the schedule of whoever deploys it is not here')];
  }
  const rule = ruleOf(store, rulesOf(figures.set('retention.schedule')));
  if (!rule) {
    return [finding('unscheduled')];
  }
  if ('unknown' in rule) {
    return [finding('unknownRule', undefined, { rule: rule.unknown })];
  }
  return rule.keep === 'while-active' ? keepsWhileActive(store) : keepsFor(store, rule.keep);
}

/** A log group that a service makes is a store without a rule; where it goes and with which key is judged by log-06. */
function madeLogGroups(maker: Subject, { scope }: JudgementContext): readonly Outcome[] {
  return writtenGroups(maker).flatMap((written) => {
    if ('unknown' in written) {
      return [notAssessed(written.unknown)];
    }
    const found = declaredGroup(maker, written, scope);
    return ['outcome' in found ? found.outcome : satisfied];
  });
}
