import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import type { Figures } from '../../../lib/control/parameter';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { auditRetentionDays } from '../parameters';
import { auditProducers, isAuditLog } from './audit-logs';
import { bucketRetention, type Period } from './bucket-retention';

/** LOG-04: log groups and buckets to which trails, flow logs, the configuration recorder, databases and user pools write. */
export const control = defineControl({
  id: 'log-04',
  title: 'Audit logs are kept for as long as promised, and where a limit is promised no longer',
  family: 'logging',
  claims: ['tdb-log-retention-24m', 'cly-audit-logs-90d'],
  doesNotProve:
    'That nobody can delete a log before its time (log-03), how long the application keeps its own records in the database, and what happens to log groups that a service makes by itself because no template declares them (log-06, dat-01).',
  runbook: 'keep-audit-logs',
  parameters: { 'audit.retentionDays': auditRetentionDays },
  messages: {
    missing: {
      violation: 'no audit log is deployed, so nothing is kept',
      fix: 'deploy a trail with a log group and a bucket of its own',
    },
    tooShort: {
      violation: 'audit log {name} is kept for {days} days by {property}, promised are at least {floor}',
      fix: 'set the retention to {floor} days or more; log groups take certain numbers only, such as 365 and 731',
    },
    tooLong: {
      violation: 'audit log {name} is kept for {days} days, promised are at most {ceiling}',
      fix: 'set the retention, and the expiry and lock of a bucket, to {ceiling} days',
    },
    hiddenWhileLocked: {
      violation: 'audit log {name} hides objects after {value} days that are locked for {lock}',
      fix: 'let the lifecycle expire objects a day after the lock ends',
    },
    oldVersions: {
      violation: 'audit log {name} keeps expired objects as old versions for ever',
      fix: 'set noncurrentVersionExpiration on the rule that expires objects',
    },
  },
  template: {
    judges: [
      'AWS::Logs::LogGroup',
      'AWS::S3::Bucket',
      'AWS::CloudTrail::EventDataStore',
      'AWS::CloudTrail::Trail',
      'AWS::Cognito::LogDeliveryConfiguration',
      'AWS::Config::DeliveryChannel',
      'AWS::EC2::FlowLog',
    ],
    expects: 'at-least-one',
    expected: ['AWS::Logs::LogGroup', 'AWS::S3::Bucket', 'AWS::CloudTrail::EventDataStore'],
    judge: (subject, { figures, scope }: JudgementContext) => {
      const period = periodOf(figures);
      switch (subject.type) {
        case 'AWS::Logs::LogGroup':
          return ofAudit(subject, scope, () => logGroup(subject, period));
        case 'AWS::S3::Bucket':
          return ofAudit(subject, scope, () => bucketRetention(subject, period));
        case 'AWS::CloudTrail::EventDataStore':
          return eventDataStore(subject, period);
        default:
          return destinations(subject, scope);
      }
    },
  },
});

/** Where nobody promises a figure, the default is a floor. */
function periodOf(figures: Figures): Period {
  const name = 'audit.retentionDays';
  const ceiling = figures.ceiling(name);
  return { floor: figures.floor(name) ?? (ceiling === undefined ? figures.number(name) : 0), ceiling };
}

function ofAudit(log: Subject, scope: Scope, judge: () => readonly Outcome[]): Outcome | readonly Outcome[] {
  return isAuditLog(log, scope) ? judge() : notApplicable('no audit log is written to it');
}

/** Without a retention CloudWatch Logs keeps events for ever. */
function logGroup(group: Subject, period: Period): readonly Outcome[] {
  return decide(group.number('RetentionInDays'), {
    known: (days) => keeps(days, period),
    absent: () => keeps(Number.POSITIVE_INFINITY, period),
  });
}

function keeps(days: number, { floor, ceiling }: Period): Outcome {
  if (days < floor) {
    return finding('tooShort', undefined, { days, floor });
  }
  return ceiling !== undefined && days > ceiling
    ? finding('tooLong', undefined, { days: days === Number.POSITIVE_INFINITY ? 'all' : days, ceiling })
    : satisfied;
}

/** Source of the defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-cloudtrail-eventdatastore.html */
function eventDataStore(store: Subject, period: Period): readonly Outcome[] {
  return decide(store.number('RetentionPeriod'), {
    known: (days) => keeps(days, period),
    absent: () =>
      decide(store.text('BillingMode'), {
        known: (mode) => keeps(mode === 'FIXED_RETENTION_PRICING' ? 2557 : 366, period),
        absent: () => keeps(366, period),
      }),
  });
}

/** What is written to a place here is judged there; a log that goes anywhere else is kept for nobody knows how long. */
function destinations(producer: Subject, scope: Scope): Outcome | readonly Outcome[] {
  const paths = Object.entries(auditProducers).flatMap(([type, producers]) =>
    producers.filter((each) => each.type === producer.type).map(({ path }) => ({ type, path })),
  );
  const written = paths.flatMap(({ path }) => placesAt(producer, path)).filter((node) => node.state() !== 'absent');
  if (written.length === 0) {
    return notAssessed('it does not say what it writes to');
  }
  return written.map((node) =>
    isHere(node, scope)
      ? satisfied
      : notAssessed('how long it is kept cannot be seen: what it is written to is not here', node.path),
  );
}

/** Every place at a path that may pass through a list (`*`). */
function placesAt(producer: Subject, path: string): readonly Node[] {
  const [list = '', rest] = path.split('.*.');
  if (rest === undefined) {
    return [producer.at(path)];
  }
  const items = producer.items(list);
  return items.kind === 'known' ? items.value.map((item) => item.at(rest)) : [producer.at(list)];
}

function isHere(node: Node, scope: Scope): boolean {
  const { resolved } = node;
  if (resolved.kind === 'reference') {
    return Object.hasOwn(auditProducers, resolved.resource.type);
  }
  if (resolved.kind === 'pattern') {
    return /^\$\{(?!AWS::)[^}]+\}[/:]/.test(resolved.text);
  }
  const named = (type: string, property: string) =>
    scope.resources(type).some((resource) => {
      const name = resource.at(property).resolved;
      return resolved.kind === 'scalar' && name.kind === 'scalar' && name.value === resolved.value;
    });
  return named('AWS::S3::Bucket', 'BucketName') || named('AWS::Logs::LogGroup', 'LogGroupName');
}
