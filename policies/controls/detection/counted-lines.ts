import { finding, notAssessed, type Outcome } from '../../../lib/control/verdict';
import type { Scope } from '../../../lib/template/scope';
import type { Subject } from '../../../lib/template/subject';
import { judgeAlarms } from './alarm-limit';
import { linePattern } from './line-pattern';
import type { LogLine, RefusedLines } from './refused-lines';
import { alarmsOn } from './watched-metrics';

type MetricName = readonly [namespace: string, name: string];

/** Judges whether every line that says of somebody who is turned away is counted, no other line is, and an alarm looks at the count. */
export function judgeLines(group: Subject, lines: RefusedLines, limit: number, scope: Scope): readonly Outcome[] {
  const { counting, uncounted, hidden } = countersOf(group, lines, scope);
  if (uncounted.length > 0) {
    return [
      hidden === undefined
        ? finding('uncounted', undefined, { what: listOf(uncounted), group: group.logicalId })
        : notAssessed(`what is counted in ${group.logicalId} cannot be read: ${hidden}`),
    ];
  }
  return [
    ...counting.flatMap(({ filter, test }) => {
      const wrong = lines.ordinary.filter(({ line }) => test(line));
      const values = { filter: filter.logicalId, what: listOf(wrong) };
      return wrong.length > 0 ? [finding('indiscriminate', undefined, values)] : [];
    }),
    ...counting.flatMap(({ filter }) => judgeAlarms(alarmsOf(filter, scope), limit, lines.of)),
  ];
}

function listOf(lines: readonly LogLine[]): string {
  return lines.map(({ what }) => what).join(', ');
}

/** Metric filters of a log that count something of what they should, and what none of them counts. */
function countersOf(group: Subject, { refused }: RefusedLines, scope: Scope) {
  const filters = scope.referring(group, 'AWS::Logs::MetricFilter', 'LogGroupName').map((filter) => {
    const text = filter.text('FilterPattern');
    const test = text.kind === 'known' ? linePattern(text.value) : undefined;
    return { filter, text, test: test ?? (() => false) };
  });
  const counting = filters.filter(({ test }) => refused.some(({ line }) => test(line)));
  const uncounted = refused.filter(({ line }) => !counting.some(({ test }) => test(line)));
  const [hidden] = filters.flatMap(({ text }) => (text.kind === 'unresolved' ? [text.reason] : []));
  return { counting, uncounted, hidden };
}

/** Metrics that a filter publishes; one whose value is nothing never adds up. */
export function metricsOf(filter: Subject): readonly MetricName[] {
  const items = filter.items('MetricTransformations');
  return (items.kind === 'known' ? items.value : []).flatMap((each) => {
    const [namespace, name, value] = ['MetricNamespace', 'MetricName', 'MetricValue'].map((path) =>
      each.at(path).text(),
    );
    return namespace?.kind === 'known' && name?.kind === 'known' && value?.kind === 'known' && Number(value.value) >= 1
      ? [[namespace.value, name.value] as const]
      : [];
  });
}

function alarmsOf(filter: Subject, scope: Scope): readonly Subject[] {
  return metricsOf(filter).flatMap((metric) =>
    [false, true].flatMap((isOfOne) => [...alarmsOn(metric, scope, isOfOne)]),
  );
}

/** Metrics of the filters that count any of the lines. */
export function countedMetrics(group: Subject, lines: RefusedLines, scope: Scope): readonly MetricName[] {
  return countersOf(group, lines, scope).counting.flatMap(({ filter }) => metricsOf(filter));
}
