import { defineControl, type JudgementContext } from '../../../lib/control/control';
import { finding, notApplicable, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { isCalledByDeployment } from './deployment-functions';
import { anomalyAlarms, detectorsOf } from './log-anomalies';
import { isText, type WatchedMetric, watchedOf, watchedTogether } from './watched-metrics';

/** What must be watched of a resource: each row by one of its metrics. */
const watches: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [['HTTPCode_ELB_5XX_Count']],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    ['HTTPCode_Target_5XX_Count'],
    ['UnHealthyHostCount', 'HealthyHostCount'],
  ],
  'AWS::ECS::Service': [['CPUUtilization'], ['MemoryUtilization'], ['RunningTaskCount']],
  // Aurora grows its storage by itself; what can run out is the capacity, the memory, or the disk of an instance
  'AWS::RDS::DBCluster': [
    ['CPUUtilization'],
    ['DatabaseConnections'],
    ['Deadlocks'],
    ['FreeableMemory', 'ACUUtilization', 'FreeLocalStorage', 'FreeStorageSpace'],
  ],
  'AWS::RDS::DBInstance': [['CPUUtilization'], ['DatabaseConnections'], ['FreeStorageSpace']],
};

/** DET-03: an application that fails, runs out of something, or behaves unlike itself is noticed each minute. */
export const control = defineControl({
  id: 'det-03',
  title:
    'Load balancers, tasks, databases and functions are watched each minute for errors and for what runs out, errors are compared with what is usual, and logs are searched for anomalies and masked',
  family: 'detection',
  claims: ['cly-cloudwatch-alerting', 'clvr-app-monitoring'],
  doesNotProve:
    'That the limits suit the application, that alarms reach somebody (det-02), and what the application knows of its own errors but does not write: its log is searched for lines that are unlike the others. The band needs two weeks to learn.',
  runbook: 'recover-service',
  parameters: {
    'monitor.periodSeconds': {
      kind: 'number',
      stricter: 'lower',
      default: 60,
      unit: 'seconds',
      description: 'longest time over which a metric of the application is gathered before an alarm looks at it',
    },
  },
  messages: {
    missing: {
      violation: 'no application is deployed, so there is nothing that monitoring could follow',
      fix: 'deploy the application together with its alarms',
    },
    unwatched: {
      violation: 'no alarm looks at {metric} of {name}',
      fix: 'add an alarm on {metric} whose dimension names the resource',
    },
    coarse: {
      violation: 'alarm {alarm} gathers {metric} of {name} over more than {seconds} seconds: {got}',
      fix: 'set the period to {seconds} seconds or less',
    },
    noBand: {
      violation: 'no alarm compares the requests to {name} with what is usual',
      fix: 'add an anomaly detection alarm on errors or response times of the target group',
    },
    unsearched: {
      violation: 'no anomaly detector reads what the application writes to {name}',
      fix: 'add an anomaly detector for the log group',
    },
    unreported: {
      violation: 'nobody is told of what anomaly detector {detector} finds in {name}',
      fix: 'give the detector a name, and add an alarm on AnomalyCount of that name',
    },
    unmasked: {
      violation:
        'log group {name} of the application shows personal data to whoever reads it: it has no data protection policy',
      fix: 'set dataProtectionPolicy with identifiers such as mail addresses and card numbers',
    },
  },
  template: {
    judges: [...Object.keys(watches), 'AWS::Lambda::Function', 'AWS::Logs::LogGroup'],
    expects: 'at-least-one',
    expected: ['AWS::ECS::Service', 'AWS::Lambda::Function', 'AWS::ElasticLoadBalancingV2::LoadBalancer'],
    judge: (subject, context) => {
      switch (subject.type) {
        case 'AWS::Lambda::Function':
          return judgeFunction(subject, context);
        case 'AWS::Logs::LogGroup':
          return judgeLog(subject, context.scope);
        default:
          return judgeResource(subject, context);
      }
    },
  },
});

function judgeResource(resource: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const excuse = excuseOf(resource);
  if (excuse) {
    return [notApplicable(excuse)];
  }
  const watched = watchedOf(resource, scope);
  const seconds = figures.number('monitor.periodSeconds');
  return [
    ...(watches[resource.type] ?? []).flatMap((names) => judgeMetric(names, watched, seconds)),
    ...(resource.type === 'AWS::ElasticLoadBalancingV2::TargetGroup' ? [judgeBand(watched)] : []),
  ];
}

function excuseOf(resource: Subject): string | undefined {
  if (resource.type === 'AWS::RDS::DBInstance' && resource.at('DBClusterIdentifier').state() === 'known') {
    return 'it is watched with its cluster';
  }
  // `application` where nothing is set
  const kind = resource.type.endsWith('::LoadBalancer') ? resource.text('Type') : undefined;
  return kind?.kind === 'known' && kind.value !== 'application' ? 'it knows no answers of HTTP' : undefined;
}

function judgeMetric(names: readonly string[], watched: readonly WatchedMetric[], seconds: number): readonly Outcome[] {
  const metric = names.join(' or ');
  const alarms = watched.filter(({ name }) => names.some((each) => isText(name, each)));
  const periods = alarms.map(({ period }) => period.number());
  if (periods.some((period) => period.kind === 'known' && period.value <= seconds)) {
    return [satisfied];
  }
  const [first] = alarms;
  const [period] = periods;
  if (!first || !period) {
    return [finding('unwatched', undefined, { metric })];
  }
  return [
    period.kind === 'known'
      ? finding('coarse', undefined, { alarm: first.alarm.logicalId, metric, seconds, got: period.value })
      : notAssessed(`the period of alarm ${first.alarm.logicalId} cannot be read`),
  ];
}

function judgeBand(watched: readonly WatchedMetric[]): Outcome {
  const isCompared = watched.some(
    ({ isBand, name }) => isBand && (isText(name, 'HTTPCode_Target_5XX_Count') || isText(name, 'TargetResponseTime')),
  );
  return isCompared ? satisfied : finding('noBand');
}

/** Watched by itself, or together with all functions of the account. */
function judgeFunction(code: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  if (isCalledByDeployment(code, scope)) {
    return [notApplicable('CloudFormation alone calls it, and ends the deployment where it fails')];
  }
  const seconds = figures.number('monitor.periodSeconds');
  const together = watchedTogether(['AWS/Lambda', 'Errors'], scope, (period) => period <= seconds);
  return judgeMetric(['Errors'], [...together, ...watchedOf(code, scope)], seconds);
}

function judgeLog(group: Subject, scope: Scope): readonly Outcome[] {
  const writers = scope.referring(
    group,
    'AWS::ECS::TaskDefinition',
    'ContainerDefinitions.*.LogConfiguration.Options.awslogs-group',
  );
  if (writers.length === 0) {
    return [notApplicable('no application writes to it')];
  }
  return [
    judgeSearch(group, scope),
    group.at('DataProtectionPolicy').state() === 'absent' ? finding('unmasked') : judgePolicy(group),
  ];
}

/** A detector finds what it finds: without an alarm on the number, nobody is told. */
function judgeSearch(group: Subject, scope: Scope): Outcome {
  const detectors = detectorsOf(group, scope);
  if (detectors.length === 0) {
    return finding('unsearched');
  }
  const isReported = detectors.some((detector) => anomalyAlarms(detector, scope).length > 0);
  return isReported ? satisfied : finding('unreported', undefined, { detector: detectors[0]?.logicalId });
}

function judgePolicy(group: Subject): Outcome {
  const statements = group.items('DataProtectionPolicy.Statement');
  if (statements.kind !== 'known') {
    return notAssessed('what the data protection policy masks cannot be read', 'DataProtectionPolicy');
  }
  const masks = statements.value.some((statement) => {
    const identifiers = statement.at('DataIdentifier').items();
    const isMasking = statement.at('Operation.Deidentify').resolved.kind === 'map';
    return (
      isMasking &&
      identifiers.kind === 'known' &&
      identifiers.value.some((each) => /EmailAddress$/.test(textOf(each.pattern())))
    );
  });
  return masks ? satisfied : finding('unmasked');
}

function textOf(reading: { readonly kind: string; readonly value?: string }): string {
  return reading.value ?? '';
}
