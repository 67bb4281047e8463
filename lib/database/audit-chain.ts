import { genesisOf, LANES, LINKS, LinkHash } from './audit-link';
import type { Anchor, ChainFault, ChainOptions, ChainReport, ChainSession, Head } from './audit-report';

/** Where a lane is recomputed from, and where it begins. */
interface Beginning {
  readonly chain: string;
  readonly checkpoints: readonly Head[];
}

const MOST_FAULTS = 20;
const DAY = 86_400_000;

/**
 * Recomputes the chains of the audit log, lane by lane and link by link, and compares them with their newest anchor. Everything is read in one
 * snapshot, and nothing of the database's own functions is asked: they could have been changed as well.
 *
 * @throws whatever the session throws: a chain that cannot be read is not whole
 */
export async function verifyChain(session: ChainSession, options: ChainOptions): Promise<ChainReport> {
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    // Entries of a link are looked up as it is read: a join of the whole log would be written to the disk first
    await session.query('SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off');
    return await verifyInSnapshot(session, options);
  } finally {
    await session.query('ROLLBACK');
  }
}

async function verifyInSnapshot(session: ChainSession, options: ChainOptions): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  const { chain, checkpoints } = await beginningOf(session, options, faults);
  const { anchor } = options;
  const since = options.sinceAnchor ? anchor : undefined;
  const heads: Head[] = [];
  let verified = 0;
  let entries = 0;
  for (const [lane, checkpoint] of checkpoints.entries()) {
    const anchored = since?.heads[lane];
    const from = anchored && anchored.seq >= checkpoint.seq ? anchored : checkpoint;
    const walked = await walk(session, lane, from, options.batch ?? 1000, faults);
    heads.push(walked.head);
    verified += walked.verified;
    entries += walked.entries;
  }
  if (anchor) {
    faults.push(...(await againstAnchor(session, anchor, { chain, checkpoints, heads, ...options })));
  }
  if (!since) {
    faults.push(...(await unlinkedEntries(session)));
  }
  const count = heads.reduce((sum, { seq }, lane) => sum + seq - (checkpoints[lane]?.seq ?? 0), 0);
  return { faults: faults.slice(0, MOST_FAULTS), chain, heads, verified, entries, count };
}

/** Where each lane begins: at the id of the chains, or at the newest checkpoint that retention left. */
async function beginningOf(
  session: ChainSession,
  { retentionDays, now }: ChainOptions,
  faults: ChainFault[],
): Promise<Beginning> {
  const { rows: chains } = await session.query('SELECT id::text AS id FROM audit.chain');
  const { rows: lanes } = await session.query('SELECT id FROM audit.lane ORDER BY id');
  const { rows } = await session.query(
    `SELECT lane, seq::text AS seq, encode(hash, 'hex') AS hash, isfinite(before) AS removed,
       extract(epoch FROM CASE WHEN isfinite(before) THEN before END)::text AS before, extract(epoch FROM at)::text AS at
     FROM audit.checkpoint ORDER BY lane, seq`,
  );
  const chain = String(chains[0]?.id ?? '');
  if (chains.length !== 1 || lanes.length !== LANES || lanes.some(({ id }, lane) => id !== lane)) {
    faults.push({ kind: 'beginning', reason: `the database does not have one chain with its ${LANES} lanes` });
  }
  const checkpoints = Array.from({ length: LANES }, (_, lane) => {
    const own = rows.filter((row) => row.lane === lane);
    const genesis = genesisOf(chain, lane);
    if (Number(own[0]?.seq) !== 0 || own[0]?.hash !== genesis) {
      faults.push({ kind: 'beginning', lane, reason: `lane ${lane} does not begin where the id of the chain says` });
    }
    const last = own.at(-1);
    return { seq: Number(last?.seq ?? 0), hash: String(last?.hash ?? genesis) };
  });
  for (const { lane, seq, removed, before, at } of rows) {
    const written = Number(at) * 1000;
    if (removed && (Number(before) * 1000 > written - retentionDays * DAY || written > now.getTime())) {
      const reason = `entries were removed from lane ${lane} that had not been kept for ${retentionDays} days`;
      faults.push({ kind: 'removed-early', lane: Number(lane), seq: Number(seq), reason });
    }
  }
  return { chain, checkpoints };
}

/** Recomputes every link of a lane after one. After a fault it goes on with what is written, so that each fault is told once. */
async function walk(
  session: ChainSession,
  lane: number,
  from: Head,
  batch: number,
  faults: ChainFault[],
): Promise<{ readonly head: Head; readonly verified: number; readonly entries: number }> {
  let head = from;
  let verified = 0;
  let entries = 0;
  let current: LinkHash | undefined;
  const finish = () => {
    if (current) {
      const fault = faultOf(current, head);
      if (fault && faults.length < MOST_FAULTS) {
        faults.push(fault);
      }
      head = current.link;
      verified += 1;
    }
  };
  await session.query(`DECLARE links NO SCROLL CURSOR FOR ${LINKS}`, [lane, from.seq]);
  for (;;) {
    const { rows } = await session.query(`FETCH FORWARD ${batch} FROM links`);
    for (const row of rows) {
      const seq = Number(row.seq);
      if (current?.link.seq !== seq) {
        finish();
        const link = { lane, seq, batch: String(row.batch), entries: Number(row.entries), hash: String(row.hash) };
        current = new LinkHash(head.hash, link);
      }
      if (row.entry !== null) {
        current.add(String(row.entry));
        entries += 1;
      }
    }
    if (rows.length < batch) {
      finish();
      await session.query('CLOSE links');
      return { head, verified, entries };
    }
  }
}

function faultOf(found: LinkHash, last: Head): ChainFault | undefined {
  const { lane, seq } = found.link;
  if (seq !== last.seq + 1) {
    return { kind: 'gap', lane, seq, reason: `links ${last.seq + 1} to ${seq - 1} of lane ${lane} are gone` };
  }
  if (found.missing > 0) {
    const reason = `${found.missing} entries of link ${seq} of lane ${lane} are gone`;
    return { kind: 'entry-removed', lane, seq, reason };
  }
  return found.fits()
    ? undefined
    : {
        kind: 'edited',
        lane,
        seq,
        reason: `the entries of link ${seq} of lane ${lane} are not those that were written`,
      };
}

interface Found extends ChainOptions, Beginning {
  readonly heads: readonly Head[];
}

async function againstAnchor(session: ChainSession, anchor: Anchor, found: Found): Promise<readonly ChainFault[]> {
  if (anchor.chain !== found.chain) {
    return [{ kind: 'other-chain', reason: `the anchor of ${anchor.at} is of another chain: this one was begun anew` }];
  }
  const faults: ChainFault[] = [];
  for (const [lane, head] of anchor.heads.entries()) {
    const fault = await againstHead(session, { at: anchor.at, lane, ...head }, found);
    faults.push(...(fault ? [fault] : []));
  }
  return faults;
}

/** What became of the link that an anchor saw as the last of its lane. */
async function againstHead(
  session: ChainSession,
  { at, lane, seq, hash }: Head & { readonly at: string; readonly lane: number },
  { heads, checkpoints, retentionDays, now }: Found,
): Promise<ChainFault | undefined> {
  const head = heads[lane]?.seq ?? 0;
  const begun = checkpoints[lane]?.seq ?? 0;
  if (head < seq || begun > head) {
    const reason = `links ${head + 1} to ${seq} of lane ${lane} are gone, which ${at} saw`;
    return { kind: 'tail-removed', lane, seq, reason };
  }
  if (seq < begun) {
    // Whatever came after the anchor is younger than it
    return now.getTime() - Date.parse(at) < retentionDays * DAY
      ? { kind: 'removed-early', lane, seq: begun, reason: `entries of lane ${lane} written after ${at} were removed` }
      : undefined;
  }
  const { rows } = await session.query(
    `SELECT encode(hash, 'hex') AS hash FROM audit.link WHERE lane = $1 AND seq = $2
     UNION ALL SELECT encode(hash, 'hex') FROM audit.checkpoint WHERE lane = $1 AND seq = $2`,
    [lane, seq],
  );
  if (rows.length === 0 && head <= seq) {
    return { kind: 'tail-removed', lane, seq, reason: `link ${seq} of lane ${lane} is gone, which ${at} saw` };
  }
  return rows.length > 0 && rows.every((row) => row.hash === hash)
    ? undefined
    : { kind: 'rewritten', lane, seq, reason: `link ${seq} of lane ${lane} is not the one that ${at} saw` };
}

/** Entries that slipped in beside the chains, with the trigger off, or with a link in a place that is never recomputed. */
async function unlinkedEntries(session: ChainSession): Promise<readonly ChainFault[]> {
  await session.query('SET LOCAL enable_hashjoin = on');
  const { rows } = await session.query(
    `SELECT count(*)::text AS count FROM audit.log AS entry WHERE NOT EXISTS (
       SELECT FROM audit.link
       JOIN (SELECT lane, max(seq) AS seq FROM audit.checkpoint GROUP BY lane) AS beginning ON beginning.lane = link.lane
       WHERE link.batch = entry.batch AND link.at = entry.at AND link.seq > beginning.seq AND link.lane BETWEEN 0 AND ${LANES - 1})`,
  );
  const count = Number(rows[0]?.count);
  return count === 0 ? [] : [{ kind: 'unlinked', reason: `${count} entries are in no link of the chain` }];
}
