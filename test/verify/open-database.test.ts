import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../lib/control/input-error';
import { databaseTarget, parseDatabaseAddress } from '../../lib/verify/database-address';
import { openDatabase } from '../../lib/verify/open-database';
import { certificateAuthority } from '../database/certificates';
import { type PostgresServer, startPostgres } from '../database/postgres-server';

let server: PostgresServer;
const environment = { ...process.env };

beforeAll(async () => {
  server = await startPostgres();
  const client = await server.connect();
  await client.query("CREATE ROLE auditor LOGIN PASSWORD 'only@for:this/test'");
  await client.query('CREATE DATABASE closed');
  await client.query('REVOKE CONNECT ON DATABASE closed FROM PUBLIC');
  await client.end();
}, 60_000);

afterEach(() => {
  process.env = { ...environment };
});

afterAll(() => server.stop());

const folder = mkdtempSync(join(tmpdir(), 'avouch-address-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

/** Address of the test's server, with parts of it exchanged. */
function address(change: (url: URL) => void = () => undefined): string {
  const url = new URL(server.url('postgres', 'auditor', 'only@for:this/test'));
  change(url);
  return url.href;
}

describe('an address', () => {
  const authority = file('ca.pem', '-----BEGIN CERTIFICATE-----');
  const verified = `sslmode=verify-full&sslrootcert=${authority}`;

  test('is read as libpq reads it', () => {
    expect(parseDatabaseAddress(`postgres://a%40b:p%2Fw@[::1]:6432/my%20app?${verified}`)).toEqual({
      host: '::1',
      port: 6432,
      user: 'a@b',
      password: 'p/w',
      name: 'my app',
      authorities: '-----BEGIN CERTIFICATE-----',
    });
    expect(parseDatabaseAddress('postgresql://a@db/x?sslmode=verify-full&sslrootcert=system')).toEqual({
      host: 'db',
      port: 5432,
      user: 'a',
      password: undefined,
      name: 'x',
      authorities: undefined,
    });
  });

  test('names its target without role and password', () => {
    expect(databaseTarget({ host: 'db', port: 5432, name: 'x' })).toBe('database/db/x');
    expect(databaseTarget({ host: 'db', port: 6432, name: 'a/b' })).toBe('database/db:6432/a%2Fb');
  });

  test.each<readonly [string, RegExp]>([
    ['mysql://a:secret@db/x', /it is none: expected postgresql:/],
    ['db/x', /it is none/],
    [`postgresql://a:secret@db/?${verified}`, /it names no database/],
    [`postgresql://db/x?${verified}`, /it names no role/],
    [`postgresql://a:secret@db/x/y?${verified}`, /more than one database/],
    [`postgresql://a:se%cret@db/x?${verified}`, /percent sign/],
    ['postgresql://a:secret@db/x', /sslmode is not set, allowed is only verify-full/],
    ...['disable', 'prefer', 'require', 'verify-ca', 'no-verify'].map(
      (mode) =>
        [`postgresql://a:secret@db/x?sslmode=${mode}`, new RegExp(`sslmode is ${mode}, allowed is only`)] as const,
    ),
    [`postgresql://a:secret@db/x?${verified}&host=elsewhere`, /unknown setting 'host' in the address/],
    [`postgresql://a:secret@db/x?${verified}&options=-c%20role%3Dx`, /unknown setting 'options'/],
    ['postgresql://a:secret@db/x?sslmode=verify-full', /sslrootcert is not set/],
    ['postgresql://a:secret@db/x?sslmode=verify-full&sslrootcert=/none.pem', /which is not there/],
    [`postgresql://a:secret@db/x?sslmode=verify-full&sslrootcert=${file('no.pem', 'x')}`, /holds no certificate/],
  ])('is refused where it is %s, and its password is not repeated', (url, words) => {
    const read = () => parseDatabaseAddress(url);
    expect(read).toThrow(InputError);
    expect(read).toThrow(words);
    expect(read).not.toThrow(/se%?cret/);
  });
});

describe('opening a database', () => {
  test('logs in over TLS that verified the server, whatever the environment says', async () => {
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    process.env.PGSSLMODE = 'disable';
    const database = await openDatabase({ url: address() });
    expect(await database.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toEqual({
      ok: true,
      value: [{ ssl: true }],
    });
    expect([database.name, database.target]).toEqual(['postgres', `database/localhost:${server.port}/postgres`]);
    await database.close();
  });

  test('takes the password from the caller where the address carries none', async () => {
    const url = address((each) => {
      each.password = '';
    });
    const database = await openDatabase({ url, password: 'only@for:this/test' });
    await database.close();
    await expect(openDatabase({ url })).rejects.toThrow(/no password for role 'auditor': set PGPASSWORD/);
  });

  test.each<readonly [string, (url: URL) => void, RegExp]>([
    [
      'the server is vouched for by another authority',
      (url) =>
        url.searchParams.set('sslrootcert', file('other.pem', certificateAuthority('somebody else').certificate)),
      /the server could not be verified: /,
    ],
    [
      'the authority is not a public one',
      (url) => url.searchParams.set('sslrootcert', 'system'),
      /the server could not be verified: /,
    ],
    [
      'the certificate names another host',
      (url) => {
        url.hostname = '127.0.0.1';
      },
      /the server could not be verified: .*cert/,
    ],
    [
      'the password is wrong',
      (url) => {
        url.password = 'guessed-wrong';
      },
      /role 'auditor' was refused: password authentication failed/,
    ],
    [
      'the role may not connect',
      (url) => {
        url.pathname = '/closed';
      },
      /role 'auditor' was refused: permission denied for database/,
    ],
    [
      'there is no such database',
      (url) => {
        url.pathname = '/nothing';
      },
      /there is no such database/,
    ],
    [
      'nobody answers',
      (url) => {
        url.port = '1';
      },
      /no session could be opened: .*ECONNREFUSED/,
    ],
  ])('fails where %s', async (_, change, words) => {
    // Must not help: an environment that switches verification off
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    const opening = openDatabase({ url: address(change) });
    await expect(opening).rejects.toThrow(InputError);
    await expect(opening).rejects.toThrow(words);
    await expect(opening).rejects.not.toThrow(/only@for|guessed-wrong/);
  });

  test('fails where the server speaks no TLS', async () => {
    // The answer of PostgreSQL to whoever asks for TLS that it does not have
    const plain = createServer((socket) => socket.once('data', () => socket.end('N')));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const at = plain.address();
    const url = address((each) => {
      each.port = String(typeof at === 'object' ? at?.port : 0);
    });
    await expect(openDatabase({ url })).rejects.toThrow(/no session could be opened: The server does not support SSL/);
    plain.close();
  });
});
