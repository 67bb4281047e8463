import type { Graph } from '../../../lib/template/graph';
import type { Node } from '../../../lib/template/node';
import { isObject, type Json } from '../../../lib/template/parse';
import { oncePerObject } from '../../../lib/template/remember';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import type { ResourceDefinition } from '../../../lib/template/template';

/** A metric that an alarm looks at. */
export interface WatchedMetric {
  readonly alarm: Subject;
  /** Where its namespace stands. */
  readonly namespace: Node;
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

const keyOf = (namespace: unknown, name: unknown, isOfOne: boolean) => JSON.stringify([namespace, name, isOfOne]);

/** Alarms by namespace and name of their metric as they are written, those of one resource apart; under `computed` the rest. */
const alarmsByMetric = oncePerObject((graph: Graph): ReadonlyMap<string, readonly ResourceDefinition[]> => {
  const alarms = new Map<string, ResourceDefinition[]>();
  for (const alarm of graph.ofType('AWS::CloudWatch::Alarm')) {
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = propertiesOf(alarm);
    const isPlain = typeof namespace === 'string' && typeof name === 'string';
    const key = isPlain ? keyOf(namespace, name, dimensions !== undefined) : 'computed';
    const known = alarms.get(key);
    if (known) {
      known.push(alarm);
    } else {
      alarms.set(key, [alarm]);
    }
  }
  return alarms;
});

function propertiesOf({ properties }: ResourceDefinition): Json {
  return isObject(properties) ? properties : {};
}

/** The first alarm on a metric, by exactly its namespace and name; with `isOfOne` one whose dimensions name a resource. */
export function alarmOn(
  metric: MetricName,
  scope: Scope,
  isOfOne: boolean,
  fits: (alarm: Subject) => boolean = () => true,
): Subject | undefined {
  const [first] = alarmsOn(metric, scope, isOfOne, fits);
  return first;
}

type MetricName = readonly [namespace: string, name: string];

/** Every alarm on a metric that fits, by exactly its namespace and name. */
export function* alarmsOn(
  [namespace, name]: MetricName,
  scope: Scope,
  isOfOne: boolean,
  fits: (alarm: Subject) => boolean = () => true,
): Iterable<Subject> {
  const index = alarmsByMetric(scope.graph);
  for (const key of [keyOf(namespace, name, isOfOne), 'computed']) {
    for (const definition of index.get(key) ?? []) {
      const alarm = scope.subject(definition);
      const isSame = isText(alarm.at('Namespace'), namespace) && isText(alarm.at('MetricName'), name);
      if (isSame && alarm.exists() && fits(alarm)) {
        yield alarm;
      }
    }
  }
}

/** An alarm that compares a metric with what is usual. */
export function bandOn([namespace, name]: MetricName, scope: Scope): Subject | undefined {
  return (alarmsByMetric(scope.graph).get('computed') ?? [])
    .map((definition) => scope.subject(definition))
    .find((alarm) => {
      const metrics = alarm.exists() ? metricsOf(alarm) : [];
      return metrics.some(
        (metric) => metric.isBand && isText(metric.namespace, namespace) && isText(metric.name, name),
      );
    });
}

/** A metric that an alarm looks at without any dimension: all resources of the account and Region together. */
export function watchedTogether(
  metric: readonly [namespace: string, name: string],
  scope: Scope,
  isSoon: (period: number) => boolean,
): readonly WatchedMetric[] {
  const soon = (alarm: Subject) => {
    const { resolved } = alarm.at('Period');
    return resolved.kind === 'scalar' && isSoon(Number(resolved.value));
  };
  const alarm = alarmOn(metric, scope, false, soon) ?? alarmOn(metric, scope, false);
  return alarm ? [metricOf(alarm)] : [];
}

function metricOf(alarm: Subject): WatchedMetric {
  return {
    alarm,
    namespace: alarm.at('Namespace'),
    name: alarm.at('MetricName'),
    period: alarm.at('Period'),
    isBand: false,
  };
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
      namespace: statistic.at('Metric.Namespace'),
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
