/** A session of PostgreSQL that may read the schema `audit` whole, such as one of `audit_keeper`; a client of `pg` is one. */
export interface ChainSession {
  query(sql: string, values?: unknown[]): Promise<{ readonly rows: Record<string, unknown>[] }>;
}

/** The last link of a lane, or the checkpoint where there is none after it. */
export interface Head {
  /** Its number; 0 where there was none yet. */
  readonly seq: number;
  /** Its hash, 64 hexadecimal digits. */
  readonly hash: string;
}

/** The heads of the chains at a moment, as they are kept where the database cannot reach. */
export interface Anchor {
  readonly version: 3;
  readonly database: string;
  /** Id of the chains, a UUID. */
  readonly chain: string;
  /** The head of each lane, in their order. */
  readonly heads: readonly Head[];
  /** How many links the chains held. */
  readonly count: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What is wrong with the chains. */
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
  readonly lane?: number;
  /** Number of the link. */
  readonly seq?: number;
  /** In words, without any value of an entry. */
  readonly reason: string;
}

export interface ChainReport {
  /** Empty where the chains are whole. At most twenty. */
  readonly faults: readonly ChainFault[];
  readonly chain: string;
  /** The head of each lane, in their order. */
  readonly heads: readonly Head[];
  /** How many links were recomputed. */
  readonly verified: number;
  /** How many entries they were over. */
  readonly entries: number;
  /** How many links the chains hold, by their numbers. */
  readonly count: number;
}

export interface ChainOptions {
  /** The newest anchor: what the chains were then must be in them still. */
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
   * Entries that are read at a time.
   *
   * @default 1000
   */
  readonly batch?: number;
}
