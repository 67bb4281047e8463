import type { Node } from '../../../lib/template/node';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';

/** A metric that an alarm looks at. */
export interface WatchedMetric {
  readonly alarm: Subject;
  /** Where its name stands. */
  readonly name: Node;
  /** Where the seconds stand over which it is gathered. */
  readonly period: Node;
  /** Whether the alarm compares with what is usual, not with a number. */
  readonly isBand: boolean;
}

/** Every metric of a resource that an alarm looks at, by a dimension that names the resource. */
export function watchedOf(resource: Subject, scope: Scope): readonly WatchedMetric[] {
  const plain = scope.referring(resource, 'AWS::CloudWatch::Alarm', 'Dimensions.*.Value');
  const computed = scope.referring(
    resource,
    'AWS::CloudWatch::Alarm',
    'Metrics.*.MetricStat.Metric.Dimensions.*.Value',
  );
  return [...plain.map(metricOf), ...computed.flatMap(metricsOf)];
}

/** Metrics of a namespace that alarms look at without any dimension: all resources of the account and Region together. */
export function watchedTogether(namespace: string, scope: Scope): readonly WatchedMetric[] {
  return scope
    .resources('AWS::CloudWatch::Alarm')
    .filter((alarm) => isText(alarm.at('Namespace'), namespace) && alarm.at('Dimensions').resolved.kind === 'absent')
    .map(metricOf);
}

function metricOf(alarm: Subject): WatchedMetric {
  return { alarm, name: alarm.at('MetricName'), period: alarm.at('Period'), isBand: false };
}

function metricsOf(alarm: Subject): readonly WatchedMetric[] {
  const metrics = alarm.items('Metrics');
  const places = metrics.kind === 'known' ? metrics.value : [];
  const isBand = places.some((place) => {
    const { resolved } = place.at('Expression');
    const says = resolved.kind === 'scalar' && /ANOMALY_DETECTION_BAND/.test(String(resolved.value));
    return says && place.at('Expression').text().kind === 'known';
  });
  return places
    .map((place) => place.at('MetricStat'))
    .filter((statistic) => statistic.resolved.kind === 'map')
    .map((statistic) => ({
      alarm,
      name: statistic.at('Metric.MetricName'),
      period: statistic.at('Period'),
      isBand,
    }));
}

/** Whether a place holds a text; looked at before it is read, so that only the one that decides goes on record. */
export function isText(place: Node, text: string): boolean {
  const { resolved } = place;
  return resolved.kind === 'scalar' && String(resolved.value) === text && place.text().kind === 'known';
}
