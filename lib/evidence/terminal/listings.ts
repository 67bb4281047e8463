import type { Evidence } from '../../control/evidence';
import type { Catalogue } from '../catalogue';
import { spoken } from '../wording';
import { type Cell, grid } from './grid';
import { line, Terminal, type TerminalOptions } from './terminal';

/**
 * The register as a table: every promise of the profile's documents, with its status where a run is given.
 *
 * @param evidence a run to take the statuses from
 */
export function renderClaims(catalogue: Catalogue, options: TerminalOptions, evidence?: Evidence): string {
  const terminal = new Terminal(options);
  const statusOf = new Map(evidence?.claims.map(({ id, status }) => [id, status]));
  const parts = catalogue.registers.map((register) => {
    const rows = register.claims.map((claim): readonly Cell[] => {
      const status = statusOf.get(claim.id) ?? (claim.planned ? 'planned' : undefined);
      const proof: Cell = status === undefined ? spoken(claim.enforceability) : terminal.state(status);
      return [claim.id, proof, line(claim.statement), claim.controls.join(', ') || 'none'];
    });
    const columns = [
      { head: 'promise', width: 0.32 },
      { head: evidence === undefined ? 'proof' : 'status', width: 12 },
      { head: 'sentence', width: 0.48 },
      { head: 'controls', width: 0.2 },
    ];
    return `${terminal.heading(`${register.document}: ${register.title}`)}\n${grid(terminal, columns, rows)}`;
  });
  return `${parts.join('\n\n')}\n`;
}

/**
 * The catalogue as a table: every control by family, with its verdict where a run is given.
 *
 * @param evidence a run to take the verdicts from
 */
export function renderControls(catalogue: Catalogue, options: TerminalOptions, evidence?: Evidence): string {
  const terminal = new Terminal(options);
  const verdictOf = new Map(evidence?.controls.map(({ id, verdict }) => [id, verdict]));
  const families = [...new Set(catalogue.controls.map(({ family }) => family))];
  const parts = families.map((family) => {
    const rows = catalogue.controls
      .filter((control) => control.family === family)
      .map((control): readonly Cell[] => {
        const verdict = verdictOf.get(control.id);
        const keeps = control.claims.join(', ') || 'none';
        const middle = evidence === undefined ? [] : [verdict === undefined ? 'not run' : terminal.state(verdict)];
        return [control.id, ...middle, line(control.title), keeps];
      });
    const columns = [
      { head: 'control', width: 9 },
      ...(evidence === undefined ? [] : [{ head: 'verdict', width: 15 }]),
      { head: 'title', width: 0.55 },
      { head: 'promises', width: 0.45 },
    ];
    return `${terminal.heading(spoken(family))}\n${grid(terminal, columns, rows)}`;
  });
  return `${parts.join('\n\n')}\n`;
}
