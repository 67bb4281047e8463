import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { functionCode } from '../functions/function-code';
import { functionInVpc } from '../functions/function-in-vpc';
import { AlertTarget } from './alert-topic';
import { alarmAbove, alarmBelow } from './reporting-alarm';

export interface AlertProbeProps {
  /** Seconds from a call to its alert, at most. */
  readonly maxAlertSeconds: number;
  /** The topic that people are subscribed to. Its key encrypts the probe's own topic too. */
  readonly alerts: sns.ITopic;
  /** Hears as well of alerts that are slow or do not come, because `alerts` may be what is broken. */
  readonly fallback: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

const NAMESPACE = 'Avouch/Detection';

/** A day between two alerts, and two hours more for one that is late. */
const SILENT_AFTER = Duration.hours(26);

/**
 * Measures how long an alert takes. It writes a parameter that means nothing; CloudTrail records the call, a rule of EventBridge matches it
 * and publishes to an encrypted topic, and the function that is subscribed there notes how old the call is: the metric
 * `AlertLatencySeconds`. A value above the promise raises an alarm, and so does silence.
 *
 * Twice an hour the alert goes through a topic of the probe's own, with the key of the alerts: people who get forty-eight messages a day
 * about nothing stop reading. Once a day it goes through the topic that people are subscribed to, and they get it too, as the daily sign
 * of life: whoever misses it in the mailbox knows more than any metric. Nothing is filtered out for them. SNS would have to look into each
 * message for that, and drops whatever is no JSON, as are those of AWS Backup and Budgets. What the function gets is filtered instead.
 *
 * Not measured is the way from the topic to a mailbox, and that of alarms to the topic.
 *
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-scope.html
 */
export class AlertProbe extends Construct {
  constructor(scope: Construct, id: string, props: AlertProbeProps) {
    super(scope, id);
    const call = this.parameter('Call', 'Written by the alert probe, so that there is a call to report');
    const daily = this.parameter(
      'DailyCall',
      'Written by the alert probe once a day, for an alert that people get too',
    );
    const heard = this.parameter('Heard', 'When the alert probe last heard of an alert that people get');
    const probe = this.probe(props, call, daily, heard);
    const topic = this.topic(props);
    topic.addSubscription(new LambdaSubscription(probe));
    this.listen(probe, props.alerts, daily);
    this.turn('Turn', call, events.Schedule.rate(Duration.minutes(30)), probe);
    this.turn('DailyTurn', daily, events.Schedule.cron({ minute: '0', hour: '6' }), probe);
    this.report('Report', call, new AlertTarget(topic));
    this.report('DailyReport', daily, new AlertTarget(props.alerts, signOfLife()));
    this.watch(props);
  }

  /** Of all alerts the function gets its own. */
  private listen(probe: lambda.Function, alerts: sns.ITopic, { parameterName }: ssm.IStringParameter): void {
    const name = sns.FilterOrPolicy.filter(sns.SubscriptionFilter.stringFilter({ allowlist: [parameterName] }));
    const requestParameters = sns.FilterOrPolicy.policy({ name });
    new sns.Subscription(this, 'Alerts', {
      topic: alerts,
      protocol: sns.SubscriptionProtocol.LAMBDA,
      endpoint: probe.functionArn,
      filterPolicyWithMessageBody: { detail: sns.FilterOrPolicy.policy({ requestParameters }) },
    });
    probe.addPermission('Alerts', {
      principal: new iam.ServicePrincipal('sns.amazonaws.com'),
      sourceArn: alerts.topicArn,
    });
  }

  private parameter(id: string, description: string): ssm.StringParameter {
    return new ssm.StringParameter(this, id, { description, stringValue: 'never' });
  }

  private turn(id: string, { parameterName }: ssm.IStringParameter, schedule: events.Schedule, probe: lambda.Function) {
    const event = events.RuleTargetInput.fromObject({ call: parameterName });
    new events.Rule(this, id, {
      description: 'Makes a call that must be reported',
      schedule,
      targets: [new targets.LambdaFunction(probe, { event, retryAttempts: 2 })],
    });
  }

  private report(id: string, { parameterName }: ssm.IStringParameter, target: AlertTarget): void {
    new events.Rule(this, id, {
      description: 'Reports the call of the alert probe',
      eventPattern: {
        source: ['aws.ssm'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventName: ['PutParameter'], requestParameters: { name: [parameterName] } },
      },
      targets: [target],
    });
  }

  private probe(
    props: AlertProbeProps,
    call: ssm.IStringParameter,
    daily: ssm.IStringParameter,
    heard: ssm.IStringParameter,
  ): lambda.Function {
    return functionInVpc(this, 'Probe', {
      description: 'Measures how long an alert takes',
      code: functionCode('alert-probe'),
      environment: {
        PARAMETER: call.parameterName,
        ALERTS_PARAMETER: daily.parameterName,
        ALERTS_TOPIC: props.alerts.topicName,
        HEARD_PARAMETER: heard.parameterName,
        NAMESPACE,
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'MakeTheCall',
          actions: ['ssm:PutParameter'],
          resources: [call, daily, heard].map(({ parameterArn }) => parameterArn),
        }),
        new iam.PolicyStatement({
          sid: 'Recall',
          actions: ['ssm:GetParameter'],
          resources: [heard.parameterArn],
        }),
        // Metrics have no ARN; the namespace narrows it
        new iam.PolicyStatement({
          sid: 'Measure',
          actions: ['cloudwatch:PutMetricData'],
          resources: ['*'],
          conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
        }),
      ],
      vpc: props.vpc,
      logKey: props.logKey,
      retentionDays: props.retentionDays,
      failures: props.alerts,
    });
  }

  private topic({ alerts }: AlertProbeProps): sns.Topic {
    const topic = new sns.Topic(this, 'Topic', {
      displayName: 'Alert probe',
      masterKey: alerts.masterKey,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'ReportEvents',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
      }),
    );
    return topic;
  }

  private watch({ maxAlertSeconds, alerts, fallback }: AlertProbeProps): void {
    const metric = (metricName: string, dimensionsMap?: Record<string, string>) =>
      new cloudwatch.Metric({ namespace: NAMESPACE, metricName, dimensionsMap, statistic: 'Maximum' });
    const ofPeople = { Topic: alerts.topicName };
    const latency = metric('AlertLatencySeconds');
    const slow = {
      description: `An alert took longer than the ${maxAlertSeconds} seconds that are promised`,
      period: Duration.minutes(1),
      limit: maxAlertSeconds + 1,
      alerts,
    };
    const alarms = [
      alarmAbove(this, 'Slow', { ...slow, metric: latency }),
      alarmAbove(this, 'DailySlow', { ...slow, metric: metric('AlertLatencySeconds', ofPeople) }),
      alarmBelow(this, 'Silent', {
        description: 'No alert of the probe came for an hour: alerts may be lost',
        metric: latency.with({ statistic: 'SampleCount' }),
        period: Duration.hours(1),
        limit: 1,
        alerts,
      }),
      alarmAbove(this, 'DailySilent', {
        description: 'The daily alert did not come through the topic that people are subscribed to: alerts are lost',
        metric: metric('AlertSilenceSeconds', ofPeople),
        period: Duration.minutes(1),
        limit: SILENT_AFTER.toSeconds(),
        alerts,
      }),
    ];
    for (const alarm of alarms) {
      alarm.addAlarmAction(new SnsAction(fallback));
    }
  }
}

/** What people read once a day, with as much of the event as the probe measures by. */
function signOfLife(): events.RuleTargetInput {
  return events.RuleTargetInput.fromObject({
    message:
      'Daily sign of life of the alerts: nothing to do. If it stays out for a day, alerts are lost on their way to you.',
    detail: {
      eventName: events.EventField.fromPath('$.detail.eventName'),
      eventTime: events.EventField.fromPath('$.detail.eventTime'),
      requestParameters: { name: events.EventField.fromPath('$.detail.requestParameters.name') },
    },
  });
}
