import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
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
import { AlertTarget } from './alert-topic';
import { functionCode } from './function-code';
import { functionInVpc } from './function-in-vpc';
import { alarmAbove, alarmBelow } from './reporting-alarm';

export interface AlertProbeProps {
  /** Seconds from a call to its alert, at most. */
  readonly maxAlertSeconds: number;
  /** Hears of alerts that are slow or do not come. Its key encrypts the probe's own topic too. */
  readonly alerts: sns.ITopic;
  readonly vpc: ec2.IVpc;
  /** Key of the function's log. */
  readonly logKey: kms.IKey;
  readonly retentionDays: number;
}

const METRIC = { namespace: 'Avouch/Detection', metricName: 'AlertLatencySeconds' } as const;

/**
 * Measures how long an alert takes, twice an hour. It writes a parameter that means nothing; CloudTrail records the call, a rule of
 * EventBridge matches it and publishes to an encrypted topic, and the function that is subscribed there notes how old the call is. That is
 * the metric `AlertLatencySeconds`; a value above the promise raises an alarm, and so does an hour without any.
 *
 * The topic is the probe's own, with the key and the same admission as the one of the alerts: people who get forty-eight messages a day
 * about nothing stop reading. The way from the topic to a mailbox is therefore not measured.
 */
export class AlertProbe extends Construct {
  readonly metric: cloudwatch.Metric;

  constructor(scope: Construct, id: string, props: AlertProbeProps) {
    super(scope, id);
    this.metric = new cloudwatch.Metric({ ...METRIC, statistic: 'Maximum' });
    const parameter = new ssm.StringParameter(this, 'Call', {
      description: 'Written by the alert probe, so that there is a call to report',
      stringValue: 'never',
    });
    const probe = this.probe(props, parameter);
    const topic = this.topic(props);
    topic.addSubscription(new LambdaSubscription(probe));
    new events.Rule(this, 'Turn', {
      description: 'Makes a call that must be reported',
      schedule: events.Schedule.rate(Duration.minutes(30)),
      targets: [
        new targets.LambdaFunction(probe, {
          event: events.RuleTargetInput.fromObject({ turn: true }),
          retryAttempts: 2,
        }),
      ],
    });
    new events.Rule(this, 'Report', {
      description: 'Reports the call of the alert probe',
      eventPattern: {
        source: ['aws.ssm'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { eventName: ['PutParameter'], requestParameters: { name: [parameter.parameterName] } },
      },
      targets: [new AlertTarget(topic)],
    });
    this.watch(props);
  }

  private probe(props: AlertProbeProps, parameter: ssm.IStringParameter): lambda.Function {
    return functionInVpc(this, 'Probe', {
      description: 'Measures how long an alert takes',
      code: functionCode('alert-probe'),
      environment: {
        PARAMETER: parameter.parameterName,
        NAMESPACE: METRIC.namespace,
        METRIC: METRIC.metricName,
      },
      statements: [
        new iam.PolicyStatement({
          sid: 'MakeTheCall',
          actions: ['ssm:PutParameter'],
          resources: [parameter.parameterArn],
        }),
        // Metrics have no ARN; the namespace narrows it
        new iam.PolicyStatement({
          sid: 'Measure',
          actions: ['cloudwatch:PutMetricData'],
          resources: ['*'],
          conditions: { StringEquals: { 'cloudwatch:namespace': METRIC.namespace } },
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

  private watch({ maxAlertSeconds, alerts }: AlertProbeProps): void {
    alarmAbove(this, 'Slow', {
      description: `An alert took longer than the ${maxAlertSeconds} seconds that are promised`,
      metric: this.metric,
      period: Duration.minutes(1),
      limit: maxAlertSeconds + 1,
      alerts,
    });
    alarmBelow(this, 'Silent', {
      description: 'No alert of the probe came for an hour: alerts may be lost',
      metric: this.metric.with({ statistic: 'SampleCount' }),
      period: Duration.hours(1),
      limit: 1,
      alerts,
    });
  }
}
