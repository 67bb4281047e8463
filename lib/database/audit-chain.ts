import { createHash } from 'node:crypto';
import { hashOf, LINKS } from './audit-link';

/** A session of PostgreSQL that may read the schema `audit` whole, such as one of `audit_keeper`; a client of `pg` is one. */
export interface ChainSession {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
}

/** The head of a chain at a moment, as it is kept where the database cannot reach. */
export interface Anchor {
  readonly version: 1;
  readonly database: string;
  /** Id of the chain, a UUID. */
  readonly chain: string;
  /** Number of the last link; 0 where there was none yet. */
  readonly seq: number;
  /** Its hash, 64 hexadecimal digits. */
  readonly hash: string;
  /** How many entries the chain held. */
  readonly count: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What is wrong with a chain. */
export interface ChainFault {
  readonly kind:
    | 'beginning'
    | 'gap'
    | 'entry-removed'
    | 'edited'
    | 'unlinked'
    | 'tail-removed'
    | 'rewritten'
    | 'other-chain'
    | 'removed-early';
  /** Number of the link. */
  readonly seq?: number;
  /** In words, without any value of an entry. */
  readonly reason: string;
}

export interface ChainReport {
  /** Empty where the chain is whole. At most twenty. */
  readonly faults: readonly ChainFault[];
  readonly chain: string;
  /** Last link, or the checkpoint where there is none after it. */
  readonly head: { readonly seq: number; readonly hash: string };
  /** How many links were recomputed. */
  readonly verified: number;
  /** How many entries the chain holds, by its numbers. */
  readonly count: number;
}

export interface ChainOptions {
  /** The newest anchor: what the chain was then must be in it still. */
  readonly anchor?: Anchor;
  /**
   * Whether only what came after the anchor is recomputed. Without an anchor everything is.
   *
   * @default false
   */
  readonly sinceAnchor?: boolean;
  /** Days for which entries are kept: whatever was removed must have been older. */
  readonly retentionDays: number;
  readonly now: Date;
  /**
   * Links that are read at a time.
   *
   * @default 1000
   */
  readonly batch?: number;
}

interface Link {
  readonly seq: number;
  readonly hash: string;
}

const MOST_FAULTS = 20;
const DAY = 86_400_000;

/**
 * Recomputes a chain of the audit log, link by link, and compares it with its newest anchor. Everything is read in one snapshot, and nothing of
 * the database's own functions is asked: they could have been changed as well.
 *
 * @throws whatever the session throws: a chain that cannot be read is not whole
 */
export async function verifyChain(session: ChainSession, options: ChainOptions): Promise<ChainReport> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await verifyInSnapshot(session, options);
  } finally {
    await session.query('ROLLBACK');
  }
}

async function verifyInSnapshot(session: ChainSession, options: ChainOptions): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  const { chain, checkpoint } = await beginningOf(session, options, faults);
  const anchor = options.anchor;
  const isSince = options.sinceAnchor === true && anchor !== undefined && anchor.seq >= checkpoint.seq;
  const from: Link = isSince ? { seq: anchor.seq, hash: anchor.hash } : checkpoint;
  const { head, verified } = await walk(session, from, options.batch ?? 1000, faults);
  if (anchor) {
    faults.push(...(await againstAnchor(session, anchor, { chain, checkpoint, head, ...options })));
  }
  if (!isSince) {
    faults.push(...(await unlinkedEntries(session)));
  }
  return { faults: faults.slice(0, MOST_FAULTS), chain, head, verified, count: head.seq - checkpoint.seq };
}

/** Where the chain begins: at its id, or at the newest checkpoint that retention left. */
async function beginningOf(
  session: ChainSession,
  { retentionDays, now }: ChainOptions,
  faults: ChainFault[],
): Promise<{ readonly chain: string; readonly checkpoint: Link }> {
  const { rows: chains } = await session.query('SELECT id::text AS id FROM audit.chain');
  const { rows: checkpoints } = await session.query(
    `SELECT seq::text AS seq, encode(hash, 'hex') AS hash, isfinite(before) AS removed,
       extract(epoch FROM CASE WHEN isfinite(before) THEN before END)::text AS before, extract(epoch FROM at)::text AS at
     FROM audit.checkpoint ORDER BY seq`,
  );
  const chain = String(chains[0]?.id ?? '');
  const first = checkpoints[0];
  const genesis = createHash('sha256').update(`avouch-audit-1:${chain}`).digest('hex');
  if (chains.length !== 1 || Number(first?.seq) !== 0 || first?.hash !== genesis) {
    faults.push({ kind: 'beginning', reason: 'the chain does not begin where its id says' });
  }
  for (const { seq, removed, before, at } of checkpoints) {
    const written = Number(at) * 1000;
    if (removed && (Number(before) * 1000 > written - retentionDays * DAY || written > now.getTime())) {
      const reason = `entries were removed that had not been kept for ${retentionDays} days`;
      faults.push({ kind: 'removed-early', seq: Number(seq), reason });
    }
  }
  const last = checkpoints.at(-1);
  return { chain, checkpoint: { seq: Number(last?.seq ?? 0), hash: String(last?.hash ?? genesis) } };
}

/** Recomputes every link after one. After a fault it goes on with what is written, so that each fault is told once. */
async function walk(
  session: ChainSession,
  from: Link,
  batch: number,
  faults: ChainFault[],
): Promise<{ readonly head: Link; readonly verified: number }> {
  let head = from;
  for (let verified = 0; ; ) {
    const { rows } = await session.query(LINKS, [head.seq, batch]);
    for (const row of rows) {
      const seq = Number(row.seq);
      const fault = faultOf(row, head);
      if (fault && faults.length < MOST_FAULTS) {
        faults.push(fault);
      }
      head = { seq, hash: String(row.hash) };
    }
    verified += rows.length;
    if (rows.length < batch) {
      return { head, verified };
    }
  }
}

function faultOf(row: Record<string, unknown>, last: Link): ChainFault | undefined {
  const seq = Number(row.seq);
  if (seq !== last.seq + 1) {
    return { kind: 'gap', seq, reason: `links ${last.seq + 1} to ${seq - 1} are gone` };
  }
  if (row.id === null) {
    return { kind: 'entry-removed', seq, reason: `the entry of link ${seq} is gone` };
  }
  return hashOf(last.hash, row) === row.hash
    ? undefined
    : { kind: 'edited', seq, reason: `the entry of link ${seq} is not the one that was written` };
}

async function againstAnchor(
  session: ChainSession,
  anchor: Anchor,
  { chain, checkpoint, head, retentionDays, now }: ChainOptions & { chain: string; checkpoint: Link; head: Link },
): Promise<readonly ChainFault[]> {
  const { seq } = anchor;
  if (anchor.chain !== chain) {
    return [{ kind: 'other-chain', reason: `the anchor of ${anchor.at} is of another chain: this one was begun anew` }];
  }
  if (head.seq < seq || checkpoint.seq > head.seq) {
    return [{ kind: 'tail-removed', seq, reason: `links ${head.seq + 1} to ${seq} are gone, which ${anchor.at} saw` }];
  }
  if (seq < checkpoint.seq) {
    // Whatever came after the anchor is younger than it
    return now.getTime() - Date.parse(anchor.at) < retentionDays * DAY
      ? [{ kind: 'removed-early', seq: checkpoint.seq, reason: `entries written after ${anchor.at} were removed` }]
      : [];
  }
  const { rows } = await session.query(
    `SELECT encode(hash, 'hex') AS hash FROM audit.link WHERE seq = $1
     UNION ALL SELECT encode(hash, 'hex') FROM audit.checkpoint WHERE seq = $1`,
    [seq],
  );
  if (rows.length === 0 && head.seq <= seq) {
    return [{ kind: 'tail-removed', seq, reason: `link ${seq} is gone, which ${anchor.at} saw` }];
  }
  return rows.length > 0 && rows.every(({ hash }) => hash === anchor.hash)
    ? []
    : [{ kind: 'rewritten', seq, reason: `link ${seq} is not the one that ${anchor.at} saw` }];
}

/** Entries that slipped in beside the chain, with its trigger off. */
async function unlinkedEntries(session: ChainSession): Promise<readonly ChainFault[]> {
  const { rows } = await session.query(
    `SELECT count(*)::text AS count FROM audit.log AS entry
     WHERE NOT EXISTS (SELECT FROM audit.link WHERE link.entry_id = entry.id AND link.entry_at = entry.at)`,
  );
  const count = Number(rows[0]?.count);
  return count === 0 ? [] : [{ kind: 'unlinked', reason: `${count} entries are in no link of the chain` }];
}
