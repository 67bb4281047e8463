import type { Control } from '../lib/control/control';
import type { Figures } from '../lib/control/parameter';
import { judgeGraph } from '../lib/synth/judge-template';
import type { Graph } from '../lib/template/graph';

/**
 * What each control judged, and where it looked: its verdicts by type of resource, then each property that it read, once, whatever the number of the
 * resource or of the item in a list. A control that stops looking at something shows here; the values stand in the snapshots of the templates.
 */
export function evidenceRecord(controls: readonly Control[], graph: Graph, figures: Figures): string {
  const types = new Map(
    graph.templates.flatMap(({ resources }) => [...resources.values()].map(({ logicalId, type }) => [logicalId, type])),
  );
  return controls.map((control) => recordOf(control, graph, figures, types)).join('\n');
}

function recordOf(control: Control, graph: Graph, figures: Figures, types: ReadonlyMap<string, string>): string {
  const judged = judgeGraph(control, graph, figures);
  const verdicts = tally(judged.map(({ type, target, verdict }) => `${type || target}: ${verdict}`));
  const places = judged.flatMap(({ type, target, observations }) =>
    observations.map(({ property }) => placeOf(property, type || target, types)),
  );
  const lines = [...verdicts, ...[...new Set(places)].sort()];
  return `${control.id}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** `Type Path`, of the resource itself or of another that is named first. */
function placeOf(property: string, own: string, types: ReadonlyMap<string, string>): string {
  const [first = '', ...rest] = property.split('.');
  const other = types.get(first);
  const path = (other === undefined ? [first, ...rest] : rest).map((part) => (/^\d+$/.test(part) ? '*' : part));
  return `${other ?? own} ${path.join('.')}`;
}

function tally(lines: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const line of lines) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `${line}, ${count}`).sort();
}
