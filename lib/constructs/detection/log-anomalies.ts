import { Names } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface LogAnomaliesProps {
  readonly logGroup: logs.ILogGroup;
  /** Key of what is learnt from the log. Its policy must let CloudWatch Logs use it for anomaly detectors. */
  readonly key: kms.IKey;
}

/**
 * Searches a log every five minutes, which is as often as CloudFormation lets it, for lines that are unlike those before them. It learns for
 * some days before it finds anything.
 *
 * @returns the number of anomalies of high priority that were found: an alarm must look at it, for the search itself tells nobody
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/LogsAnomalyDetection-Alarms.html
 */
export function searchForAnomalies(scope: Construct, id: string, props: LogAnomaliesProps): cloudwatch.Metric {
  const detector = new logs.CfnLogAnomalyDetector(scope, id, {
    logGroupArnList: [props.logGroup.logGroupRef.logGroupArn],
    evaluationFrequency: 'FIVE_MIN',
    kmsKeyId: props.key.keyArn,
  });
  // Given, because the metric knows a detector by its name alone
  detector.detectorName = Names.uniqueResourceName(detector, { maxLength: 100, separator: '-' });
  return new cloudwatch.Metric({
    namespace: 'AWS/Logs',
    metricName: 'AnomalyCount',
    dimensionsMap: { LogAnomalyDetector: detector.detectorName, LogAnomalyPriority: 'HIGH' },
    statistic: 'Sum',
  });
}
