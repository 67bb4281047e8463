import { verifyChain } from '../../database/audit-chain';
import type { ChainFault, ChainSession } from '../../database/audit-report';
import { everyDatabase } from '../database-access/every-database';
import type { AnchorArchive } from './anchor-archive';

/** A session of `audit_keeper`. */
export interface KeeperSession extends ChainSession {
  end(): Promise<void>;
}

export interface AnchorRun {
  /** Opens a session in a database. */
  connect(database: string): Promise<KeeperSession>;
  readonly archive: AnchorArchive;
  /** Days for which entries are kept. */
  readonly retentionDays: number;
  /** Whether each chain is recomputed from its beginning, not from its newest anchor on. */
  readonly whole: boolean;
  now(): Date;
  log(line: string): void;
}

/**
 * Verifies the audit chain of every database, keeps the head of each whole one where the database cannot reach, and removes what has outlived
 * its period. Every database must have a chain.
 *
 * @returns names of the databases whose chain was anchored
 * @throws Error that names each database whose chain is broken or could not be read; the others are anchored all the same
 */
export async function anchorChains(run: AnchorRun): Promise<readonly string[]> {
  const failures: string[] = [];
  const anchored: string[] = [];
  for (const database of await everyDatabase(run.connect)) {
    try {
      const faults = await anchorChain(run, database);
      if (faults.length === 0) {
        anchored.push(database);
      } else {
        failures.push(`${database}: ${faults.map(({ reason }) => reason).join('; ')}`);
      }
    } catch (error) {
      failures.push(`${database}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failures.length > 0) {
    throw new Error(`${failures.length} audit chains are broken or cannot be read: ${failures.join(' | ')}`);
  }
  return anchored;
}

async function anchorChain(run: AnchorRun, database: string): Promise<readonly ChainFault[]> {
  const { archive, retentionDays, whole } = run;
  const session = await run.connect(database);
  try {
    const now = run.now();
    const anchor = await archive.newest(database, now);
    const report = await verifyChain(session, { anchor, sinceAnchor: !whole, retentionDays, now });
    // A broken chain is not anchored, and nothing of it is removed: whoever looks into it needs all there is
    if (report.faults.length > 0) {
      return report.faults;
    }
    const { chain, count, heads, verified, entries } = report;
    const kept = await archive.keep({ version: 3, database, chain, heads, count, at: now.toISOString() });
    await tidy(session, run);
    run.log(JSON.stringify({ database, count, verified, entries, kept }));
    return [];
  } finally {
    await session.end();
  }
}

async function tidy(session: KeeperSession, { retentionDays, log }: AnchorRun): Promise<void> {
  await session.query('SELECT audit.apply_retention($1)', [retentionDays]);
  await session.query('SELECT audit.prepare_partitions(3)');
  try {
    await session.query('SELECT audit.drop_empty_partitions()');
  } catch (error) {
    // Somebody was writing for longer than it waits: the next run tries again
    if (!(error instanceof Error && 'code' in error && error.code === '55P03')) {
      throw error;
    }
    log(JSON.stringify({ waitsFor: 'partitions' }));
  }
}
