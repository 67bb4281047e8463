import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { alarmsOn, isText } from './watched-metrics';

/** Anomaly detectors that read a log group. */
export function detectorsOf(group: Subject, scope: Scope): readonly Subject[] {
  return scope.referring(group, 'AWS::Logs::LogAnomalyDetector', 'LogGroupArnList.*');
}

/**
 * Alarms on what a detector finds: CloudWatch counts the anomalies by the name of the detector, so one without a name of its own cannot be told
 * from others.
 *
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/LogsAnomalyDetection-Alarms.html
 */
export function anomalyAlarms(detector: Subject, scope: Scope): readonly Subject[] {
  const name = detector.text('DetectorName');
  return name.kind === 'known'
    ? [
        ...alarmsOn(['AWS/Logs', 'AnomalyCount'], scope, true, (alarm) =>
          hasDimension(alarm, 'LogAnomalyDetector', name.value),
        ),
      ]
    : [];
}

/** Whether an alarm looks at the metric of one thing, by a dimension. */
export function hasDimension(alarm: Subject, name: string, value: string): boolean {
  const dimensions = alarm.items('Dimensions');
  return (
    dimensions.kind === 'known' &&
    dimensions.value.some((each) => isText(each.at('Name'), name) && isText(each.at('Value'), value))
  );
}
