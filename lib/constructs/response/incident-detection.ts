import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { IncidentProcess } from './incident-process';

export interface IncidentDetectionProps {
  /** Process that is started. */
  readonly process: IncidentProcess;
  /** Hears of findings that could not start it. */
  readonly alerts: sns.ITopic;
}

/**
 * Declares an incident by itself for each grave finding of GuardDuty (severity 7 and more: high and critical) and each critical one of
 * Security Hub. The clock starts with the event: nobody has to read it first.
 *
 * Sources: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html and
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
export class IncidentDetection extends Construct {
  constructor(scope: Construct, id: string, props: IncidentDetectionProps) {
    super(scope, id);
    const role = starter(this, props.process.machine);
    const starts = (name: string, description: string, eventPattern: events.EventPattern, title: string) => {
      const rule = new events.Rule(this, name, {
        description,
        eventPattern,
        targets: [
          new targets.SfnStateMachine(props.process.machine, {
            role,
            retryAttempts: 185,
            maxEventAge: Duration.hours(24),
            input: events.RuleTargetInput.fromObject({
              incident: {
                id: events.EventField.eventId,
                title: events.EventField.fromPath(title),
                discoveredAt: events.EventField.time,
                source: events.EventField.source,
              },
            }),
          }),
        ],
      });
      reportLost(rule, props.alerts);
    };
    starts(
      'GraveThreat',
      'A grave finding of GuardDuty is an incident',
      { source: ['aws.guardduty'], detailType: ['GuardDuty Finding'], detail: { severity: [{ numeric: ['>=', 7] }] } },
      '$.detail.title',
    );
    starts(
      'CriticalFinding',
      'A critical finding of Security Hub is an incident',
      {
        source: ['aws.securityhub'],
        detailType: ['Security Hub Findings - Imported'],
        detail: {
          findings: {
            Severity: { Label: ['CRITICAL'] },
            Workflow: { Status: ['NEW'] },
            RecordState: ['ACTIVE'],
            // GuardDuty's own come by themselves
            ProductName: [{ 'anything-but': ['GuardDuty'] }],
          },
        },
      },
      '$.detail.findings[0].Title',
    );
  }
}

/** With what EventBridge starts one state machine. */
export function starter(
  scope: Construct,
  machine: sfn.IStateMachine,
  description = 'Answers grave findings',
): iam.IRole {
  const role = new iam.Role(scope, 'Role', {
    description,
    assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
    }),
    managedPolicies: [
      new iam.ManagedPolicy(scope, 'Policy', {
        statements: [
          new iam.PolicyStatement({
            sid: 'Declare',
            actions: ['states:StartExecution'],
            resources: [machine.stateMachineArn],
          }),
        ],
      }),
    ],
  });
  return role.withoutPolicyUpdates();
}

/** A finding that started nothing would look like no finding. */
export function reportLost(
  rule: events.Rule,
  alerts: sns.ITopic,
  alarmDescription = 'A finding did not start what answers it: start it by hand',
): void {
  const alarm = new cloudwatch.Alarm(rule, 'Lost', {
    alarmDescription,
    metric: new cloudwatch.Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: rule.ruleName },
      period: Duration.minutes(1),
      statistic: 'Sum',
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(new SnsAction(alerts));
}
