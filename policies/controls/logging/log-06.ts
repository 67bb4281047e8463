import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { notApplicable, type Outcome } from '../../../lib/control/verdict';
import type { Subject } from '../../../lib/template/subject';
import { keysMode } from '../parameters';
import { databaseLog } from './database-log';
import { firewallLog, queryLog, webAclLog } from './network-logs';
import { judgeServiceLogGroups, logGroupMakers, unknownLogGroupMakers } from './service-log-groups';

/** LOG-06: what databases, firewalls and resolvers saw, and the log groups that services would make by themselves. */
export const control = defineControl({
  id: 'log-06',
  title:
    'Databases, firewalls and resolvers write down what they saw, no row of a table among it, and no service makes a log group by itself',
  family: 'logging',
  claims: ['clvr-sysmon-postgres-auth', 'clvr-sysmon-firewall', 'clvr-sysmon-system-alerts'],
  doesNotProve:
    'That a line arrives within minutes, that anybody is alerted by one (det-02), what a log says before its first line, and that nothing outside the templates makes log groups: the sweep of the account looks for those. A value of the wrong type is quoted by PostgreSQL in the error itself, however terse its log is.',
  runbook: 'keep-audit-logs',
  parameters: { 'keys.mode': keysMode },
  messages: {
    missing: {
      violation: 'no database is deployed, so nobody who signs in to one is written down',
      fix: 'deploy the database with cloudwatchLogsExports and a parameter group that logs sessions',
    },
    notExported: {
      violation: 'database {name} keeps its log to itself: {property} is {value}',
      fix: 'add postgresql to cloudwatchLogsExports',
    },
    silent: {
      violation: 'database {name} does not write down who came and what was changed: {setting} is {got}',
      fix: 'set {setting} in the parameter group as PostgreSQL and pgaudit document it',
    },
    leaky: {
      violation: 'the log of database {name} prints rows and values of statements: {setting} is {got}',
      fix: 'set log_error_verbosity to terse, log_min_error_statement to panic, log_statement to none and pgaudit.log_parameter to 0',
    },
    firewallUnlogged: {
      violation: 'firewall {name} does not log {kind}',
      fix: 'add a logging configuration with the log types ALERT and FLOW',
    },
    aclUnlogged: {
      violation: 'nobody writes down what web ACL {name} decides',
      fix: 'add a logging configuration for the web ACL',
    },
    questionsUnlogged: {
      violation: 'VPC {name} does not write down which names were asked for',
      fix: 'associate a Resolver query logging configuration with the VPC',
    },
    undeclared: {
      violation: '{name} makes log group {group} by itself: without our key, and kept for ever',
      fix: 'declare a log group of that name with a key and a retention, and let {name} depend on it',
    },
    platformKey: {
      violation: 'log group {group}, which {name} writes to, has no key of ours',
      fix: 'set encryptionKey of the log group',
    },
    keptForEver: {
      violation: 'log group {group}, which {name} writes to, is never emptied',
      fix: 'set retention of the log group',
    },
  },
  template: {
    judges: [
      ...new Set([
        'AWS::RDS::DBCluster',
        'AWS::RDS::DBInstance',
        'AWS::NetworkFirewall::Firewall',
        'AWS::WAFv2::WebACL',
        'AWS::EC2::VPC',
        ...Object.keys(logGroupMakers),
        ...unknownLogGroupMakers,
      ]),
    ],
    expects: 'at-least-one',
    expected: ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance'],
    judge: (subject, context) => {
      const outcomes = [...ownLog(subject, context), ...judgeServiceLogGroups(subject, context)];
      return outcomes.length > 0 ? outcomes : notApplicable('no log group is made for it');
    },
  },
});

function ownLog(subject: Subject, { scope }: JudgementContext): readonly Outcome[] {
  switch (subject.type) {
    case 'AWS::RDS::DBCluster':
    case 'AWS::RDS::DBInstance':
      return databaseLog(subject);
    case 'AWS::NetworkFirewall::Firewall':
      return firewallLog(subject, scope);
    case 'AWS::WAFv2::WebACL':
      return webAclLog(subject, scope);
    case 'AWS::EC2::VPC':
      return queryLog(subject, scope);
    default:
      return [];
  }
}
