import type { DatabaseHalf } from '../../../lib/control/database';
import { type Fact, flagIn, optionalTextIn, textIn, UnknownShape, wordsIn } from '../../../lib/control/fact';
import { couldNotLook, type LiveOutcome, type ReadResult } from '../../../lib/control/live';
import { finding, notAssessed, type Outcome, satisfied } from '../../../lib/control/verdict';

type Rows = ReadResult<readonly Fact[]>;

/** What a server says of the connections that it takes. */
interface ConnectionFacts {
  readonly database: string;
  readonly session: Rows;
  readonly settings: Rows;
  /** Lines of pg_hba.conf; not asked where Amazon RDS keeps that file and answers with a setting. */
  readonly lines?: Rows;
}

/** Only the servers of Amazon RDS have this setting in their catalogue; a role that merely sets it for itself does not add it there. */
const force = 'rds.force_ssl';

const queries = {
  session: 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  settings: `SELECT name, setting FROM pg_settings WHERE name IN ('ssl', 'ssl_min_protocol_version', '${force}')`,
  lines:
    'SELECT line_number AS line, type, database, user_name AS users, address, netmask, auth_method AS method, error FROM pg_hba_file_rules ORDER BY line_number',
};

/** ENC-03 in the running server: it speaks TLS of a version that is new enough, and takes no connection without it. */
export const databaseHalf: DatabaseHalf<ConnectionFacts> = {
  expects: 'at-least-one',
  collect: async (database) => {
    const [session, settings] = await Promise.all([database.query(queries.session), database.query(queries.settings)]);
    const isKeptByRds = settings.ok && settings.value.some(({ name }) => name === force);
    const facts = { database: database.name, session, settings };
    return isKeptByRds ? facts : { ...facts, lines: await database.query(queries.lines) };
  },
  judge: ({ database, session, settings, lines }, { figures }) => {
    const subject = { subject: database, type: 'PostgreSQL::Database' };
    const unread = Object.entries({ pg_stat_ssl: session, pg_settings: settings, pg_hba_file_rules: lines }).flatMap(
      ([name, read]): LiveOutcome[] => (read && !read.ok ? [{ ...subject, outcome: couldNotLook(name, read) }] : []),
    );
    if (unread.length > 0 || !session.ok || !settings.ok) {
      return unread;
    }
    const values = new Map(settings.value.map((row) => [textIn(row, 'name'), optionalTextIn(row, 'setting') ?? '']));
    const observations = [...values].map(([property, value]) => ({ property, value }));
    return [
      ...session.value.map((row) => inClear(flagIn(row, 'ssl'), 'the session that looks', 'off')),
      inClear(isOn(settingOf(values, 'ssl')), 'ssl', settingOf(values, 'ssl')),
      oldTls(settingOf(values, 'ssl_min_protocol_version'), figures.choice('data.minTls')),
      ...(lines?.ok
        ? judgeLines(lines.value)
        : [inClear(isOn(settingOf(values, force)), force, settingOf(values, force))]),
    ].map((outcome) => ({ ...subject, outcome, observations }));
  },
};

function settingOf(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name);
  if (value === undefined) {
    throw new UnknownShape(`pg_settings hides ${name}: grant pg_read_all_settings to the role that looks`);
  }
  return value;
}

function isOn(value: string): boolean {
  return /^(1|on|true)$/i.test(value);
}

function inClear(isEncrypted: boolean, setting: string, value: string): Outcome {
  return isEncrypted ? satisfied : finding('clearTextServer', undefined, { setting, value });
}

/** `TLSv1` is version 1.0: https://www.postgresql.org/docs/17/runtime-config-connection.html#GUC-SSL-MIN-PROTOCOL-VERSION. */
function oldTls(value: string, floor: string): Outcome {
  const version = /^TLSv1(?:\.(\d))?$/.exec(value);
  if (!version) {
    return notAssessed(`ssl_min_protocol_version is ${value}, expected TLSv1 to TLSv1.3`);
  }
  return Number(version[1] ?? 0) < Number(floor.split('.')[1])
    ? finding('oldTlsServer', undefined, { value, floor })
    : satisfied;
}

/**
 * The first line that fits a connection decides: behind one that refuses everybody without TLS nothing more is let in. Lines for this
 * machine alone send nothing over a network.
 *
 * Source: https://www.postgresql.org/docs/17/auth-pg-hba-conf.html
 */
function judgeLines(lines: readonly Fact[]): readonly Outcome[] {
  const outcomes: Outcome[] = [];
  // `all` databases are all but `replication`, which must be named
  const closed = new Set<string>();
  for (const line of lines) {
    const error = optionalTextIn(line, 'error');
    if (error !== undefined) {
      outcomes.push(notAssessed(`line ${line.line} of pg_hba.conf cannot be read: ${error}`));
      continue;
    }
    if (
      !takesClearText(line) ||
      wordsIn(line, 'database').every((name) => closed.has(name === 'replication' ? name : 'all'))
    ) {
      continue;
    }
    if (textIn(line, 'method') !== 'reject') {
      const value = ['type', 'database', 'users', 'address', 'method'].map((part) => line[part]).join(' ');
      outcomes.push(inClear(false, `line ${line.line} of pg_hba.conf`, value));
    } else if (isForEverybody(line)) {
      for (const name of wordsIn(line, 'database')) {
        closed.add(name);
      }
    }
  }
  return outcomes.length > 0 ? outcomes : [satisfied];
}

function takesClearText(line: Fact): boolean {
  return /^host(nossl|nogssenc)?$/.test(textIn(line, 'type')) && !isThisMachine(line);
}

function isThisMachine(line: Fact): boolean {
  const address = optionalTextIn(line, 'address') ?? '';
  const netmask = optionalTextIn(line, 'netmask') ?? '';
  return /^127\./.test(address) ? /^255\./.test(netmask) : address === '::1' && /^(ffff:){7}ffff$/.test(netmask);
}

function isForEverybody(line: Fact): boolean {
  return wordsIn(line, 'users').includes('all') && optionalTextIn(line, 'address') === 'all';
}
