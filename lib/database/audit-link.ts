import { createHash, type Hash } from 'node:crypto';

/** Chains in each database. Fixed: with a lane that is gone, what it linked would be gone as well. */
export const LANES = 16;

/** What the digest of an entry is over: its values as PostgreSQL writes a row, in this order. `audit.seal` writes the same, which the tests hold this to. */
export const ENTRY = `ROW(entry.id, entry.batch, entry.alone, extract(epoch FROM entry.at), entry.actor, entry.client_address, entry.user_agent,
    entry.tenant_id, entry.request_id, entry.login, entry.action, entry.object, entry.object_key, to_jsonb(entry.changed), entry.before, entry.after)::text`;

/** Links of a lane (`$1`) after a number (`$2`), each with its entries: a row for each entry, and one without for a link that has none. */
export const LINKS = `
  SELECT link.seq::text AS seq, link.batch::text AS batch, link.entries::text AS entries, encode(link.hash, 'hex') AS hash,
    CASE WHEN entry.id IS NOT NULL THEN ${ENTRY} END AS entry
  FROM audit.link LEFT JOIN audit.log AS entry ON entry.batch = link.batch AND entry.at = link.at
  WHERE link.lane = $1 AND link.seq > $2 ORDER BY link.seq, entry.id`;

/** A link as it is written. */
export interface Link {
  readonly lane: number;
  readonly seq: number;
  /** Id of the first entry of its batch. */
  readonly batch: string;
  /** How many entries it is over. */
  readonly entries: number;
  /** Its hash, 64 hexadecimal digits. */
  readonly hash: string;
}

/** Hash that a lane begins with. */
export function genesisOf(chain: string, lane: number): string {
  return createHash('sha256').update(`avouch-audit-3:${chain}:${lane}`).digest('hex');
}

/**
 * The hash of a link: SHA-256 over the hash before it, over `[lane,seq,batch,entries]`, and over the digest of each entry in the order of their
 * ids. A digest is SHA-256 over the values of the entry as PostgreSQL writes a row: in parentheses, separated by commas, nothing for null, in double
 * quotes with quotes and backslashes doubled where a value is empty or holds a quote, a backslash, a parenthesis, a comma or white space; the time
 * in seconds since 1970. So no two entries are written alike. Entries are added one by one: a batch of any size is checked in little memory.
 */
export class LinkHash {
  private readonly hash: Hash;
  private added = 0;

  constructor(
    previous: string,
    readonly link: Link,
  ) {
    const { lane, seq, batch, entries } = link;
    this.hash = createHash('sha256').update(previous, 'hex').update(`[${lane},${seq},${batch},${entries}]`);
  }

  add(entry: string): void {
    this.hash.update(createHash('sha256').update(entry).digest());
    this.added += 1;
  }

  /** How many entries of the batch are not there. */
  get missing(): number {
    return Math.max(0, this.link.entries - this.added);
  }

  /** Whether the entries that were added are those of the link. */
  fits(): boolean {
    return this.added === this.link.entries && this.hash.digest('hex') === this.link.hash;
  }
}
