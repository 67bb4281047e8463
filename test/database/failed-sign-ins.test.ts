import { Template } from 'aws-cdk-lib/assertions';
import type pg from 'pg';
import { linePattern } from '../../policies/controls/detection/line-pattern';
import { databaseLines } from '../../policies/controls/detection/refused-lines';
import { environment } from '../stacks/synthesize';
import { type PostgresServer, startPostgres } from './postgres-server';

jest.setTimeout(60_000);

const stage = environment();
const [parameters] = Object.values(Template.fromStack(stage.data).findResources('AWS::RDS::DBClusterParameterGroup'));
const patterns = Object.values(Template.fromStack(stage.detection).findResources('AWS::Logs::MetricFilter'))
  .map(({ Properties }) => String(Properties.FilterPattern))
  .filter((pattern) => pattern.includes('FATAL'));
const isCounted = linePattern(patterns[0] ?? '') ?? (() => false);

let server: PostgresServer;

beforeAll(async () => {
  const all = Object.entries<string>(parameters?.Properties.Parameters);
  server = await startPostgres({
    settings: {
      ...Object.fromEntries(all.filter(([name]) => name.startsWith('log_'))),
      // RDS has this one prefix unless it is told otherwise
      log_line_prefix: '%t:%r:%u@%d:[%p]:',
    },
  });
  const client = await server.connect();
  await client.query(`CREATE ROLE clinic LOGIN PASSWORD 'clinic'; CREATE ROLE folder NOLOGIN PASSWORD 'folder';
    CREATE TABLE client (id int PRIMARY KEY)`);
  await client.query('CREATE DATABASE other');
  await client.query('REVOKE CONNECT ON DATABASE other FROM PUBLIC');
  await client.end();
});

afterAll(() => server.stop());

/** What the server writes while something happens; a line may come after the answer. */
async function written(happens: () => Promise<unknown>): Promise<readonly string[]> {
  const before = server.log().length;
  await happens();
  await new Promise((resolve) => setTimeout(resolve, 200));
  return server.log().slice(before).split('\n').filter(Boolean);
}

const refused = (over: pg.ClientConfig) => expect(server.connect('postgres', over)).rejects.toThrow();

test('there is one pattern, and CloudWatch would read it', () => {
  expect(patterns).toHaveLength(1);
  expect(linePattern(patterns[0] ?? '')).toBeDefined();
  expect(patterns[0]?.length).toBeLessThanOrEqual(1024);
});

test.each<[string, pg.ClientConfig]>([
  ['a wrong password', { user: 'clinic', password: 'guessed' }],
  ['a user that does not exist', { user: 'intruder', password: 'guessed' }],
  ['a session without encryption', { user: 'clinic', password: 'clinic', ssl: false }],
  ['a role that may not sign in', { user: 'folder', password: 'folder' }],
  ['a database of somebody else', { user: 'clinic', password: 'clinic', database: 'other' }],
  ['a database that does not exist', { user: 'clinic', password: 'clinic', database: 'nowhere' }],
])('%s is one line that is counted', async (_name, over) => {
  const lines = await written(() => refused(over));
  expect(lines.filter(isCounted)).toEqual([expect.stringMatching(/^\S+ \S+ UTC:127\.0\.0\.1\(\d+\):.*:FATAL: {2}/)]);
});

test('a session that does its work, and one that makes mistakes, write nothing that is counted', async () => {
  const lines = await written(async () => {
    const client = await server.connect('postgres', { user: 'clinic', password: 'clinic' });
    await expect(client.query('SELECT * FROM client')).rejects.toThrow('permission denied');
    await expect(client.query('DROP ROLE nobody_at_all')).rejects.toThrow();
    await expect(client.query('SET ROLE nobody_at_all')).rejects.toThrow('does not exist');
    await client.end();
    const owner = await server.connect();
    await owner.query('INSERT INTO client VALUES (1)');
    await expect(owner.query('INSERT INTO client VALUES (1)')).rejects.toThrow('duplicate key');
    await expect(owner.query('DROP ROLE nobody_at_all')).rejects.toThrow('does not exist');
    await owner.end();
  });
  for (const words of ['connection received', 'connection authorized', 'disconnection', 'ERROR:']) {
    expect(lines).toContainEqual(expect.stringContaining(words));
  }
  expect(lines.filter(isCounted)).toEqual([]);
});

test('a session that is ended by the administrator is no sign-in that failed', async () => {
  const lines = await written(async () => {
    const idle = await server.connect('postgres', { user: 'clinic', password: 'clinic' });
    const owner = await server.connect();
    await owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'clinic'`);
    await owner.end();
    await idle.end().catch(() => undefined);
  });
  expect(lines).toContainEqual(expect.stringContaining('FATAL:  terminating connection'));
  expect(lines.filter(isCounted)).toEqual([]);
});

test.each(databaseLines.refused.map(({ what, line }) => [what, line]))(
  'the pattern counts %s of RDS',
  (_what, line) => {
    expect(isCounted(line)).toBe(true);
  },
);

test.each(databaseLines.ordinary.map(({ what, line }) => [what, line]))('and not %s', (_what, line) => {
  expect(isCounted(line)).toBe(false);
});
