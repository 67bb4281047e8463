import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { retentionOfAtLeast } from './log-retention';

export interface EventRecordProps {
  /** Name of the log group behind `/aws/events/`, such as `production-mail`. */
  readonly name: string;
  /** What is written down, in words: description of the rule. */
  readonly description: string;
  readonly eventPattern: events.EventPattern;
  /** Key of the log group; its policy must let CloudWatch Logs use it. */
  readonly logKey: kms.IKey;
  /** Days for which events are kept, at least. */
  readonly retentionDays: number;
}

/** Writes down events of the default bus, each whole, in a log group of their own in a scope of its own. */
export function recordEvents(scope: Construct, props: EventRecordProps): logs.LogGroup {
  const logGroup = new logs.LogGroup(scope, 'Log', {
    logGroupName: `/aws/events/${props.name}`,
    encryptionKey: props.logKey,
    retention: retentionOfAtLeast(props.retentionDays),
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const { description, eventPattern } = props;
  const rule = new events.Rule(scope, 'Record', { description, eventPattern });
  new logs.ResourcePolicy(scope, 'Leave', {
    policyStatements: [
      leaveTo(logGroup, 'logs:CreateLogStream'),
      leaveTo(logGroup, 'logs:PutLogEvents', { ArnEquals: { 'aws:SourceArn': rule.ruleArn } }),
    ],
  });
  // Without the `:*` in which the ARN of a log group ends, and which EventBridge does not take
  const arn = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: logGroup.logGroupName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  rule.addTarget({ bind: () => ({ arn, targetResource: logGroup }) });
  return logGroup;
}

/**
 * Written out, because the target of the CDK would have a function of its own write the policy.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-cloudwatchlogs-permissions
 */
function leaveTo(
  logGroup: logs.ILogGroup,
  action: string,
  conditions?: Record<string, Record<string, string>>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    principals: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'].map(
      (service) => new iam.ServicePrincipal(service),
    ),
    actions: [action],
    resources: [logGroup.logGroupArn],
    conditions,
  });
}
