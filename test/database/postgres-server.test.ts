import { readFileSync } from 'node:fs';
import pg from 'pg';
import { certificateAuthority } from './certificates';
import { type PostgresServer, startPostgres } from './postgres-server';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
}, 30_000);

afterAll(() => server.stop());

test('a session that verifies the server is encrypted', async () => {
  const client = await server.connect();
  const { rows } = await client.query('SELECT ssl, version FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  expect(rows).toEqual([{ ssl: true, version: expect.stringMatching(/^TLSv1\.[23]$/) }]);
  await client.end();
});

test('its address verifies the server too', async () => {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  expect(readFileSync(/sslrootcert=(.*)$/.exec(server.url('postgres'))?.[1] ?? '', 'utf8')).toBe(server.ca);
  await client.end();
});

test.each([
  ['of another authority', { ssl: { ca: certificateAuthority('somebody else').certificate } }, /self-signed|unable to/],
  ['for another host', { host: '127.0.0.1' }, /not in the cert's list|Hostname\/IP does not match/],
  ['behind no TLS at all', { ssl: false }, /no pg_hba.conf entry/],
] as const)('fails for a server certificate %s', async (_, over, words) => {
  await expect(server.connect('postgres', over)).rejects.toThrow(words);
});
