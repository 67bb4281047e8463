import type { Node } from '../../../lib/template/node';
import { oncePerObject } from '../../../lib/template/remember';
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

/** Alarms by namespace and name of their metric, read off without a record: few of them decide about anything. */
const alarmsByMetric = oncePerObject((scope: Scope): ReadonlyMap<string, readonly Subject[]> => {
  const alarms = new Map<string, Subject[]>();
  for (const alarm of scope.resources('AWS::CloudWatch::Alarm')) {
    const [namespace, name] = [alarm.at('Namespace').resolved, alarm.at('MetricName').resolved];
    if (namespace.kind === 'scalar' && name.kind === 'scalar') {
      const key = JSON.stringify([String(namespace.value), String(name.value)]);
      alarms.set(key, [...(alarms.get(key) ?? []), alarm]);
    }
  }
  return alarms;
});

/** An alarm on a metric by exactly its namespace and name; the first that fits, if any does. */
export function alarmOn(
  namespace: string,
  name: string,
  scope: Scope,
  fits: (alarm: Subject) => boolean = () => true,
): Subject | undefined {
  const alarm = alarmsByMetric(scope)
    .get(JSON.stringify([namespace, name]))
    ?.find(fits);
  return alarm && isText(alarm.at('Namespace'), namespace) && isText(alarm.at('MetricName'), name) ? alarm : undefined;
}

/** A metric that an alarm looks at without any dimension: all resources of the account and Region together. */
export function watchedTogether(
  namespace: string,
  name: string,
  scope: Scope,
  isSoon: (period: number) => boolean,
): readonly WatchedMetric[] {
  const together = (alarm: Subject) => alarm.at('Dimensions').resolved.kind === 'absent';
  const soon = (alarm: Subject) => {
    const { resolved } = alarm.at('Period');
    return together(alarm) && resolved.kind === 'scalar' && isSoon(Number(resolved.value));
  };
  const alarm = alarmOn(namespace, name, scope, soon) ?? alarmOn(namespace, name, scope, together);
  return alarm ? [metricOf(alarm)] : [];
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
