import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

const { GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD, GREATER_THAN_UPPER_THRESHOLD } =
  cloudwatch.ComparisonOperator;

interface ReportingAlarmProps {
  /** What somebody reads who is woken by it: what happened, and what to look at first. */
  readonly description: string;
  readonly metric: cloudwatch.Metric;
  /** Time over which the metric is gathered. */
  readonly period: Duration;
  /**
   * Periods in a row that must be out of bounds.
   *
   * @default 1
   */
  readonly periods?: number;
  readonly alerts: sns.ITopic;
}

/** Reports when there is too much of something. Where nothing is measured nothing happened. */
export function alarmAbove(
  scope: Construct,
  id: string,
  { metric, period, periods = 1, alerts, description, limit }: ReportingAlarmProps & { readonly limit: number },
): cloudwatch.Alarm {
  const alarm = new cloudwatch.Alarm(scope, id, {
    alarmDescription: description,
    metric: metric.with({ period }),
    threshold: limit,
    comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  return reports(alarm, alerts);
}

/** Reports when there is too little of something, or nothing is measured any more: silence is the alarm. */
export function alarmBelow(
  scope: Construct,
  id: string,
  { metric, period, periods = 1, alerts, description, limit }: ReportingAlarmProps & { readonly limit: number },
): cloudwatch.Alarm {
  const alarm = new cloudwatch.Alarm(scope, id, {
    alarmDescription: description,
    metric: metric.with({ period }),
    threshold: limit,
    comparisonOperator: LESS_THAN_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
  });
  return reports(alarm, alerts);
}

/**
 * Reports what is more than CloudWatch has learnt to expect at this hour of the week, three periods in a row unless told otherwise. The band
 * is declared beside its alarm: left to itself CloudWatch makes one that no template shows, and that stays when the stack goes.
 */
export function alarmUnusual(
  scope: Construct,
  id: string,
  { metric, period, periods = 3, alerts, description }: ReportingAlarmProps,
): cloudwatch.Alarm {
  const { namespace, metricName, statistic: stat, dimensions = {} } = metric;
  const band = new cloudwatch.CfnAnomalyDetector(scope, `${id}Band`, {
    singleMetricAnomalyDetector: {
      namespace,
      metricName,
      stat,
      dimensions: Object.entries(dimensions).map(([name, value]) => ({ name, value: String(value) })),
    },
  });
  const alarm = new cloudwatch.AnomalyDetectionAlarm(scope, id, {
    alarmDescription: description,
    metric: metric.with({ period }),
    stdDevs: 3,
    comparisonOperator: GREATER_THAN_UPPER_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
  });
  alarm.node.addDependency(band);
  return reports(alarm, alerts);
}

function reports(alarm: cloudwatch.Alarm, alerts: sns.ITopic): cloudwatch.Alarm {
  alarm.addAlarmAction(new SnsAction(alerts));
  return alarm;
}
