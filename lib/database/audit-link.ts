import { createHash } from 'node:crypto';

/** What `audit.canonical` hashes, in its order; the comparison in the tests holds both to each other. */
const FIELDS = [
  'seq',
  'id',
  'at',
  'actor',
  'client_address',
  'user_agent',
  'tenant_id',
  'request_id',
  'login',
  'action',
  'object',
  'object_key',
  'changed',
  'before',
  'after',
] as const;

/** Links after a number, with the entries that they are over, as text. */
export const LINKS = `
  SELECT link.seq::text AS seq, encode(link.hash, 'hex') AS hash, entry.id::text AS id,
    to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
    entry.actor, text(entry.client_address) AS client_address, entry.user_agent, entry.tenant_id::text AS tenant_id,
    entry.request_id, entry.login, entry.action, entry.object, entry.object_key::text AS object_key,
    to_jsonb(entry.changed)::text AS changed, entry.before::text AS before, entry.after::text AS after
  FROM audit.link LEFT JOIN audit.log AS entry ON entry.id = link.entry_id AND entry.at = link.entry_at
  WHERE link.seq > $1 ORDER BY link.seq LIMIT $2`;

/**
 * The hash of a link, in hexadecimal digits: over the one before and its entry. Each value has its length in bytes in front, so that no two
 * entries are written alike.
 */
export function hashOf(previous: string, row: Record<string, unknown>): string {
  const fields = FIELDS.map((name) => {
    const value = row[name];
    return typeof value === 'string' ? `${Buffer.byteLength(value)}:${value},` : '-,';
  });
  return createHash('sha256').update(previous, 'hex').update(fields.join('')).digest('hex');
}
