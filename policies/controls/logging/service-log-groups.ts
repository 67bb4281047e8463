import type { JudgementContext } from '../../../lib/control/control';
import { decide } from '../../../lib/control/decide';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';
import type { Graph } from '../../../lib/template/graph';
import type { Node } from '../../../lib/template/node';
import { oncePerObject } from '../../../lib/template/remember';
import { textOf } from '../../../lib/template/resolved';
import { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import type { ResourceDefinition } from '../../../lib/template/template';

/** A log group that a resource writes to: by a place that names it, or by a name that the service makes up. */
export type WrittenGroup = { readonly named: Node } | { readonly made: string } | { readonly unknown: string };

/**
 * Resources whose service makes a log group unless it is there first, and which: without a key, and kept for ever.
 *
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.CloudWatch.html,
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Viewing.html,
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html,
 * https://docs.aws.amazon.com/codebuild/latest/userguide/sample-runtime-logs.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference.html,
 * https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 */
export const logGroupMakers: Readonly<Record<string, (maker: Subject) => readonly WrittenGroup[]>> = {
  'AWS::Lambda::Function': (maker) => [
    given(maker.at('LoggingConfig.LogGroup'), '/aws/lambda/', maker, 'FunctionName'),
  ],
  'AWS::CodeBuild::Project': (maker) =>
    isWord(maker.at('LogsConfig.CloudWatchLogs.Status'), 'DISABLED')
      ? []
      : [given(maker.at('LogsConfig.CloudWatchLogs.GroupName'), '/aws/codebuild/', maker, 'Name')],
  'AWS::RDS::DBCluster': (maker) => exported(maker, '/aws/rds/cluster/', 'DBClusterIdentifier'),
  'AWS::RDS::DBInstance': (maker) => [
    ...exported(maker, '/aws/rds/instance/', 'DBInstanceIdentifier'),
    ...(isMeasured(maker) ? [{ made: 'RDSOSMetrics' }] : []),
  ],
  'AWS::ApiGateway::Stage': (maker) =>
    once(eachOf(maker.at('MethodSettings'), (each) => ifOn(each.at('LoggingLevel'), 'OFF', executionLog(maker)))),
  'AWS::ECS::TaskDefinition': (maker) =>
    eachOf(maker.at('ContainerDefinitions'), (container) => {
      const driver = container.at('LogConfiguration.LogDriver').text();
      if (driver.kind === 'unresolved') {
        return [{ unknown: driver.reason }];
      }
      const isOurs = driver.kind === 'known' && driver.value === 'awslogs';
      return isOurs ? [{ named: container.at('LogConfiguration.Options.awslogs-group') }] : [];
    }),
  'AWS::ECS::Cluster': (maker) =>
    eachOf(maker.at('ClusterSettings'), (each) =>
      ifOn(each.at('Value'), 'disabled', `/aws/ecs/containerinsights/${nameOf(maker, 'ClusterName')}/performance`),
    ),
  'AWS::EKS::Cluster': (maker) =>
    once(
      eachOf(maker.at('Logging.ClusterLogging.EnabledTypes'), (each) =>
        ifOn(each.at('Type'), '', `/aws/eks/${nameOf(maker, 'Name')}/cluster`),
      ),
    ),
  'AWS::AppSync::GraphQLApi': (maker) =>
    maker.at('LogConfig').state() === 'absent' ? [] : [{ made: `/aws/appsync/apis/\${${maker.logicalId}.ApiId}` }],
};

/** Makers of log groups whose names nobody can know before: named where they occur, never passed over. */
export const unknownLogGroupMakers: readonly string[] = [
  'AWS::Batch::JobDefinition',
  'AWS::Glue::Job',
  'AWS::SageMaker::Endpoint',
  'AWS::Synthetics::Canary',
];

/** Whether every log group that the subject writes to is declared, with a key and an end. */
export function judgeServiceLogGroups(subject: Subject, { figures, scope }: JudgementContext): readonly Outcome[] {
  const asksForKey = figures.choice('keys.mode') === 'customer';
  return writtenGroups(subject).flatMap((written) => {
    if ('unknown' in written) {
      return [notAssessed(written.unknown)];
    }
    const found = declaredGroup(subject, written, scope);
    if (!('group' in found)) {
      return [found.outcome];
    }
    const group = found.group.logicalId;
    return [
      ...(asksForKey
        ? decide(found.group.at('KmsKeyId').pattern(), {
            known: () => satisfied,
            absent: () => finding('platformKey', undefined, { group }),
          })
        : []),
      ...decide(found.group.number('RetentionInDays'), {
        known: () => satisfied,
        absent: () => finding('keptForEver', undefined, { group }),
      }),
    ];
  });
}

/** Every log group that a resource writes to, or that its service would make. */
export function writtenGroups(subject: Subject): readonly WrittenGroup[] {
  return unknownLogGroupMakers.includes(subject.type)
    ? [{ unknown: `which log group ${subject.type} makes cannot be known before it exists` }]
    : (logGroupMakers[subject.type]?.(subject) ?? []);
}

/** The declared log group that a resource writes to; otherwise what that means. */
export function declaredGroup(
  subject: Subject,
  written: { readonly named: Node } | { readonly made: string },
  scope: Scope,
): { readonly group: Subject } | { readonly outcome: Outcome } {
  if ('made' in written) {
    const group = groupNamed(written.made, subject, scope);
    return group ? { group } : { outcome: finding('undeclared', undefined, { group: written.made }) };
  }
  const { named } = written;
  if (named.resolved.kind === 'reference') {
    const reference = named.reference();
    return reference.kind === 'known' && reference.value.subject.type === 'AWS::Logs::LogGroup'
      ? { group: reference.value.subject }
      : { outcome: notAssessed('what it writes to is no log group of these templates', named.path) };
  }
  const name = named.pattern();
  if (name.kind !== 'known') {
    const reason = name.kind === 'unresolved' ? name.reason : 'it does not say which log group it writes to';
    return { outcome: notAssessed(reason, named.path) };
  }
  const group = groupNamed(name.value, subject, scope);
  return group ? { group } : { outcome: finding('undeclared', named.path, { group: name.value }) };
}

/** A name that is made of the subject's own is found by the reference; any other by its text. */
function groupNamed(name: string, subject: Subject, scope: Scope): Subject | undefined {
  const byText = groupsByName(scope.graph).get(name) ?? [];
  const candidates = [
    ...scope.referring(subject, 'AWS::Logs::LogGroup', 'LogGroupName'),
    ...byText.map((definition) => scope.subject(definition)).filter((group) => group.exists()),
  ];
  return candidates.find((group) => {
    const text = group.at('LogGroupName').pattern();
    return text.kind === 'known' && text.value === name;
  });
}

/** Looking through all groups for each function would be quadratic. Whether one exists is asked of the world that is judged. */
const groupsByName = oncePerObject((graph: Graph): ReadonlyMap<string, readonly ResourceDefinition[]> => {
  const scope = new Scope(graph);
  const index = new Map<string, ResourceDefinition[]>();
  for (const definition of graph.ofType('AWS::Logs::LogGroup')) {
    const text = textOf(scope.subject(definition).at('LogGroupName').resolved);
    if (!('kind' in text)) {
      index.set(text.text, [...(index.get(text.text) ?? []), definition]);
    }
  }
  return index;
});

function given(named: Node, prefix: string, maker: Subject, nameProperty: string): WrittenGroup {
  return named.resolved.kind === 'absent' ? { made: `${prefix}${nameOf(maker, nameProperty)}` } : { named };
}

function exported(maker: Subject, prefix: string, nameProperty: string): readonly WrittenGroup[] {
  return eachOf(maker.at('EnableCloudwatchLogsExports'), (each) => [
    { made: `${prefix}${nameOf(maker, nameProperty)}/${textAt(each)}` },
  ]);
}

function isMeasured(instance: Subject): boolean {
  const interval = instance.number('MonitoringInterval');
  return interval.kind === 'unresolved' || (interval.kind === 'known' && interval.value > 0);
}

/** The name that a resource has, which a log group declared before can only know if the template gives it. */
function nameOf(maker: Subject, property: string): string {
  const name = maker.at(property);
  return name.resolved.kind === 'absent' ? `\${${maker.logicalId}}` : textAt(name);
}

function textAt(node: Node): string {
  const text = node.pattern();
  return text.kind === 'known' ? text.value : text.kind === 'unresolved' ? text.text : '';
}

function executionLog(stage: Subject): string {
  return `API-Gateway-Execution-Logs_${textAt(stage.at('RestApiId'))}/${textAt(stage.at('StageName'))}`;
}

/** What each item writes to; a list that cannot be read may hold anything. */
function eachOf(list: Node, written: (item: Node) => readonly WrittenGroup[]): readonly WrittenGroup[] {
  const items = list.items();
  switch (items.kind) {
    case 'known':
      return items.value.flatMap(written);
    case 'absent':
      return [];
    case 'unresolved':
      return [{ unknown: items.reason }];
  }
}

/** Any word but the one that switches it off, which is also what no word at all means. */
function ifOn(node: Node, off: string, made: string): readonly WrittenGroup[] {
  const text = node.text();
  switch (text.kind) {
    case 'known':
      return text.value === off ? [] : [{ made }];
    case 'absent':
      return [];
    case 'unresolved':
      return [{ unknown: text.reason }];
  }
}

/** Many settings of one thing write to the same group. */
function once(written: readonly WrittenGroup[]): readonly WrittenGroup[] {
  return written.slice(0, 1);
}

function isWord(node: Node, word: string): boolean {
  const text = node.text();
  return text.kind === 'known' && text.value === word;
}
