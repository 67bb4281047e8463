import { existsSync, readFileSync } from 'node:fs';
import { InputError } from '../control/input-error';

/** Where a database is, who logs in, and which authorities may vouch for its server. */
export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Only where the address carries it; it is never printed. */
  readonly password?: string;
  readonly name: string;
  /** Certificates of the authorities, PEM; undefined: those that Node.js trusts by itself. */
  readonly authorities?: string;
}

const defaultPort = 5432;

/**
 * Reads `postgresql://ROLE@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE`, as libpq has it. Only an address that verifies the
 * server is taken: whoever answers in its place would be believed otherwise. The message of an error never repeats the address: a
 * password may stand in it.
 *
 * @throws InputError where a part is missing or asks for less than verify-full
 */
export function parseDatabaseAddress(text: string): DatabaseAddress {
  const url = urlOf(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const name = decoded(url.pathname.slice(1));
  const missing = [host === '' && 'host', url.username === '' && 'role', name === '' && 'database'].filter(Boolean);
  if (missing.length > 0 || host.includes(',') || name.includes('/')) {
    throw malformed(missing.length > 0 ? `it names no ${missing.join(', no ')}` : 'it names more than one database');
  }
  const place = `database '${name}' at ${host}`;
  const unknown = [...url.searchParams.keys()].filter((key) => key !== 'sslmode' && key !== 'sslrootcert');
  if (unknown.length > 0) {
    throw new InputError(`${place}: unknown setting '${unknown[0]}' in the address, allowed are sslmode, sslrootcert`);
  }
  const mode = url.searchParams.get('sslmode');
  if (mode !== 'verify-full') {
    throw new InputError(
      `${place}: sslmode is ${mode ?? 'not set'}, allowed is only verify-full: a server that is not verified may be anybody's`,
    );
  }
  return {
    host,
    port: url.port === '' ? defaultPort : Number(url.port),
    user: decoded(url.username),
    password: url.password === '' ? undefined : decoded(url.password),
    name,
    authorities: authoritiesOf(url.searchParams.get('sslrootcert'), place),
  };
}

/** Path of a database among the targets of a run; the port where it is not PostgreSQL's own. */
export function databaseTarget({ host, port, name }: Pick<DatabaseAddress, 'host' | 'port' | 'name'>): string {
  return `database/${host}${port === defaultPort ? '' : `:${port}`}/${encodeURIComponent(name)}`;
}

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw malformed('it is none');
  }
  return url;
}

function malformed(why: string): InputError {
  return new InputError(
    `the address of the database cannot be used: ${why}: expected postgresql://ROLE@HOST:PORT/DATABASE?sslmode=verify-full&sslrootcert=FILE`,
  );
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw malformed('a percent sign in it begins no escape, write it as %25');
  }
}

function authoritiesOf(file: string | null, place: string): string | undefined {
  if (file === 'system') {
    return undefined;
  }
  if (file === null || file === '') {
    throw new InputError(
      `${place}: sslrootcert is not set: name the file of the authority's certificates (for Amazon RDS its bundle), or system for public authorities`,
    );
  }
  if (!existsSync(file)) {
    throw new InputError(`${place}: sslrootcert names '${file}', which is not there: name an existing file`);
  }
  const text = readFileSync(file, 'utf8');
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new InputError(`${place}: sslrootcert names '${file}', which holds no certificate in PEM form`);
  }
  return text;
}
