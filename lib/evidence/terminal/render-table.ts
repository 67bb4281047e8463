import type { Evidence, ExceptionEvidence } from '../../control/evidence';
import type { Catalogue } from '../catalogue';
import { counted } from '../printable';
import { claimsWith, countVerdicts, groupByReason, joinReport, type Report } from '../report';
import { expiryText, reach, spoken, statuses, verdictSentence } from '../wording';
import { findingsTable } from './findings';
import { type Cell, grid } from './grid';
import { line, Terminal, type TerminalOptions } from './terminal';

/**
 * What a run prints for a person: findings first, below the promises they break; then the controls, the exceptions and
 * other checkers, the count of promises, and the open ones by name.
 *
 * @throws InputError when the catalogue is of another profile
 */
export function renderTable(evidence: Evidence, catalogue: Catalogue, options: TerminalOptions): string {
  const report = joinReport(evidence, catalogue);
  const terminal = new Terminal(options);
  const parts = [
    findingsTable(report, terminal),
    controlsTable(report, terminal),
    notes(report, terminal),
    openByName(report, terminal),
    countsLine(report, terminal),
    terminal.wrap(verdictSentence(evidence)),
    terminal.colour.dim(terminal.wrap(reach(evidence))),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function controlsTable(report: Report, terminal: Terminal): string {
  const all = [...report.controls.values()];
  const idle = all.filter(({ verdict, subjects }) => verdict === 'not-applicable' && subjects.length === 0);
  const rows = all.flatMap((control): readonly (readonly Cell[])[] => {
    if (idle.includes(control)) {
      return [];
    }
    const counts = countVerdicts(control.subjects);
    const parts = [...counts].filter(([, count]) => count > 0).map(([verdict, count]) => `${count} ${spoken(verdict)}`);
    return [[control.id, terminal.state(control.verdict), line(control.title), parts.join(', ') || 'no subject']];
  });
  const columns = [
    { head: 'control', width: 9 },
    { head: 'verdict', width: 15 },
    { head: 'title', width: 0.65 },
    { head: 'subjects', width: 0.35 },
  ];
  const names = idle.map(({ id }) => id).join(', ');
  const rest =
    idle.length === 0 ? [] : [terminal.wrap(`${counted(idle.length, 'control')} found nothing to judge: ${names}`, 2)];
  return [...(rows.length === 0 ? [] : [grid(terminal, columns, rows)]), ...rest].join('\n\n');
}

/** Exceptions, and what other checkers said or were not asked. */
function notes({ evidence }: Report, terminal: Terminal): string {
  const excused = evidence.exceptions.map((exception) => {
    const own = evidence.controls.flatMap(({ subjects }) => subjects);
    const foreign = evidence.opinions.flatMap(({ findings: found }) => found);
    const findings = [...own, ...foreign].filter((finding) => finding.exception === exception.id);
    const text = `exception ${line(exception.id)}: ${stateOf(exception)}, excuses ${counted(findings.length, 'finding')}, owner ${line(exception.owner)}`;
    return terminal.colour.magenta(terminal.wrap(text, 2));
  });
  const opinions = evidence.opinions.flatMap(({ tool, state, findings }) => {
    if (state === 'not-run') {
      return [terminal.colour.yellow(`${line(tool)}: was not run`)];
    }
    const open = findings.filter(({ exception }) => exception === undefined);
    const head = `${line(tool)}: ${counted(open.length, 'finding')}, ${findings.length - open.length} excused`;
    return [
      head,
      ...open.map(
        (finding) =>
          `  ${terminal.wrap(
            `${line(finding.rule)} ${line(finding.source ?? finding.constructPath ?? finding.logicalId ?? 'no place given')}: ${line(finding.description)}`,
            4,
          )}`,
      ),
    ];
  });
  return [...excused, ...opinions].join('\n');
}

/** `live, expires 2027-01-31`, and once only where the state is the date's. */
function stateOf(exception: ExceptionEvidence): string {
  return exception.state === 'expired' ? expiryText(exception) : `${spoken(exception.state)}, ${expiryText(exception)}`;
}

/** Open promises under their reasons; ids only, `explain` has the rest. */
function openByName(report: Report, terminal: Terminal): string {
  return (['unproven', 'awaiting'] as const)
    .flatMap((status) =>
      groupByReason(claimsWith(report, status)).map((group) => {
        const reasons = group.reasons.map(line).join('; ') || 'no reason was recorded';
        const head = terminal.wrap(`${status} (${group.claims.length}) ${reasons}`, 2);
        // What a narrow run was not asked about is counted: by name it would bury what the run found.
        const unasked = group.reasons.some((reason) => reason.startsWith('only what is present'));
        const names = unasked ? 'avouch claims lists them' : group.claims.map(({ id }) => id).join(', ');
        return `${terminal.painter(status)(status)}${head.slice(status.length)}\n  ${terminal.colour.dim(terminal.wrap(names, 2))}`;
      }),
    )
    .join('\n');
}

function countsLine({ evidence }: Report, terminal: Terminal): string {
  const { claims } = evidence.summary;
  const present = statuses.filter((status) => claims[status] > 0);
  const words = present.map((status) => ({ text: `${claims[status]} ${status}`, paint: terminal.painter(status) }));
  return terminal.flow([...words, { text: `${counted(claims.total, 'promise')} in all`, paint: terminal.colour.bold }]);
}
