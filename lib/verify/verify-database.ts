import type { Control } from '../control/control';
import type { DatabaseReader } from '../control/database';
import type { Figures } from '../control/parameter';
import { type Collected, collectFacts, factsOf, judgeFacts } from './judge-facts';
import { digestOf } from './plain-data';
import type { RunningEvidence } from './verify-account';

export interface DatabaseVerification {
  readonly controls: readonly Control[];
  readonly figures: Figures;
  readonly database: DatabaseReader;
  /** Path of the database among the targets: `database/<host>/<name>`. */
  readonly target: string;
}

/**
 * Judges one running database. A control whose queries or judgement fail is not assessed, with the reason; the others go on. Controls
 * without a database half are left out.
 */
export async function verifyDatabase(verification: DatabaseVerification): Promise<RunningEvidence> {
  const { controls, figures, database, target } = verification;
  const halves = controls.flatMap((control) => (control.database ? [{ control, half: control.database }] : []));
  const collected: Collected[] = [];
  // One after another: a connection runs one query at a time anyway, and the order of what it sees is the same in every run
  for (const { half } of halves) {
    collected.push(await collectFacts(() => half.collect(database)));
  }
  const facts = Object.fromEntries(
    halves.map(({ control }, index): [string, unknown] => [control.id, factsOf(collected[index])]),
  );
  const whole = { subject: database.name, type: 'PostgreSQL::Database' };
  return {
    facts,
    targets: [{ path: target, sha256: digestOf(facts) }],
    controls: halves.map((each, index) => judgeFacts({ ...each, figures, target, whole }, collected[index])),
  };
}
