import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { alarmBelow } from './reporting-alarm';

export interface SourceHeartbeatsProps {
  /** Log groups into which something is written all the time, by what writes there. */
  readonly sources: Readonly<Record<string, logs.ILogGroup>>;
  /**
   * Log groups into which something is written at least once an hour.
   *
   * @default - none
   */
  readonly hourly?: Readonly<Record<string, logs.ILogGroup>>;
  /** Hears of a source that fell silent. */
  readonly alerts: sns.ITopic;
}

/**
 * Reports a source that fell silent: an alarm that reads it would stay green for ever. A source counts as silent after a quarter of an hour
 * without a line, one that writes hourly after an hour.
 */
export class SourceHeartbeats extends Construct {
  constructor(scope: Construct, id: string, props: SourceHeartbeatsProps) {
    super(scope, id);
    const watch = (sources: Readonly<Record<string, logs.ILogGroup>>, periods: number) => {
      for (const [name, logGroup] of Object.entries(sources)) {
        alarmBelow(this, name, {
          description: `Nothing is written to the log any more by: ${name}`,
          metric: new cloudwatch.Metric({
            namespace: 'AWS/Logs',
            metricName: 'IncomingLogEvents',
            dimensionsMap: { LogGroupName: logGroup.logGroupName },
            statistic: 'Sum',
          }),
          period: Duration.minutes(5),
          periods,
          limit: 1,
          alerts: props.alerts,
        });
      }
    };
    watch(props.sources, 3);
    watch(props.hourly ?? {}, 12);
  }
}
