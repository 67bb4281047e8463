import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { declaredGroup, writtenGroups } from '../logging/service-log-groups';
import { judgeAlarms } from './alarm-limit';
import { countedMetrics, judgeLines } from './counted-lines';
import { anomalyAlarms, detectorsOf, hasDimension } from './log-anomalies';
import { databaseLines, firewallLines, flowLines, resolverLines } from './refused-lines';
import { alarmsOn, bandOn, isText, watchedOf } from './watched-metrics';

/** Sign-ins to a PostgreSQL database that fail, in the log that it exports, and whether anybody notices when that log ends. */
export function databaseSignIns(database: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  if (database.type === 'AWS::RDS::DBInstance' && database.at('DBClusterIdentifier').resolved.kind !== 'absent') {
    return [notApplicable('its cluster exports the log')];
  }
  return decide(database.at('Engine').pattern(), {
    known: (engine) =>
      /^(aurora-postgresql|postgres)$/.test(engine)
        ? serverLog(database, figures.number('detect.refusals.databaseSignIns'), scope)
        : notApplicable('it is no PostgreSQL'),
    absent: () => notAssessed('the engine comes from a source that the template does not show'),
  });
}

function serverLog(database: Subject, limit: number, scope: Scope): readonly Outcome[] {
  const exported = database.items('EnableCloudwatchLogsExports');
  const types = exported.kind === 'known' ? exported.value.map((each) => each.text()) : [];
  if (exported.kind === 'unresolved' || types.some(({ kind }) => kind !== 'known')) {
    return [notAssessed('which logs it exports cannot be read', exported.property)];
  }
  const server = writtenGroups(database).filter((each) => 'made' in each && each.made.endsWith('/postgresql'));
  if (server.length === 0) {
    return [notApplicable('it exports no log, which is for log-06')];
  }
  return server.flatMap((written) => {
    const found = 'unknown' in written ? undefined : declaredGroup(database, written, scope);
    return found && 'group' in found
      ? [...judgeLines(found.group, databaseLines, limit, scope), judgeHeartbeat(found.group, scope)]
      : [notAssessed('its log group is not in the templates, nor what reads it')];
  });
}

/** Connections that a network firewall blocks, in its log of alerts. */
export function blockedConnections(firewall: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const destinations = scope
    .referring(firewall, 'AWS::NetworkFirewall::LoggingConfiguration', 'FirewallArn')
    .map((log) => log.items('LoggingConfiguration.LogDestinationConfigs'))
    .flatMap((items) => (items.kind === 'known' ? items.value : []));
  const types = destinations.map((each) => each.at('LogType').text());
  const alerts = destinations.filter((each) => isText(each.at('LogType'), 'ALERT'));
  if (types.some(({ kind }) => kind !== 'known')) {
    return [notAssessed('what is written where cannot be read')];
  }
  if (alerts.length === 0) {
    return [notApplicable('it has no log of alerts, which is for log-06')];
  }
  const limit = figures.number('detect.refusals.blockedEgress');
  return alerts.flatMap((each) =>
    inGroup(each.at('LogDestination.logGroup'), (group) => judgeLines(group, firewallLines, limit, scope)),
  );
}

/** Names that the resolver of a VPC refuses, in the log of what is asked, and whether anybody notices when that log ends. */
export function blockedNames(vpc: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  if (scope.referring(vpc, 'AWS::Route53Resolver::FirewallRuleGroupAssociation', 'VpcId').length === 0) {
    return [notApplicable('its resolver refuses nothing')];
  }
  const logs = scope.referring(vpc, 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', 'ResourceId');
  if (logs.length === 0) {
    return [notApplicable('it has no log of names, which is for log-06')];
  }
  const limit = figures.number('detect.refusals.blockedEgress');
  return logs.flatMap((association) =>
    decide(association.reference('ResolverQueryLogConfigId'), {
      known: ({ subject: config }) =>
        inGroup(config.at('DestinationArn'), (group) => [
          ...judgeLines(group, resolverLines, limit, scope),
          judgeHeartbeat(group, scope),
        ]),
      absent: () => notAssessed('it names no configuration'),
    }),
  );
}

/**
 * Requests that a web ACL blocks, all its rules together.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html
 */
export function blockedRequests(acl: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  if (!isText(acl.at('Scope'), 'REGIONAL')) {
    return [notAssessed('only metrics of a regional firewall lie where its alarms can be', 'Scope')];
  }
  return [
    ...decide(acl.bool('VisibilityConfig.CloudWatchMetricsEnabled'), {
      known: (on) => (on ? satisfied : finding('unmetered')),
      absent: () => finding('unmetered'),
    }),
    ...decide(acl.text('VisibilityConfig.MetricName'), {
      known: (name) => {
        const ofAll = (alarm: Subject) =>
          hasDimension(alarm, 'WebACL', name) && hasDimension(alarm, 'Rule', 'ALL') && namesRegion(alarm);
        const alarms = [...alarmsOn(['AWS/WAFV2', 'BlockedRequests'], scope, true, ofAll)];
        return judgeAlarms(alarms, figures.number('detect.refusals.blockedRequests'), 'blocked requests');
      },
      absent: () => notAssessed('CloudFormation requires the name of a metric'),
    }),
  ];
}

function namesRegion(alarm: Subject): boolean {
  const dimensions = alarm.items('Dimensions');
  return dimensions.kind === 'known' && dimensions.value.some((each) => isText(each.at('Name'), 'Region'));
}

/** Attempts at accounts that are locked: the function before a sign-in refuses by failing, and in no other way. */
export function lockedSignIns(pool: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const trigger = pool.at('LambdaConfig.PreAuthentication');
  if (trigger.resolved.kind === 'absent') {
    return [notApplicable('it locks no account, which is for idn-05')];
  }
  return decide(trigger.reference(), {
    known: ({ subject: code }) => {
      const alarms = watchedOf(code, scope).flatMap(({ alarm, namespace, name, isBand }) =>
        !isBand && isText(namespace, 'AWS/Lambda') && isText(name, 'Errors') ? [alarm] : [],
      );
      return judgeAlarms(alarms, figures.number('detect.refusals.lockedSignIns'), 'sign-ins to locked accounts');
    },
    absent: () => notAssessed('it names no function'),
  });
}

/** Traffic that is unlike the traffic before it: found in the records of a flow log, or by how many of them are of rejected connections. */
export function unusualTraffic(log: Subject, { scope }: JudgementContext): readonly Outcome[] {
  const kind = log.text('LogDestinationType');
  if (kind.kind === 'unresolved') {
    return [notAssessed(kind.reason, kind.property)];
  }
  // CloudWatch Logs unless another kind is named: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html
  if (kind.kind === 'known' && kind.value !== 'cloud-watch-logs') {
    return [notApplicable('its records are not where alarms could see them')];
  }
  const place = log.at(log.at('LogGroupName').resolved.kind === 'absent' ? 'LogDestination' : 'LogGroupName');
  return inGroup(place, (group) => {
    const alarms = detectorsOf(group, scope).flatMap((detector) => anomalyAlarms(detector, scope));
    const band = countedMetrics(group, flowLines, scope).some((metric) => bandOn(metric, scope) !== undefined);
    return alarms.length > 0
      ? judgeAlarms(alarms, 1, 'anomalies in the traffic')
      : [band ? satisfied : finding('unlearnt', undefined, { group: group.logicalId })];
  });
}

function inGroup(place: Node, judge: (group: Subject) => readonly Outcome[]): readonly Outcome[] {
  return decide(place.reference(), {
    known: ({ subject: group }) =>
      group.type === 'AWS::Logs::LogGroup' ? judge(group) : notAssessed(`${group.logicalId} is no log group`),
    absent: () => notAssessed('where it is written is not said'),
    unresolved: () => notAssessed('its log group is not in the templates, nor what reads it'),
  });
}

/** An alarm that wants lines; that it takes silence for too few is judged by det-02. */
function judgeHeartbeat(group: Subject, scope: Scope): Outcome {
  const isWatched = watchedOf(group, scope).some(({ alarm, name }) => {
    const operator = alarm.text('ComparisonOperator');
    return isText(name, 'IncomingLogEvents') && operator.kind === 'known' && operator.value.startsWith('LessThan');
  });
  return isWatched ? satisfied : finding('silent', undefined, { group: group.logicalId });
}
